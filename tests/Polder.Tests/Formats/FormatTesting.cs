using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Formats;

namespace Polder.Tests.Formats;

/// <summary>Reads small inputs through a stream that cannot seek and hands out few bytes at a time.</summary>
internal static class FormatTesting
{
    public static async Task<(string Schema, string[] Rows)> ReadAsync(
        string text, RowFormat format, FormatReadOptions? options = null, int chunkBytes = 7) =>
        await ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), format, options, chunkBytes);

    public static async Task<(string Schema, string[] Rows)> ReadAsync(
        Stream stream, RowFormat format, FormatReadOptions? options = null, int chunkBytes = 7)
    {
        await using FormatReader reader =
            await FormatReader.OpenAsync(new TricklingStream(stream, chunkBytes), format, options);
        List<string> rows = [];
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            rows.AddRange(ToJson(batch, reader));
        }

        return (SchemaText.Format(reader.Schema), [.. rows]);
    }

    public static async Task<InputFormatException> FailAsync(
        string text, RowFormat format, FormatReadOptions? options = null) =>
        await Xunit.Assert.ThrowsAsync<InputFormatException>(
            () => ReadAsync(text, format, options, text.Length > 10_000 ? 5000 : 7));

    public static IEnumerable<string> ToJson(RecordBatch batch, FormatReader reader) =>
        Enumerable.Range(0, batch.Length).Select(row =>
        {
            using MemoryStream buffer = new();
            using (Utf8JsonWriter writer = new(buffer, RowJson.WriterOptions))
            {
                RowJson.WriteRow(writer, batch, reader.Schema, row);
            }

            return Encoding.UTF8.GetString(buffer.ToArray());
        });
}

/// <summary>A stream that gives at most so many bytes a read and cannot seek, as a pipe.</summary>
internal sealed class TricklingStream(Stream inner, int chunkBytes) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        inner.Read(buffer, offset, int.Min(count, chunkBytes));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask;
        return await inner.ReadAsync(buffer[..int.Min(buffer.Length, chunkBytes)], cancellationToken);
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
