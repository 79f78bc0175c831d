using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>However a version is come by, it is the same.</summary>
public sealed class RandomLogTests
{
    private const int Versions = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Every_legal_starting_point_gives_the_same_snapshot(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        RandomLog log = new(seed, Versions);
        Random random = new(seed);
        for (int round = 0; round < 5; round++)
        {
            MemoryStore store = new();
            List<string> layout = [];
            long first = 0;
            for (long version = 0; version < Versions; version++)
            {
                await log.PutCommitAsync(store, version);
                if (random.Next(15) == 0)
                {
                    layout.Add($"{version}: {await log.PutCheckpointAsync(store, version)}");
                    first = random.Next(2) == 0 ? version : first;
                }

                if (random.Next(20) == 0 && version > 4)
                {
                    long start = random.NextInt64(version - 3);
                    await log.PutCompactionAsync(store, start, version);
                    layout.Add($"{start}-{version} compacted");
                }
            }

            for (long version = 0; version <= first && first > 0; version++)
            {
                // The log was cleaned up, perhaps only partly.
                if (random.Next(4) > 0)
                {
                    await store.DeleteAsync(LogPath.ForCommit(version));
                }
            }

            string description = $"seed {seed}, round {round}: {string.Join(", ", layout)}, cleaned below {first}";
            DeltaTable table = await DeltaTable.OpenAsync(store, Engines[random.Next(Engines.Length)]);
            AssertSame(log, await table.SnapshotAsync(), description);
            long old = random.NextInt64(long.Max(first, 1), Versions);
            AssertSame(log, await table.SnapshotAsync(old), description);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public async Task Refreshing_from_any_version_gives_what_opening_gives(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        RandomLog log = new(seed, Versions);
        Random random = new(seed);
        for (int round = 0; round < 2; round++)
        {
            MemoryStore store = new();
            long version = 0;
            await log.PutCommitAsync(store, version);
            while (version < Versions / 3)
            {
                await log.PutCommitAsync(store, ++version);
            }

            if (random.Next(2) == 0)
            {
                await log.PutCheckpointAsync(store, version);
            }

            DeltaTable table = await DeltaTable.OpenAsync(store, Engines[random.Next(Engines.Length)]);
            List<Snapshot> seen = [];
            while (version < Versions - 1)
            {
                for (int step = random.Next(1, 5); step > 0 && version < Versions - 1; step--)
                {
                    await log.PutCommitAsync(store, ++version);
                }

                Snapshot snapshot = await table.SnapshotAsync();
                string description = $"seed {seed}, round {round}, version {version}";
                AssertSame(log, snapshot, description);
                seen.Add(snapshot);
                Snapshot opened = await (await DeltaTable.OpenAsync(store)).SnapshotAsync();
                int bound = random.Next(1000);
                Assert.Equal(await PruneAsync(opened, bound), await PruneAsync(snapshot, bound));
            }

            // What came later has changed nothing of what was seen before.
            foreach (Snapshot snapshot in seen)
            {
                AssertSame(log, snapshot, $"seed {seed}, round {round}, again");
            }
        }
    }

    private static Engine[] Engines { get; } =
    [
        new Engine(), new Engine(new EngineOptions { Limits = new Limits { StatisticsMemory = 0 } }),
    ];

    private static void AssertSame(RandomLog log, Snapshot snapshot, string description)
    {
        RandomLog.State expected = log[snapshot.Version];
        List<DeltaAction> actions =
        [
            snapshot.State.Protocol, snapshot.State.Metadata,
            .. snapshot.State.Transactions.Values, .. snapshot.State.Domains.Values,
            .. snapshot.State.Tombstones.Find(snapshot.State.Files, snapshot.Locator.Store.Root),
        ];
        List<AddFile> files =
            [.. Enumerable.Range(0, snapshot.FileCount).Select(snapshot.State.Files.GetAction)];

        // Statistics that are left where they lie are looked at by pruning.
        Assert.True(
            Format(expected.Files.Values) == Format(files), $"{description}: files of version {snapshot.Version}");
        Assert.True(
            RandomLog.State.Format(expected.Table.Concat(expected.Tombstones.Values)) ==
            RandomLog.State.Format(actions), $"{description}: version {snapshot.Version}");
        Assert.Equal(expected.Files.Values.Sum(file => file.SizeBytes), snapshot.SizeBytes);
        Assert.Equal(
            expected.Files.Values.Sum(file => 9 - (file.DeletionVector?.Cardinality ?? 0)), snapshot.RowCount);
    }

    private static string Format(IEnumerable<AddFile> files) =>
        RandomLog.State.Format(files.Select(file => file with { Stats = null }));

    private static async Task<List<string>> PruneAsync(Snapshot snapshot, int bound)
    {
        IReadOnlyList<ScannedFile> files =
            await snapshot.Scan().Where($"id >= {bound} AND id < {bound + 100}").ListFilesAsync();
        return [.. files.Select(file => $"{file.File.Path} {file.SkippedBy}").Order(StringComparer.Ordinal)];
    }
}
