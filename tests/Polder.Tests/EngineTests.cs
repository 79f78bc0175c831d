using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Delta;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Storage;
using Xunit;

namespace Polder.Tests;

public sealed class EngineTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("id", DataType.Long), new StructField("name", DataType.String));

    [Fact]
    public void Append_scan_and_a_lost_race_on_one_thread_leave_the_same_trace_twice()
    {
        List<string> first = RunOnce(out int jobCount);
        List<string> second = RunOnce(out _);
        Assert.Equal(first, second);
        Assert.True(jobCount > 0, "no job ran on the engine's scheduler");
        Assert.Contains(first, line => line.Contains("00002.json Create", StringComparison.Ordinal) &&
            line.EndsWith("AlreadyExists", StringComparison.Ordinal));
        Assert.Contains("rows 30", first);
        Assert.Contains("rented 0", first);
    }

    [Fact]
    public void Two_engines_with_one_seed_name_things_alike()
    {
        Engine first = new(new EngineOptions { Seed = 5 });
        Engine second = new(new EngineOptions { Seed = 5 });
        Assert.Equal(first.NextId(), second.NextId());
        Assert.Equal(first.NextRandom(1000), second.NextRandom(1000));
        Assert.NotEqual(new Engine().NextId(), new Engine().NextId());
    }

    private static List<string> RunOnce(out int jobCount)
    {
        SingleThreadScheduler scheduler = new();
        StoppedClock clock = new();
        BufferAllocator allocator = BufferAllocator.CreatePool(16 << 20, 4 << 20);
        Engine engine = new(new EngineOptions
        {
            Scheduler = scheduler,
            Parallelism = 2,
            Seed = 42,
            Time = clock,
            Allocator = allocator,
        });
        TracingStore store = new(new MemoryStore(clock), scheduler.AssertOnThread);
        scheduler.Run(() => ScenarioAsync(engine, store));
        jobCount = scheduler.JobCount;
        store.Trace.Add(string.Create(CultureInfo.InvariantCulture, $"rented {allocator.RentedBytes}"));
        return store.Trace;
    }

    private static async Task ScenarioAsync(Engine engine, TracingStore store)
    {
        DeltaTable table = await DeltaTable.CreateAsync(store, Schema, engine: engine);
        await table.AppendAsync(Rows(0, 10));

        // A rival takes version 2 just before we put it.
        bool raced = false;
        store.BeforePut = async (path, mode) =>
        {
            if (!raced && mode == PutMode.Create && path.Value.EndsWith("00002.json", StringComparison.Ordinal))
            {
                raced = true;
                DeltaTable rival = await DeltaTable.OpenAsync(store, engine);
                await rival.AppendAsync(Rows(100, 10));
            }
        };
        CommitResult result = await table.AppendAsync(Rows(200, 10));
        Assert.Equal(3, result.Version);
        Assert.True(result.Attempts > 1);

        long rowCount = 0;
        await foreach (RecordBatch batch in table.Scan())
        {
            rowCount += batch.Length;
        }

        store.Trace.Add(string.Create(CultureInfo.InvariantCulture, $"rows {rowCount}"));
    }

    private static async IAsyncEnumerable<RecordBatch> Rows(
        long firstId, int count, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ColumnBuilder id = ColumnBuilder.Create(DataType.Long);
        ColumnBuilder name = ColumnBuilder.Create(DataType.String);
        foreach (long value in Enumerable.Range(0, count).Select(offset => firstId + offset))
        {
            id.AppendValue(value);
            name.AppendValue($"row {value}");
        }

        cancellationToken.ThrowIfCancellationRequested();
        yield return new RecordBatch(ArrowTypes.ToSchema(Schema), [id.Build(), name.Build()], count);
        await Task.CompletedTask;
    }

    /// <summary>Every reading is a second after the one before.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        private long _readings;

        public override DateTimeOffset GetUtcNow() =>
            new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(_readings++);
    }
}
