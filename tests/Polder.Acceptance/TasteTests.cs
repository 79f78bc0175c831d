using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Flat;
using Polder.Storage;
using Xunit;

namespace Polder.Acceptance;

/// <summary>Code that the two foundations must make possible, as somebody outside would write it.</summary>
public sealed class TasteTests
{
    [Fact]
    public async Task Length_prefixed_frames_are_cut_out_of_a_stream_without_a_copy()
    {
        string[] texts =
            [.. Enumerable.Range(0, 500).Select(index => new string((char)('a' + (index % 26)), index * 7))];
        MemoryStream body = new();
        foreach (string text in texts)
        {
            byte[] prefix = new byte[4];
            BinaryPrimitives.WriteInt32BigEndian(prefix, text.Length);
            body.Write(prefix);
            body.Write(Encoding.ASCII.GetBytes(text));
        }

        body.Position = 0;
        Channel<BufferSlice> frames = Channel.CreateUnbounded<BufferSlice>();
        await ReadAsync(body, frames, TestContext.Current.CancellationToken);
        frames.Writer.Complete();
        List<string> read = [];
        await foreach (BufferSlice frame in frames.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            using (frame)
            {
                read.Add(Encoding.ASCII.GetString(frame.Span));
            }
        }

        Assert.Equal(texts, read);
    }

    [Fact]
    public void Paragraphs_sentences_and_words_are_views()
    {
        NestedBuilder<byte> builder = new(DataType.Array(DataType.Array(DataType.String)));
        for (int row = 0; row < 8; row++)
        {
            builder.AppendTexts([["one"], ["two", "words"], [$"last{row}"]]);
        }

        RecordBatch batch = new RecordBatch.Builder().Append("text", true, builder.Build()).Build();
        StringWriter Console = new();

        NestedColumn<byte> text = Nested.Utf8(batch.Column("text"));
        foreach (NestedView<byte> paragraph in text)                          // ref structs: nothing allocated
            foreach (NestedView<byte> sentence in paragraph)
                Console.WriteLine(
                    $"{sentence.Count} words, {sentence.Leaves.Length} of {paragraph.Leaves.Length} bytes");
        ReadOnlySpan<byte> word = text[7][2][0].Leaves;

        Assert.Equal("last7", Encoding.UTF8.GetString(word));
        string[] lines = Console.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(24, lines.Length);
        Assert.Equal("2 words, 8 of 16 bytes", lines[1]);
    }

    private static async Task ReadAsync(Stream stream, Channel<BufferSlice> frames, CancellationToken ct)
    {
        using var incoming = new BufferBuilder(capacity: 64 * 1024);
        while (await incoming.ReadFromAsync(stream, 64 * 1024, ct) > 0)
            while (BinaryPrimitives.TryReadInt32BigEndian(incoming.Span, out int length) &&
                incoming.Length >= 4 + length)
            {
                incoming.Consume(4);
                await frames.Writer.WriteAsync(incoming.SplitTo(length).Freeze(), ct);     // the consumer now owns it
            }
    }
}
