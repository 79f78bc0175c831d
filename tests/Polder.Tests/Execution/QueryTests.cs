using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;
using Xunit;
using static Polder.Tests.Execution.Make;

namespace Polder.Tests.Execution;

public sealed class QueryTests
{
    private static readonly DataType Schema = TestRows.SchemaOf(("a", DataType.Integer), ("b", DataType.String));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(100, 3)]
    [InlineData(8192, 1)]
    [InlineData(20_000, 1)]
    public async Task Filter_and_project_keep_the_order_of_rows(int batchRows, int batchesPerMorsel)
    {
        TestRows rows = MakeRows(batchRows == 1 ? 300 : 20_000);
        FilterNode filter = new(rows.Scan(batchRows, batchesPerMorsel), Less(rows.Column("a"), Int(50)));
        ProjectNode plan = new(filter, [rows.Column("b"), rows.Column("a"), Int(7)], ["b", "a", "seven"]);

        Assert.Equal(
            rows.Values.Where(row => row[0] is < 50).Select(row => TestRows.Text([row[1], row[0], 7])),
            await TestRows.RunEverywhereAsync(plan));
    }

    [Fact]
    public async Task A_union_is_one_input_after_the_other()
    {
        TestRows first = MakeRows(2500);
        TestRows second = MakeRows(1500);
        FilterNode filtered = new(second.Scan(), Less(second.Column("a"), Int(20)));
        UnionNode union = new([first.Scan(), filtered, first.Scan(10)]);
        ProjectNode plan = new(union, [first.Column("b")], ["b"]);

        IEnumerable<object?[]> expected = first.Values
            .Concat(second.Values.Where(row => row[0] is < 20))
            .Concat(first.Values);
        Assert.Equal(expected.Select(row => TestRows.Text([row[1]])), await TestRows.RunEverywhereAsync(plan));
    }

    [Theory]
    [InlineData(10L, 0)]
    [InlineData(0L, 0)]
    [InlineData(2500L, 1200)]
    [InlineData(null, 4990)]
    [InlineData(long.MaxValue, 4990)]
    [InlineData(10L, 6000)]
    public async Task A_limit_takes_rows_in_order(long? count, long offset)
    {
        TestRows rows = MakeRows(5000);
        int wanted = (int)long.Min(count ?? 5000, 5000);
        string[] expected = [.. rows.Values.Skip((int)offset).Take(wanted).Select(row => TestRows.Text([row[0]]))];
        ProjectNode project = new(rows.Scan(), [rows.Column("a")], ["a"]);

        Assert.Equal(expected, await TestRows.RunEverywhereAsync(new LimitNode(project, count, offset)));
        LimitNode below = new(rows.Scan(), count, offset);
        Assert.Equal(expected, await TestRows.RunEverywhereAsync(new ProjectNode(below, [rows.Column("a")], ["a"])));
    }

    [Fact]
    public async Task A_limit_stops_the_scan_and_does_not_compute_what_it_cuts_off()
    {
        TestRows rows = new(
            Schema, [.. Enumerable.Range(0, 50_000).Select(row => (object?[])[row < 100 ? 1 : 0, "x"])]);
        MemorySource source = MemorySource.Of(rows, 100, 5);
        Expression inverse = Call(
            Function.IntegralDivide, DataType.Long, Long(10), new Cast(rows.Column("a"), DataType.Long, true));
        LimitNode plan = new(new ProjectNode(new ScanNode(source), [inverse], ["inverse"]), 100);

        List<object?[]> actual = await TestRows.RunAsync(plan, 2);

        Assert.Equal(100, actual.Count);
        Assert.InRange(source.BatchesRead, 1, 10);
        Assert.Equal(0, source.OpenReaders);
    }

    [Fact]
    public async Task The_error_of_the_earliest_morsel_is_reported()
    {
        for (int round = 0; round < 20; round++)
        {
            TestRows rows = new(
                TestRows.SchemaOf(("a", DataType.Long), ("b", DataType.Long)),
                [.. Enumerable.Range(0, 4000).Select(row =>
                    (object?[])[row == 1500 ? long.MaxValue : 1L, row < 2000 ? 1L : 0L])]);
            Expression sum = Call(Function.Add, DataType.Long, rows.Column("a"), Long(1));
            Expression quotient = Call(Function.IntegralDivide, DataType.Long, Long(1), rows.Column("b"));
            ProjectNode plan = new(rows.Scan(500, 1), [sum, quotient], ["sum", "quotient"]);

            QueryException error = await Assert.ThrowsAsync<QueryException>(() => TestRows.RunAsync(plan, 8));
            Assert.Equal("ARITHMETIC_OVERFLOW", error.Condition);
        }
    }

    [Theory]
    [InlineData("Aggregate")]
    [InlineData("Sort")]
    [InlineData("Join (build side)")]
    [InlineData("Join (full)")]
    public async Task Passing_the_memory_limit_names_the_operator_and_the_limit(string operatorName)
    {
        TestRows rows = new(
            Schema, [.. Enumerable.Range(0, 20_000).Select(row => (object?[])[row, $"a longer text for row {row}"])]);
        ScanNode scan = rows.Scan();
        LimitNode few = new(scan, 400);
        PlanNode plan = operatorName switch
        {
            "Aggregate" => new AggregateNode(scan, [rows.Column("b")], [CountAll()], ["b", "n"]),
            "Sort" => new SortNode(scan, [new SortKey(rows.Column("b"))]),
            "Join (full)" => new JoinNode(few, few, JoinKind.Full, [Int(1)], [Int(1)]),
            _ => new JoinNode(scan, scan, JoinKind.Inner, [rows.Column("a")], [rows.Column("a")]),
        };

        QueryException error = await Assert.ThrowsAsync<QueryException>(() => TestRows.RunAsync(
            plan, 2, new Limits { QueryMemory = 300_000 }));

        Assert.Equal("UNABLE_TO_ACQUIRE_MEMORY", error.Condition);
        Assert.StartsWith(operatorName, error.Message, StringComparison.Ordinal);
        Assert.Contains("Limits.QueryMemory", error.Message, StringComparison.Ordinal);
        Assert.NotEmpty(await TestRows.RunAsync(plan, 2));
    }

    [Fact]
    public async Task Cancellation_leaves_no_reader_open()
    {
        TestRows rows = MakeRows(50_000);
        for (int stopAfter = 0; stopAfter < 12; stopAfter++)
        {
            MemorySource source = MemorySource.Of(rows, 100, 50);
            MemorySource build = MemorySource.Of(rows, 100, 50);
            JoinNode plan = new(
                new ScanNode(source), new ScanNode(build), JoinKind.Inner, [rows.Column("a")], [rows.Column("a")]);
            using CancellationTokenSource cancellation = new();
            int seen = 0;
            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            {
                await foreach (RecordBatch _ in Query.ExecuteAsync(
                    plan, new Engine(new EngineOptions { Parallelism = 4 }), cancellation.Token))
                {
                    if (seen++ == stopAfter)
                    {
                        cancellation.Cancel();
                    }
                }
            });

            Assert.Equal(0, source.OpenReaders);
            Assert.Equal(0, build.OpenReaders);
        }
    }

    [Fact]
    public async Task Leaving_the_enumeration_early_stops_the_readers()
    {
        TestRows rows = MakeRows(50_000);
        MemorySource source = MemorySource.Of(rows, 100, 50);
        await foreach (RecordBatch _ in Query.ExecuteAsync(
            new ScanNode(source), new Engine(new EngineOptions { Parallelism = 4 })))
        {
            break;
        }

        Assert.Equal(0, source.OpenReaders);
        Assert.InRange(source.BatchesRead, 1, 499);
    }

    [Fact]
    public async Task Two_morsels_are_worked_off_at_once()
    {
        TestRows rows = MakeRows(100);
        using Barrier barrier = new(2);
        MeetingSource source = new(rows.ToBatch(0, 100), rows.Schema, barrier);
        AggregateNode aggregate = new(new ScanNode(source), [], [CountAll()], ["n"]);

        Assert.Equal(400, (await TestRows.RunAsync(new ScanNode(source), 2)).Count);
        Assert.Equal([400L], (await TestRows.RunAsync(aggregate, 2))[0]);
    }

    [Fact]
    public void On_one_thread_the_trace_repeats()
    {
        List<string> first = Trace();
        List<string> second = Trace();

        Assert.Equal(first, second);
        Assert.Contains("a: morsel 3 batch 1", first);
        Assert.Contains("c: morsel 2 batch 0", first);
    }

    private static List<string> Trace()
    {
        List<string> trace = [];
        TestRows left = MakeRows(4000);
        TestRows right = new(
            TestRows.SchemaOf(("c", DataType.Integer)),
            [.. Enumerable.Range(0, 3000).Select(row => (object?[])[row])]);
        JoinNode join = new(
            new ScanNode(MemorySource.Of(left, 500, 2, trace)),
            new ScanNode(MemorySource.Of(right, 500, 2, trace)),
            JoinKind.Inner,
            [left.Column("a")],
            [right.Column("c")]);
        AggregateNode counts = new(join, [left.Column("a")], [CountAll()], ["a", "n"]);
        UnionNode plan = new([counts, counts]);
        using OneThread scheduler = new();
        Engine engine = new(new EngineOptions { Scheduler = scheduler, Parallelism = 3 });
        scheduler.Run(async () =>
        {
            await foreach (RecordBatch batch in Query.ExecuteAsync(plan, engine))
            {
                Assert.Equal(Environment.CurrentManagedThreadId, scheduler.ThreadId);
                trace.Add($"{batch.Length} rows");
            }
        });
        return trace;
    }

    private static TestRows MakeRows(int count) => new(
        Schema, [.. Enumerable.Range(0, count).Select(row => (object?[])[row * 7919 % 1000, $"text {row}"])]);

    /// <summary>Four morsels of one batch, each of which waits until another thread reads one too.</summary>
    private sealed class MeetingSource(RecordBatch batch, DataType schema, Barrier barrier) : IBatchSource
    {
        public DataType Schema { get; } = schema;

        public long? RowCountEstimate => null;

        public ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<Morsel>>(
                [.. Enumerable.Range(0, 4).Select(_ => new Meeting(batch, barrier))]);

        private sealed class Meeting(RecordBatch batch, Barrier barrier) : Morsel
        {
            public override async IAsyncEnumerable<RecordBatch> ReadAsync(
                [EnumeratorCancellation] CancellationToken cancellationToken)
            {
                await Task.CompletedTask;
                Assert.True(barrier.SignalAndWait(TimeSpan.FromSeconds(20), cancellationToken), "nobody else came");
                yield return batch;
            }
        }
    }

    /// <summary>Runs every job on the thread that calls <see cref="Run"/>, in the order they were queued.</summary>
    private sealed class OneThread : TaskScheduler, IDisposable
    {
        private readonly BlockingCollection<Task> _queue = [];

        public int ThreadId { get; private set; }

        public void Run(Func<Task> job)
        {
            ThreadId = Environment.CurrentManagedThreadId;
            Task task = Task.Factory.StartNew(
                job, CancellationToken.None, TaskCreationOptions.HideScheduler, this).Unwrap();
            while (!task.IsCompleted)
            {
                Assert.True(_queue.TryTake(out Task? next, TimeSpan.FromSeconds(20)), "nothing left to run");
                TryExecuteTask(next);
            }

            task.GetAwaiter().GetResult();
        }

        public void Dispose() => _queue.Dispose();

        protected override void QueueTask(Task task) => _queue.Add(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

        protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();
    }
}
