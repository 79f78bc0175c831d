using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Ipc;

namespace Polder.Files.Native;

/// <summary>
/// Batches by Arrow's C stream interface: to native code in this process (DuckDB, ADBC drivers, Python) without
/// serialising them. https://arrow.apache.org/docs/format/CStreamInterface.html
/// </summary>
public static class ArrowStreamExport
{
    /// <summary>Fills a stream; whoever gets it calls its <c>release</c>, which ends the enumeration.</summary>
    /// <param name="batches">What the consumer pulls, batch by batch, on its own thread.</param>
    /// <param name="schema">The columns of every batch.</param>
    /// <param name="stream">
    /// The address of a C <c>ArrowArrayStream</c> of the consumer, as
    /// <c>CArrowArrayStream.Create()</c> makes one; what it held before is overwritten.
    /// </param>
    /// <exception cref="ArgumentException">The address is null.</exception>
    public static unsafe void Export(IAsyncEnumerable<RecordBatch> batches, Schema schema, nint stream)
    {
        ArgumentNullException.ThrowIfNull(batches);
        ArgumentNullException.ThrowIfNull(schema);
        if (stream == 0)
        {
            throw new ArgumentException("the address of an ArrowArrayStream is needed", nameof(stream));
        }

        // Benefit: the interface is a C struct, there is no other way in. Sound because: Apache.Arrow writes that
        // struct and nothing else; that it is one is the caller's word, as everywhere with this interface.
        CArrowArrayStreamExporter.ExportArrayStream(new BatchStream(batches, schema), (CArrowArrayStream*)stream);
    }

    private sealed class BatchStream(IAsyncEnumerable<RecordBatch> batches, Schema schema) : IArrowArrayStream
    {
        private readonly IAsyncEnumerator<RecordBatch> _batches = batches.GetAsyncEnumerator();

        public Schema Schema { get; } = schema;

        public async ValueTask<RecordBatch?> ReadNextRecordBatchAsync(CancellationToken cancellationToken = default) =>
            await _batches.MoveNextAsync().ConfigureAwait(false) ? _batches.Current : null;

        // The C interface has no other way to wait: its callers are native and synchronous.
        public void Dispose() => _batches.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
