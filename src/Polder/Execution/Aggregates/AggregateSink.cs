using System;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Aggregates;

/// <summary>
/// Hash aggregation. Every morsel is aggregated on its own and the states are merged in the order of morsels, so that
/// sums of floating point numbers, too, are the same whatever the number of workers.
/// </summary>
internal sealed class AggregateSink(AggregatePlan plan, MemoryBudget memory) : Sink
{
    private const string OperatorName = "Aggregate";

    private readonly MemoryAccount _account = new(memory, OperatorName);
    private AggregateState _state = new(plan);
    private bool _isEmpty = true;

    /// <summary>The complete state.</summary>
    public AggregateState State => _state;

    public override SinkPart CreatePart() => new Part(plan, new MemoryAccount(memory, OperatorName));

    public override void Combine(SinkPart part)
    {
        Part collected = (Part)part;
        collected.Account.Release();
        if (_isEmpty)
        {
            _state = collected.State;
            _isEmpty = false;
        }
        else
        {
            _state.Merge(collected.State);
        }

        _account.Set(_state.SizeBytes);
    }

    public override void Complete() => _state.Complete();

    private sealed class Part(AggregatePlan plan, MemoryAccount account) : SinkPart
    {
        private int[] _groups = [];

        public AggregateState State { get; } = new(plan);

        public MemoryAccount Account { get; } = account;

        public override void Push(Chunk chunk)
        {
            bool hasKeys = plan.Keys.Length > 0;
            if (hasKeys)
            {
                if (_groups.Length < chunk.RowCount)
                {
                    _groups = new int[chunk.RowCount];
                }

                State.Locate(chunk.Evaluate(plan.Keys), _groups.AsSpan(0, chunk.RowCount));
            }

            ReadOnlySpan<int> ids = hasKeys ? _groups.AsSpan(0, chunk.RowCount) : [];
            RowGroups groups = hasKeys ? RowGroups.Of(ids) : RowGroups.Single(chunk.RowCount);
            IArrowArray[] arguments = chunk.Evaluate(plan.Arguments);
            for (int index = 0; index < plan.Tasks.Count; index++)
            {
                AggregateTask task = plan.Tasks[index];
                Accumulator accumulator = State.Accumulated[index];
                if (task.Filter is not null)
                {
                    AddFiltered(task, chunk, ids, accumulator);
                }
                else
                {
                    accumulator.Add(
                        System.Array.ConvertAll(task.ArgumentIndexes, argument => arguments[argument]), groups);
                }
            }

            Account.Set(State.SizeBytes);
        }

        public override void Complete() => plan.ExpectedGroupCount = State.GroupCount;

        private static void AddFiltered(
            AggregateTask task, Chunk chunk, ReadOnlySpan<int> ids, Accumulator accumulator)
        {
            Chunk passing = new(chunk.Batch, task.Filter!.Filter(chunk.Batch, chunk.Rows));
            if (passing.RowCount > 0)
            {
                accumulator.Add(passing.Evaluate(task.FilteredArguments), ids.IsEmpty
                    ? RowGroups.Single(passing.RowCount)
                    : RowGroups.Of(PassingIds(chunk.Rows, passing.Rows, ids)));
            }
        }

        // Ids are by position among the chunk's rows; both selections ascend.
        private static int[] PassingIds(Selection all, Selection passing, ReadOnlySpan<int> ids)
        {
            ReadOnlySpan<int> allRows = all.Rows;
            ReadOnlySpan<int> rows = passing.Rows;
            int[] passingIds = new int[rows.Length];
            int position = 0;
            for (int index = 0; index < rows.Length; index++)
            {
                while (allRows[position] != rows[index])
                {
                    position++;
                }

                passingIds[index] = ids[position];
            }

            return passingIds;
        }
    }
}
