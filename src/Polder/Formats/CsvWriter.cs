using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>
/// Writes CSV and TSV as RFC 4180 says, with line feeds. Values have the text of the row encoding, nested ones and
/// variants its JSON. An empty cell is null; an empty string is quoted, so that both come back.
/// </summary>
internal sealed class CsvWriter : FormatWriter
{
    private const int FlushBytes = 256 * 1024;

    private readonly Stream _stream;
    private readonly bool _hasHeader;
    private readonly byte _delimiter;
    private readonly byte[] _nullText;
    private readonly BufferBuilder _buffer = new(FlushBytes);
    private readonly BufferBuilder _cell = new(256);
    private readonly Utf8JsonWriter _json;
    private bool _isStarted;

    public CsvWriter(Stream stream, DataType schema, char delimiter, FormatWriteOptions options)
        : base(schema)
    {
        if (!char.IsAscii(delimiter) || delimiter is '"' or '\r' or '\n')
        {
            throw new ArgumentException("a delimiter is one ASCII character, no quote, no line end", nameof(options));
        }

        _stream = stream;
        _delimiter = (byte)delimiter;
        _hasHeader = options.WriteHeader;
        _nullText = Encoding.UTF8.GetBytes(options.NullText);
        _json = new Utf8JsonWriter(_cell, RowJson.WriterOptions);
    }

    public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken = default)
    {
        WriteHeader();
        for (int row = 0; row < batch.Length; row++)
        {
            for (int columnIndex = 0; columnIndex < Schema.Fields.Count; columnIndex++)
            {
                WriteDelimiter(columnIndex);
                WriteCell(batch.Column(columnIndex).Data, Schema.Fields[columnIndex].Type, row);
            }

            _buffer.Write("\n"u8);
            if (_buffer.Length >= FlushBytes)
            {
                await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
            }
        }

        await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        WriteHeader();
        await FlushAsync(_buffer, _stream, cancellationToken).ConfigureAwait(false);
        await _stream.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override async ValueTask DisposeAsync()
    {
        _json.Reset();
        await _json.DisposeAsync().ConfigureAwait(false);
        _cell.Dispose();
        _buffer.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    private void WriteHeader()
    {
        if (_isStarted || !_hasHeader)
        {
            return;
        }

        _isStarted = true;
        for (int columnIndex = 0; columnIndex < Schema.Fields.Count; columnIndex++)
        {
            WriteDelimiter(columnIndex);
            WriteText(Encoding.UTF8.GetBytes(Schema.Fields[columnIndex].Name));
        }

        _buffer.Write("\n"u8);
    }

    private void WriteDelimiter(int columnIndex)
    {
        if (columnIndex > 0)
        {
            _buffer.Write([_delimiter]);
        }
    }

    private void WriteCell(ArrayData data, DataType type, int row)
    {
        if (Validity.Of(data).IsNull(row))
        {
            _buffer.Write(_nullText);
            return;
        }

        if (type.IsText)
        {
            WriteText(ArrayBuffers.BytesAt(data, row));
            return;
        }

        _cell.Clear();
        _json.Reset();
        RowJson.WriteValue(_json, data, type, row);
        _json.Flush();
        ReadOnlySpan<byte> json = _cell.Span;
        bool isNested = type.IsNested || type.Kind == TypeKind.Variant;

        // What is a JSON string here is plain: numbers, dates, hex and intervals need no escapes.
        WriteText(!isNested && json is [(byte)'"', .., (byte)'"'] ? json[1..^1] : json);
    }

    private void WriteText(ReadOnlySpan<byte> text)
    {
        bool isPlain = !text.IsEmpty && text.IndexOfAny("\"\r\n"u8) < 0 && text.IndexOf(_delimiter) < 0 &&
            !text.SequenceEqual(_nullText) && text[0] != ' ' && text[^1] != ' ';
        if (isPlain)
        {
            _buffer.Write(text);
            return;
        }

        _buffer.Write("\""u8);
        for (int quote = text.IndexOf((byte)'"'); quote >= 0; quote = text.IndexOf((byte)'"'))
        {
            _buffer.Write(text[..(quote + 1)]);
            _buffer.Write("\""u8);
            text = text[(quote + 1)..];
        }

        _buffer.Write(text);
        _buffer.Write("\""u8);
    }
}
