using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;

namespace Polder.Parquet.Read;

/// <summary>
/// Decodes the wanted leaves of one row group into batches. Does no I/O: each leaf's decoder says what bytes it needs.
/// </summary>
internal sealed class RowGroupDecoder : IDisposable
{
    private readonly ReadPlan _plan;
    private readonly LeafDecoder[] _leaves;

    /// <summary>Makes a decoder.</summary>
    /// <param name="plan">What to read.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="source">How its bytes come.</param>
    /// <exception cref="CorruptFileException">A chunk does not lie in the file, or its counts contradict.</exception>
    public RowGroupDecoder(ReadPlan plan, RowGroupMetadata rowGroup, ChunkSource source)
    {
        _plan = plan;
        RowGroup = rowGroup;
        _leaves = [.. plan.Leaves.Select(leaf => LeafDecoder.Create(leaf, rowGroup, source))];
    }

    /// <summary>The row group.</summary>
    public RowGroupMetadata RowGroup { get; }

    /// <summary>The decoders, in the order of <see cref="ReadPlan.Leaves"/>; threads may each run some.</summary>
    public IReadOnlyList<LeafDecoder> Leaves => _leaves;

    /// <summary>The batch whose leaves have been decoded.</summary>
    /// <param name="columns">What each leaf gave.</param>
    /// <param name="rowCount">Rows of the batch.</param>
    /// <exception cref="CorruptFileException">Leaves disagree on how their rows nest.</exception>
    public RecordBatch Assemble(IReadOnlyList<LeafColumn> columns, int rowCount)
    {
        IArrowArray[] arrays = new IArrowArray[_plan.Fields.Count];
        for (int fieldIndex = 0; fieldIndex < arrays.Length; fieldIndex++)
        {
            ArrayData data;
            try
            {
                data = ArrayAssembler.Assemble(_plan.Fields[fieldIndex], columns);
            }
            catch (CorruptFileException exception)
            {
                throw new CorruptFileException(
                    FormattableString.Invariant($"row group {RowGroup.Index}: {exception.Detail}"),
                    innerException: exception);
            }

            if (data.Length != rowCount)
            {
                throw new CorruptFileException(FormattableString.Invariant(
                    $"row group {RowGroup.Index}: column '{_plan.Fields[fieldIndex].Field.Name}' gave {data.Length} ") +
                    FormattableString.Invariant($"rows where {rowCount} were due"));
            }

            arrays[fieldIndex] = ArrowArrayFactory.BuildArray(data);
        }

        return new RecordBatch(_plan.Schema, arrays, rowCount);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (LeafDecoder leaf in _leaves)
        {
            leaf.Dispose();
        }
    }
}
