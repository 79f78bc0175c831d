using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Expressions;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Following a table: steps, tokens, waiting, ending.</summary>
public sealed class FollowTests
{
    private static readonly FollowOptions ToTheEnd = new() { StopsAtLatest = true };

    private readonly ManualTime _time = new();
    private readonly MemoryStore _store;
    private readonly Engine _engine;

    public FollowTests()
    {
        _store = new MemoryStore(_time);
        _engine = new Engine(new EngineOptions { Time = _time });
    }

    [Fact]
    public async Task Beginning_is_the_newest_version_whole_and_then_each_later_one()
    {
        DeltaTable table = await MakeAsync(loads: 2);

        List<ChangeSet> steps = await table.FollowAsync(FollowToken.Beginning, ToTheEnd).ToListAsync();
        await table.AppendAsync(TestRows.Numbered(20, 1));
        List<ChangeSet> later = await table.FollowAsync(steps[^1].Token, ToTheEnd).ToListAsync();

        ChangeSet first = Assert.Single(steps);
        Assert.True(first.IsSnapshot);
        Assert.Equal(2, first.Version);
        Assert.Equal(["0", "10", "11", "1"], await IdsAsync(first));
        ChangeSet next = Assert.Single(later);
        Assert.Equal((3, false), (next.Version, next.IsSnapshot));
        Assert.Equal(
            ["""{"id":20,"_change_type":"insert","_commit_version":3}"""],
            await RowLines.ReadAsync(next.Scan().Select("id", "_change_type", "_commit_version")));
    }

    [Fact]
    public async Task Token_kept_as_text_goes_on_with_the_first_step_that_was_not_given()
    {
        DeltaTable table = await MakeAsync(loads: 4);
        List<string> whole = [], piecemeal = [];
        await foreach (ChangeSet step in table.FollowAsync(FollowToken.From(0), ToTheEnd))
        {
            whole.AddRange(await IdsAsync(step));
        }

        string token = FollowToken.From(0).ToString();
        while (await table.FollowAsync(FollowToken.Parse(token), ToTheEnd).FirstOrDefaultAsync() is ChangeSet step)
        {
            piecemeal.AddRange(await IdsAsync(step));
            token = step.Token.ToString();
        }

        Assert.Equal(8, whole.Count);
        Assert.Equal(whole, piecemeal);
        Assert.Throws<FormatException>(() => FollowToken.Parse("1:2:x:c:id"));
        Assert.Throws<FormatException>(() => FollowToken.Parse("1:-1:0:c:"));
    }

    [Theory]
    [InlineData(1, long.MaxValue, 4)]
    [InlineData(int.MaxValue, 1, 4)]
    [InlineData(3, long.MaxValue, 2)]
    public async Task Steps_are_as_small_as_asked_for(int files, long bytes, int stepCount)
    {
        DeltaTable table = await MakeAsync(loads: 4);
        FollowOptions options = new() { StopsAtLatest = true, MaximumFiles = files, MaximumBytes = bytes };
        List<string> ids = [];
        int steps = 0;
        FollowToken token = FollowToken.Beginning;
        while (await table.FollowAsync(token, options).FirstOrDefaultAsync() is ChangeSet step)
        {
            Assert.True(step.IsSnapshot);
            ids.AddRange(await IdsAsync(step));
            token = FollowToken.Parse(step.Token.ToString());
            steps++;
        }

        Assert.Equal(stepCount, steps);
        Assert.Equal(8, ids.Distinct().Count());
        Assert.Equal(8, ids.Count);
    }

    [Fact]
    public async Task New_version_is_given_after_the_interval_by_the_engines_clock()
    {
        DeltaTable table = await MakeAsync(loads: 1);
        FollowOptions options = new() { PollInterval = TimeSpan.FromMinutes(5) };
        await using IAsyncEnumerator<ChangeSet> steps =
            table.FollowAsync(FollowToken.From(2), options).GetAsyncEnumerator();

        Task<bool> next = steps.MoveNextAsync().AsTask();
        await _time.WaitForTimerAsync();
        await table.AppendAsync(TestRows.Numbered(50, 1));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(next.IsCompleted);
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await next);
        Assert.Equal(["50"], await IdsAsync(steps.Current));
    }

    [Fact]
    public async Task Waiting_ends_when_cancelled()
    {
        DeltaTable table = await MakeAsync(loads: 1);
        using CancellationTokenSource cancellation = new();
        await using IAsyncEnumerator<ChangeSet> steps =
            table.FollowAsync(FollowToken.From(9), cancellation.Token).GetAsyncEnumerator();
        Task<bool> next = steps.MoveNextAsync().AsTask();
        await _time.WaitForTimerAsync();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
    }

    [Fact]
    public async Task Maintenance_has_no_step()
    {
        DeltaTable table = await MakeAsync(loads: 1);
        AddFile file = Last(await table.SnapshotAsync());
        await LogFiles.PutAsync(
            _store,
            2,
            new RemoveFile { Path = file.Path, DataChange = false, SizeBytes = file.SizeBytes },
            file with { Path = "b.parquet" });
        await LogFiles.PutAsync(_store, 3, new SetTransaction("app", 1, null));
        await table.AppendAsync(TestRows.Numbered(50, 1));

        List<ChangeSet> steps = await table.FollowAsync(FollowToken.From(2), ToTheEnd).ToListAsync();

        Assert.Equal([4], steps.Select(step => step.Version));
    }

    [Fact]
    public async Task Rewritten_files_without_recorded_changes_are_refused_left_out_or_given_whole()
    {
        DeltaTable table = await MakeAsync(loads: 1);
        await table.OverwriteAsync(TestRows.Numbered(1, 2));
        await table.AppendAsync(TestRows.Numbered(50, 1));

        QueryException error = await Assert.ThrowsAsync<QueryException>(
            async () => await table.FollowAsync(FollowToken.From(1), ToTheEnd).ToListAsync());
        List<ChangeSet> appends = await table.FollowAsync(
            FollowToken.From(1), new FollowOptions { StopsAtLatest = true, AppendsOnly = true }).ToListAsync();
        List<ChangeSet> whole = await table.FollowAsync(
            FollowToken.From(1), new FollowOptions { StopsAtLatest = true, WholeFiles = true }).ToListAsync();

        Assert.Equal("DELTA_MISSING_CHANGE_DATA", error.Condition);
        Assert.Equal([1, 3], appends.Select(step => step.Version));
        Assert.Equal([1, 2, 3], whole.Select(step => step.Version));
        Assert.Equal(
            [
                """{"id":0,"_change_type":"delete"}""", """{"id":1,"_change_type":"delete"}""",
                """{"id":1,"_change_type":"insert"}""", """{"id":2,"_change_type":"insert"}""",
            ],
            await RowLines.ReadAsync(whole[1].Scan().Select("id", "_change_type")));
    }

    [Fact]
    public async Task Steps_of_a_recorded_feed_are_the_feed()
    {
        DeltaTable table = await DeltaTable.OpenAsync(Corpus.Path("corpus", "delta", "spark4", "dv-cdf"));
        List<string> steps = [];
        await foreach (ChangeSet step in table.FollowAsync(FollowToken.From(0), ToTheEnd))
        {
            steps.AddRange(await RowLines.ReadAsync(step.Scan()));
        }

        steps.Sort(StringComparer.Ordinal);
        Assert.Equal(await RowLines.ReadAsync(await table.ChangesAsync(0)), steps);
    }

    [Fact]
    public async Task Commit_that_is_gone_and_a_table_that_was_replaced_are_named()
    {
        DeltaTable table = await MakeAsync(loads: 12);
        Assert.True(await _store.HeadAsync(new("_delta_log/00000000000000000010.checkpoint.parquet")) is not null);
        await _store.DeleteAsync(new("_delta_log/00000000000000000003.json"));

        VersionNotFoundException gone = await Assert.ThrowsAsync<VersionNotFoundException>(
            async () => await table.FollowAsync(FollowToken.From(3), ToTheEnd).ToListAsync());
        QueryException other = await Assert.ThrowsAsync<QueryException>(async () => await table
            .FollowAsync(FollowToken.Parse("1:4:0:c:another"), ToTheEnd).ToListAsync());

        Assert.Contains("version 3", gone.Message, StringComparison.Ordinal);
        Assert.Equal("DIFFERENT_DELTA_TABLE_READ_BY_STREAMING_SOURCE", other.Condition);
    }

    private static AddFile Last(Snapshot snapshot) => snapshot.State.Files.GetAction(snapshot.FileCount - 1);

    private async Task<DeltaTable> MakeAsync(int loads)
    {
        DeltaTable table = await DeltaTable.CreateAsync(_store, LogFiles.Schema, engine: _engine);
        for (int load = 0; load < loads; load++)
        {
            await table.AppendAsync(TestRows.Numbered(10 * load, 2));
        }

        return table;
    }

    private static async Task<List<string>> IdsAsync(ChangeSet step) =>
        [.. (await RowLines.ReadAsync(step.Scan().Select("id"))).Select(line => line[6..^1])];

    /// <summary>A clock that stands until it is moved on.</summary>
    private sealed class ManualTime : TimeProvider
    {
        private readonly List<ManualTimer> _timers = [];
        private readonly Channel<bool> _started = Channel.CreateUnbounded<bool>();
        private DateTimeOffset _now = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            ManualTimer timer = new(() => callback(state), _now + dueTime, period == Timeout.InfiniteTimeSpan);
            if (period == Timeout.InfiniteTimeSpan)
            {
                lock (_timers)
                {
                    _timers.Add(timer);
                }

                _started.Writer.TryWrite(true);
            }

            return timer;
        }

        public async Task WaitForTimerAsync() => await _started.Reader.ReadAsync();

        public void Advance(TimeSpan time)
        {
            _now += time;
            List<ManualTimer> due;
            lock (_timers)
            {
                due = _timers.FindAll(timer => timer.Due <= _now);
                _timers.RemoveAll(timer => timer.Due <= _now);
            }

            due.ForEach(timer => timer.Fire());
        }
    }

    private sealed class ManualTimer(Action fire, DateTimeOffset due, bool isOnce) : ITimer
    {
        private bool _isDisposed;

        public DateTimeOffset Due => due;

        public void Fire()
        {
            if (!_isDisposed && isOnce)
            {
                fire();
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => _isDisposed = true;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
