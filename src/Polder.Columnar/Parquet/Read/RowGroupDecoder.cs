using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Parquet.Footer;

namespace Polder.Parquet.Read;

/// <summary>
/// Decodes the wanted leaves of one row group into batches. Does no I/O: each leaf's decoder says what bytes it needs.
/// </summary>
internal sealed class RowGroupDecoder : IDisposable
{
    private const string FilterRowIndex = "row index";

    private readonly ScanLeaves _scan;
    private readonly LeafDecoder[] _leaves;
    private readonly bool _hasRowIndex;
    private readonly Schema _schema;

    /// <summary>Makes a decoder.</summary>
    /// <param name="scan">What to read.</param>
    /// <param name="rows">Which rows of the row group, and where its pages stand.</param>
    /// <param name="source">How its bytes come.</param>
    /// <param name="rowIndexColumn">Name of a last column with each row's position in the file; null = none.</param>
    /// <exception cref="CorruptFileException">A chunk does not lie in the file, or its counts contradict.</exception>
    public RowGroupDecoder(ScanLeaves scan, RowGroupRows rows, ChunkSource source, string? rowIndexColumn)
    {
        _scan = scan;
        RowGroup = rows.RowGroup;
        _leaves = new LeafDecoder[scan.Leaves.Count];
        for (int leafIndex = 0; leafIndex < _leaves.Length; leafIndex++)
        {
            _leaves[leafIndex] = LeafDecoder.Create(
                scan.Leaves[leafIndex], RowGroup, source, rows.OffsetIndexes?[leafIndex]);
        }

        _hasRowIndex = rowIndexColumn is not null;
        _schema = rowIndexColumn is null ? scan.Output.Schema : WithRowIndex(scan.Output, rowIndexColumn);
    }

    /// <summary>The row group.</summary>
    public RowGroupMetadata RowGroup { get; }

    /// <summary>The decoders, in the order of <see cref="ScanLeaves.Leaves"/>; threads may each run some.</summary>
    public IReadOnlyList<LeafDecoder> Leaves => _leaves;

    /// <summary>What the filter looks at, of a batch whose early leaves have been decoded.</summary>
    /// <param name="columns">What each leaf gave.</param>
    /// <param name="rows">The rows of the batch.</param>
    /// <param name="withPositions">Whether to add a last column with the rows' positions in the file.</param>
    /// <exception cref="CorruptFileException">Leaves disagree on how their rows nest.</exception>
    public RecordBatch AssembleFilter(IReadOnlyList<LeafColumn> columns, RowRuns rows, bool withPositions)
    {
        ReadPlan plan = _scan.Filter!;
        int rowCount = (int)rows.Count;
        LeafColumn[] leaves = [.. _scan.FilterLeaves.Select(leaf => columns[leaf])];
        List<IArrowArray> arrays =
            [.. plan.Fields.Select(field => ArrowArrayFactory.BuildArray(Assemble(field, leaves, rowCount)))];
        if (withPositions)
        {
            arrays.Add(RowIndexes(BatchRows.All(rows)));
        }

        return new RecordBatch(
            withPositions ? WithRowIndex(plan, FilterRowIndex) : plan.Schema, arrays, rowCount);
    }

    /// <summary>The batch whose leaves have been decoded.</summary>
    /// <param name="columns">What each leaf gave.</param>
    /// <param name="rows">The rows of the batch.</param>
    /// <exception cref="CorruptFileException">Leaves disagree on how their rows nest.</exception>
    public RecordBatch Assemble(IReadOnlyList<LeafColumn> columns, BatchRows rows)
    {
        ReadPlan plan = _scan.Output;
        LeafColumn[] leaves = [.. _scan.OutputLeaves.Select(leaf => columns[leaf])];
        List<IArrowArray> arrays = new(plan.Fields.Count + 1);
        for (int fieldIndex = 0; fieldIndex < plan.Fields.Count; fieldIndex++)
        {
            (RowRuns decoded, Selection kept) = _scan.IsEarly(fieldIndex)
                ? (rows.Early, rows.Kept)
                : (rows.Late, rows.KeptOfLate);
            ArrayData data = Assemble(plan.Fields[fieldIndex], leaves, (int)decoded.Count);
            arrays.Add(Take.Rows(ArrowArrayFactory.BuildArray(data), kept));
        }

        if (_hasRowIndex)
        {
            arrays.Add(RowIndexes(rows));
        }

        return new RecordBatch(_schema, arrays, rows.Kept.Count);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (LeafDecoder leaf in _leaves)
        {
            leaf.Dispose();
        }
    }

    private static Schema WithRowIndex(ReadPlan plan, string name) => new(
        [.. plan.Schema.FieldsList, new Field(name, ArrowTypes.ToArrow(DataType.Long), nullable: false)],
        plan.Schema.Metadata);

    private ArrayData Assemble(FieldPlan field, LeafColumn[] leaves, int rowCount)
    {
        ArrayData data;
        try
        {
            data = ArrayAssembler.Assemble(field, leaves);
        }
        catch (CorruptFileException exception)
        {
            throw new CorruptFileException(
                FormattableString.Invariant($"row group {RowGroup.Index}: {exception.Detail}"),
                innerException: exception);
        }

        return data.Length == rowCount ? data : throw new CorruptFileException(FormattableString.Invariant(
            $"row group {RowGroup.Index}: column '{field.Field.Name}' gave {data.Length} ") +
            FormattableString.Invariant($"rows where {rowCount} were due"));
    }

    private Int64Array RowIndexes(BatchRows rows)
    {
        byte[] bytes = new byte[rows.Kept.Count * sizeof(long)];
        Span<long> positions = ByteCast.As<long>(bytes.AsSpan());
        rows.WritePositions(positions);
        foreach (ref long position in positions)
        {
            position += RowGroup.FirstRow;
        }

        return new Int64Array(new ArrowBuffer(bytes), ArrowBuffer.Empty, positions.Length, 0, 0);
    }
}

/// <summary>Which rows of a row group are read.</summary>
/// <param name="RowGroup">The row group.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="OffsetIndexes">
/// By leaf of the scan where its pages stand, null where that is not known; null where nobody asked.
/// </param>
internal sealed record RowGroupRows(RowGroupMetadata RowGroup, RowRuns Rows, OffsetIndex?[]? OffsetIndexes)
{
    /// <summary>What ruled all rows out; null where some are left.</summary>
    public string? SkippedBy { get; init; }

    /// <summary>No rows.</summary>
    public static RowGroupRows Skipped(RowGroupMetadata rowGroup, string by) =>
        new(rowGroup, RowRuns.None, null) { SkippedBy = by };
}
