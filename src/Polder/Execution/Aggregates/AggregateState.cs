using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Aggregates;

/// <summary>The groups seen so far and the state of every aggregate for each.</summary>
internal sealed class AggregateState
{
    private readonly AggregatePlan _plan;
    private readonly KeyTable? _keys;
    private readonly Accumulator[] _accumulators;

    public AggregateState(AggregatePlan plan)
    {
        _plan = plan;
        _keys = plan.Keys.Length > 0 ? new KeyTable(plan.KeyTypes, plan.ExpectedGroupCount) : null;
        _accumulators = [.. plan.Tasks.Select(task => Accumulators.Create(task.Call))];
        Resize();
    }

    /// <summary>Number of groups; without keys always one.</summary>
    public int GroupCount => _keys?.Count ?? 1;

    public long SizeBytes => (_keys?.SizeBytes ?? 0) + _accumulators.Sum(accumulator => accumulator.SizeBytes);

    /// <summary>The accumulator of each call.</summary>
    public IReadOnlyList<Accumulator> Accumulated => _accumulators;

    /// <summary>Finds the groups of rows, adding new ones, and makes room for them.</summary>
    public void Locate(IReadOnlyList<IArrowArray> keys, Span<int> groups)
    {
        if (_keys is not null)
        {
            _keys.FindOrAdd(keys, groups);
            Resize();
        }
    }

    /// <summary>Takes in what later rows gave.</summary>
    public void Merge(AggregateState later)
    {
        int[] groups = new int[later.GroupCount];
        for (int start = 0; _keys is not null && start < groups.Length; start += Chunk.MaxRows)
        {
            int count = int.Min(Chunk.MaxRows, groups.Length - start);
            _keys.FindOrAdd(later._keys!.Build(start, count), groups.AsSpan(start, count));
        }

        Resize();
        for (int index = 0; index < _accumulators.Length; index++)
        {
            _accumulators[index].Merge(later._accumulators[index], groups);
        }
    }

    /// <summary>Ends the taking in.</summary>
    public void Complete()
    {
        foreach (Accumulator accumulator in _accumulators)
        {
            accumulator.Complete();
        }
    }

    /// <summary>The rows of a run of groups.</summary>
    public RecordBatch Build(Schema schema, int start, int count)
    {
        IEnumerable<IArrowArray> keys = _keys?.Build(start, count) ?? [];
        return new RecordBatch(
            schema, keys.Concat(_accumulators.Select(accumulator => accumulator.Build(start, count))), count);
    }

    private void Resize()
    {
        foreach (Accumulator accumulator in _accumulators)
        {
            accumulator.Resize(GroupCount);
        }
    }
}
