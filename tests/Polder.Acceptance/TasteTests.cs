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
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Storage;
using Xunit;

namespace Polder.Acceptance;

[PolderRow] public partial record Flight(DateTime Date, string Origin, string Destination, int? Delay);

/// <summary>Code that Polder must make possible, as somebody outside would write it.</summary>
public sealed class TasteTests
{
    [Fact]
    public async Task A_table_is_opened_and_scanned_as_rows_of_an_own_type()
    {
        string folder = Directory.CreateTempSubdirectory("polder-taste-").FullName;
        try
        {
            await FillAsync($"{folder}/flights");
            StringWriter Console = new();
            CancellationToken ct = TestContext.Current.CancellationToken;
            string airport = "SEA";
            DateTime since = new(2001, 3, 1);

            DeltaTable table = await DeltaTable.OpenAsync($"{folder}/flights", ct);
            Snapshot now = await table.SnapshotAsync(ct);
            Console.WriteLine($"v{now.Version}: {now.RowCount:N0} rows in {now.FileCount} files");
            Assert.Equal("v2: 4 rows in 2 files", Take(Console));

            TableScan<Flight> late = table.Scan<Flight>().Where(f => f.Delay > 60 && f.Origin == airport);
            await foreach (Flight flight in late.WithCancellation(ct))
                Console.WriteLine($"{flight.Date:yyyy-MM-dd} {flight.Destination} {flight.Delay}");
            Console.WriteLine(late.Explain());                                    // 1 of 2 files; 1 skipped: …
            await foreach (RecordBatch batch in table.Scan().Select("origin", "delay")
                .Where($"delay > {60} AND date >= {since}"))
                Console.WriteLine(batch.Length);

            Assert.Matches(
                "^2001-03-01 DEN 90\n1 of 2 files; 1 skipped: statistics\\(.*\\); [0-9]+ bytes not read\n1$",
                Take(Console));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Time_travel_differences_and_following_give_changed_rows()
    {
        string folder = Directory.CreateTempSubdirectory("polder-taste-").FullName;
        try
        {
            DeltaTable table = await FillAsync($"{folder}/flights");
            string file = $"{folder}/token";
            StringWriter Console = new();
            CancellationToken ct = TestContext.Current.CancellationToken;

            Snapshot monday = await table.SnapshotAsync(version: 1, ct);
            Snapshot latest = await table.SnapshotAsync(ct);
            await foreach (Change<Flight> change in monday.DiffAsync<Flight>(latest, ct))
                Console.WriteLine($"{change.Kind} {change.Row.Origin} {change.Version}");
            Assert.Equal("Insert DEN 2\nInsert DEN 2", Take(Console));

            FollowToken token = File.Exists(file) ? FollowToken.Parse(File.ReadAllText(file)) : FollowToken.Beginning;
            FollowOptions options = new() { StopsAtLatest = true };
            await foreach (ChangeSet<Flight> step in table.FollowAsync<Flight>(token, options, ct))
            {
                await foreach (Change<Flight> change in step.WithCancellation(ct))
                    Console.WriteLine($"{step.Version} {change.Kind} {change.Row.Origin}");
                await File.WriteAllTextAsync(file, step.Token.ToString(), ct);
            }

            // The files of a version come in no order that anybody promised.
            Assert.Equal(
                ["2 Insert DEN", "2 Insert DEN", "2 Insert SEA", "2 Insert SEA"], Take(Console).Split('\n').Order());
            Assert.True(File.Exists(file));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

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

    private static string Take(StringWriter console)
    {
        string text = console.ToString().ReplaceLineEndings("\n").TrimEnd('\n');
        console.GetStringBuilder().Clear();
        return text;
    }

    private static async Task<DeltaTable> FillAsync(string path)
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Flight>(path);
        await table.AppendAsync<Flight>(
            [new(new DateTime(2001, 3, 1), "SEA", "DEN", 90), new(new DateTime(2001, 3, 2), "SEA", "SFO", null)]);
        await table.AppendAsync<Flight>(
            [new(new DateTime(2001, 3, 1), "DEN", "SEA", 10), new(new DateTime(2001, 3, 2), "DEN", "SFO", 20)]);
        return table;
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
