using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Expressions;
using Polder.Storage.Memory;
using Polder.Tests.Storage;
using Xunit;

namespace Polder.Tests.Delta;

[PolderRow]
public partial record Numbered([PolderColumn("id")] long? Id, [PolderColumn("s")] string? Text);

/// <summary>The rows in which two snapshots differ: as a full comparison finds them, while less is read.</summary>
public sealed class DiffTests
{
    private readonly MemoryStore _memory = new();

    [Fact]
    public async Task Differences_are_those_of_a_full_comparison_on_recorded_histories()
    {
        using AbsolutePaths paths = new();
        List<string> offences = [];
        int compared = 0, changed = 0;
        IEnumerable<CorpusTable> recorded = CorpusTable.LoadAll().Where(
            item => item.Name.StartsWith("spark4/", StringComparison.Ordinal) && item.Expect == "ok");
        foreach (CorpusTable corpus in recorded)
        {
            try
            {
                DeltaTable table = await DeltaTable.OpenAsync(corpus.Folder);
                Snapshot to = await table.SnapshotAsync();
                long[] others = [0, to.Version / 2, long.Max(to.Version - 1, 0)];
                foreach (long version in others.Distinct())
                {
                    Snapshot from = await table.SnapshotAsync(version);
                    if (from.SchemaText != to.SchemaText || from.RowCount > 20_000 || to.RowCount > 20_000)
                    {
                        continue;
                    }

                    string? offence = await CompareAsync(from, to);
                    compared++;
                    changed += offence == "" ? 1 : 0;
                    if (offence is { Length: > 0 })
                    {
                        offences.Add($"{corpus.Name} {version}-{to.Version}: {offence}");
                    }
                }
            }
            catch (Exception exception) when (exception is VersionNotFoundException or CorruptFileException)
            {
                // A version that was vacuumed or cleaned away.
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{compared} pairs compared, {changed} of them differ");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(compared > 100 && changed > 50, $"only {compared} pairs, {changed} of them differ");
    }

    [Fact]
    public async Task Differences_are_those_of_a_full_comparison_on_random_histories()
    {
        const int seed = 20261126;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        for (int round = 0; round < 12; round++)
        {
            DeltaTable table = await DeltaTable.CreateAsync(new MemoryStore(), LogFiles.Schema);
            List<object?[]> rows = [];
            for (int step = 0; step < 8; step++)
            {
                object?[][] added = [.. Enumerable.Range(0, random.Next(1, 6)).Select(_ => new object?[]
                {
                    random.Next(6) == 0 ? null : (long)random.Next(9),
                    random.Next(6) == 0 ? null : $"s{random.Next(3)}",
                })];
                if (random.Next(3) > 0)
                {
                    rows.AddRange(added);
                    await table.AppendAsync(TestRows.Stream(LogFiles.Schema, added));
                }
                else
                {
                    // A rewrite that keeps most rows, in another order.
                    rows = [.. rows.Where(_ => random.Next(4) > 0).Reverse(), .. added];
                    await table.OverwriteAsync(TestRows.Stream(LogFiles.Schema, [.. rows]));
                }
            }

            long latest = (await table.SnapshotAsync()).Version;
            for (int pair = 0; pair < 12; pair++)
            {
                Snapshot from = await table.SnapshotAsync(random.NextInt64(latest + 1));
                Snapshot to = await table.SnapshotAsync(random.NextInt64(latest + 1));
                string? offence = await CompareAsync(from, to);
                string where = $"seed {seed}, round {round}, {from.Version}-{to.Version}";
                Assert.True(offence is null or "", $"{where}: {offence}");
                await CheckKeysAsync(from, to, where);
            }
        }
    }

    [Fact]
    public async Task Files_that_both_have_are_not_opened()
    {
        TracingStore store = new(_memory);
        DeltaTable table = await DeltaTable.CreateAsync(store, LogFiles.Schema);
        await table.AppendAsync(TestRows.Numbered(0, 5));
        await table.AppendAsync(TestRows.Numbered(5, 5));
        Snapshot from = await table.SnapshotAsync();
        await table.AppendAsync(TestRows.Numbered(10, 5));
        Snapshot to = await table.SnapshotAsync();
        store.Trace.Clear();

        List<string> lines = await ReadAsync(from, to);

        Assert.Equal(5, lines.Count);
        Assert.All(lines, line => Assert.Contains("\"_change_type\":\"insert\"", line, StringComparison.Ordinal));
        string shared = Assert.Single(
            to.Files.Select(file => file.Path).Except(from.Files.Select(file => file.Path)));
        Assert.NotEmpty(store.Trace);
        Assert.All(store.Trace, operation => Assert.Contains(shared, operation, StringComparison.Ordinal));
        store.Trace.Clear();
        Assert.Empty(await ReadAsync(to, to));
        Assert.Empty(store.Trace);
    }

    [Fact]
    public async Task Rows_of_one_key_are_an_update_and_typed_rows_say_which_version_has_them()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_memory, LogFiles.Schema);
        await table.AppendAsync<Numbered>([new(1, "a"), new(2, "b"), new(3, null)]);
        await table.OverwriteAsync<Numbered>([new(1, "a"), new(2, "B"), new(4, "d")]);
        Snapshot from = await table.SnapshotAsync(version: 1), to = await table.SnapshotAsync();

        List<Change<Numbered>> changes = await from.DiffAsync<Numbered>(to, ["ID"]).ToListAsync();

        Assert.Equal(
            [
                (ChangeKind.UpdatePreimage, new Numbered(2, "b"), 1L), (ChangeKind.Delete, new Numbered(3, null), 1L),
                (ChangeKind.UpdatePostimage, new Numbered(2, "B"), 2L), (ChangeKind.Insert, new Numbered(4, "d"), 2L),
            ],
            changes.Select(change => (change.Kind, change.Row, change.Version)));
        Assert.Equal(
            ["Delete 2", "Delete 3", "Insert 2", "Insert 4"],
            (await from.DiffAsync<Numbered>(to).ToListAsync())
                .Select(change => FormattableString.Invariant($"{change.Kind} {change.Row.Id}")));
    }

    [Fact]
    public async Task Only_chosen_columns_are_compared_and_what_is_wrong_is_said()
    {
        DeltaTable table = await DeltaTable.CreateAsync(_memory, LogFiles.Schema);
        await table.AppendAsync<Numbered>([new(1, "a"), new(2, "b")]);
        await table.OverwriteAsync<Numbered>([new(1, "x"), new(3, "b")]);
        Snapshot from = await table.SnapshotAsync(version: 1), to = await table.SnapshotAsync();
        Assert.Equal(
            ["{\"id\":2,\"_change_type\":\"delete\"}", "{\"id\":3,\"_change_type\":\"insert\"}"],
            await ReadAsync(from, to, new DiffOptions { Columns = ["id"] }));
        Assert.Throws<QueryException>(() => { from.DiffAsync(to, new DiffOptions { Key = ["nowhere"] }); });
        using TemporaryFolder folder = new();
        DeltaTable other = await DeltaTable.CreateAsync(folder["t"], LogFiles.Schema);
        Assert.Throws<ArgumentException>(() => { from.DiffAsync(other.LastSeen); });
    }

    private static async Task<string?> CompareAsync(Snapshot from, Snapshot to)
    {
        List<string> before = await RowLines.ReadAsync(from.Scan()), after = await RowLines.ReadAsync(to.Scan());
        List<string> expected =
        [
            .. Subtract(before, after).Select(line => $"- {line}"),
            .. Subtract(after, before).Select(line => $"+ {line}"),
        ];
        DataType schema = from.DiffSchema(to);
        DataType columns = DataType.Struct([.. schema.Fields.SkipLast(1)]);
        List<string> actual = [];
        await foreach (RecordBatch batch in from.DiffAsync(to))
        {
            StringArray types = (StringArray)batch.Arrays.Last();
            RecordBatch rows = new(
                ArrowTypes.ToSchema(columns), [.. batch.Arrays.SkipLast(1)], batch.Length);
            actual.AddRange(RowLines.Format(rows, columns).Select(
                (line, row) => (types.GetString(row) == "delete" ? "- " : "+ ") + line));
        }

        expected.Sort(StringComparer.Ordinal);
        actual.Sort(StringComparer.Ordinal);
        return expected.SequenceEqual(actual) ? expected.Count == 0 ? null : ""
            : $"{actual.Count} rows, expected {expected.Count}: " +
                string.Join(" ", expected.Except(actual).Concat(actual.Except(expected)).Take(3));
    }

    /// <summary>With a key the rows are the same; they are updates where both sides have the key among them.</summary>
    private static async Task CheckKeysAsync(Snapshot from, Snapshot to, string where)
    {
        List<Change<Numbered>> rows = await from.DiffAsync<Numbered>(to).ToListAsync();
        List<Change<Numbered>> keyed = await from.DiffAsync<Numbered>(to, ["id"]).ToListAsync();
        HashSet<long?> gone = [.. rows.Where(item => item.Kind == ChangeKind.Delete).Select(item => item.Row.Id)];
        HashSet<long?> came = [.. rows.Where(item => item.Kind == ChangeKind.Insert).Select(item => item.Row.Id)];
        Assert.True(rows.Select(item => item.Row).SequenceEqual(keyed.Select(item => item.Row)), where);
        foreach ((Change<Numbered> whole, Change<Numbered> change) in rows.Zip(keyed))
        {
            bool isUpdate = gone.Contains(change.Row.Id) && came.Contains(change.Row.Id);
            ChangeKind expected = (whole.Kind, isUpdate) switch
            {
                (ChangeKind.Delete, true) => ChangeKind.UpdatePreimage,
                (ChangeKind.Insert, true) => ChangeKind.UpdatePostimage,
                _ => whole.Kind,
            };
            Assert.True(expected == change.Kind, $"{where}: {change}, expected {expected}");
        }
    }

    private static IEnumerable<string> Subtract(List<string> rows, List<string> others)
    {
        Dictionary<string, int> counts = others.CountBy(line => line).ToDictionary();
        foreach (string line in rows)
        {
            int count = counts.GetValueOrDefault(line);
            counts[line] = count - 1;
            if (count <= 0)
            {
                yield return line;
            }
        }
    }

    private static async Task<List<string>> ReadAsync(Snapshot from, Snapshot to, DiffOptions? options = null)
    {
        List<string> lines = [];
        await foreach (RecordBatch batch in from.DiffAsync(to, options))
        {
            lines.AddRange(RowLines.Format(batch, from.DiffSchema(to, options)));
        }

        return lines;
    }
}
