using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Writes Arrow IPC, uncompressed.</summary>
internal sealed class ArrowWriter : FormatWriter
{
    private readonly Stream _stream;
    private readonly ArrowStreamWriter _writer;
    private bool _isStarted;

    public ArrowWriter(Stream stream, DataType schema, ArrowLayout layout)
        : base(schema)
    {
        _stream = stream;
        bool isFile = layout == ArrowLayout.File || (layout == ArrowLayout.Automatic && stream.CanSeek);
        Schema arrowSchema = ArrowTypes.ToSchema(schema);
        _writer = isFile
            ? new ArrowFileWriter(stream, arrowSchema, leaveOpen: true)
            : new ArrowStreamWriter(stream, arrowSchema, leaveOpen: true);
    }

    public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await _writer.WriteRecordBatchAsync(batch, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        await StartAsync(cancellationToken).ConfigureAwait(false);
        await _writer.WriteEndAsync(cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        _writer.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask StartAsync(CancellationToken cancellationToken)
    {
        if (!_isStarted)
        {
            _isStarted = true;
            await _writer.WriteStartAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
