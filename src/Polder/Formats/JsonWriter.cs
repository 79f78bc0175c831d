using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Writes rows as JSON objects, one a line, in the row encoding; as an array or bare.</summary>
internal sealed class JsonWriter : FormatWriter
{
    private const int FlushBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly bool _isArray;
    private readonly BufferBuilder _buffer = new(FlushBytes);
    private readonly Utf8JsonWriter _json;
    private readonly JsonEncodedText[] _names;
    private bool _isStarted;

    public JsonWriter(Stream stream, DataType schema, bool isArray)
        : base(schema)
    {
        _stream = stream;
        _isArray = isArray;
        _json = new Utf8JsonWriter(_buffer, RowJson.WriterOptions);
        _names =
            [.. schema.Fields.Select(field => JsonEncodedText.Encode(field.Name, RowJson.WriterOptions.Encoder))];
    }

    public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        for (int row = 0; row < batch.Length; row++)
        {
            if (_isArray)
            {
                _buffer.Write(_isStarted ? ",\n"u8 : "[\n"u8);
            }

            _isStarted = true;
            _json.Reset();
            RowJson.WriteRow(_json, batch, Schema, _names, row);
            _json.Flush();
            if (!_isArray)
            {
                _buffer.Write("\n"u8);
            }

            if (_buffer.Length >= FlushBytes)
            {
                await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        if (_isArray)
        {
            _buffer.Write(_isStarted ? "\n]\n"u8 : "[]\n"u8);
        }

        await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        _json.Reset();
        await _json.DisposeAsync().ConfigureAwait(false);
        _buffer.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }
}
