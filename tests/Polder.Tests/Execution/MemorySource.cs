using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution;

namespace Polder.Tests.Execution;

/// <summary>Batches in memory, some to a morsel; notes which morsels and batches were read, in order.</summary>
internal sealed class MemorySource(
    DataType schema, IReadOnlyList<IReadOnlyList<RecordBatch>> morsels, List<string>? trace = null) : IBatchSource
{
    private int _openReaders;
    private int _batchesRead;

    public DataType Schema { get; } = schema;

    public long? RowCountEstimate => null;

    /// <summary>Readers that were begun and not disposed.</summary>
    public int OpenReaders => Volatile.Read(ref _openReaders);

    public int BatchesRead => Volatile.Read(ref _batchesRead);

    public ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Morsel>>([.. morsels.Select((_, number) => new Part(this, number))]);

    /// <summary>Rows cut into batches and those into morsels.</summary>
    public static MemorySource Of(
        TestRows rows, int batchRows = 1000, int batchesPerMorsel = 2, List<string>? trace = null)
    {
        List<RecordBatch> batches = [];
        for (int start = 0; start < rows.Values.Count; start += batchRows)
        {
            batches.Add(rows.ToBatch(start, int.Min(batchRows, rows.Values.Count - start)));
        }

        return new MemorySource(rows.Schema, [.. batches.Chunk(batchesPerMorsel)], trace);
    }

    private void Note(string line)
    {
        if (trace is not null)
        {
            lock (trace)
            {
                trace.Add(line);
            }
        }
    }

    private sealed class Part(MemorySource source, int number) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref source._openReaders);
            try
            {
                source.Note($"{source.Schema.Fields[0].Name}: morsel {number}");
                IReadOnlyList<RecordBatch> batches = source.Batches(number);
                for (int index = 0; index < batches.Count; index++)
                {
                    await Task.CompletedTask;
                    cancellationToken.ThrowIfCancellationRequested();
                    source.Note($"{source.Schema.Fields[0].Name}: morsel {number} batch {index}");
                    Interlocked.Increment(ref source._batchesRead);
                    yield return batches[index];
                }
            }
            finally
            {
                Interlocked.Decrement(ref source._openReaders);
            }
        }
    }

    private IReadOnlyList<RecordBatch> Batches(int number) => morsels[number];
}
