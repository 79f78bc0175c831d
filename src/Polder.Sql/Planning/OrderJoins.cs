using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Orders runs of inner joins greedily: always the two parts whose join is expected to yield the fewest rows, at a tie
/// the larger part first (left-deep), parts without a common condition last. Of two inputs the smaller becomes the
/// right one, from which the join builds its table.
/// </summary>
internal sealed class OrderJoins
{
    // Beyond so many tables the search takes longer than it can save.
    private const int MaximumParts = 60;

    private readonly List<LogicalPlan> _parts = [];
    private readonly List<Expression> _conditions = [];
    private readonly Dictionary<int, double> _distinct = [];

    private OrderJoins()
    {
    }

    /// <summary>The plan with its inner joins in a cheap order.</summary>
    public static LogicalPlan Apply(LogicalPlan plan)
    {
        if (plan is not LogicalJoin { Kind: LogicalJoinKind.Inner } || !IsFree(plan))
        {
            return plan.WithInputs([.. plan.Inputs.Select(Apply)]);
        }

        OrderJoins order = new();
        order.Collect(plan);
        return order._parts.Count > MaximumParts ? plan : order.Build();
    }

    // A condition that can fail must see the pairs it saw as written.
    private static bool IsFree(LogicalPlan plan) =>
        plan is LogicalJoin { Kind: LogicalJoinKind.Inner } join &&
        !Conjunction.Split(join.Condition).Any(Fallibility.CanFail);

    private void Collect(LogicalPlan plan)
    {
        if (IsFree(plan))
        {
            LogicalJoin join = (LogicalJoin)plan;
            Collect(join.Left);
            Collect(join.Right);
            _conditions.AddRange(Conjunction.Split(join.Condition));
        }
        else
        {
            _parts.Add(Apply(plan));
        }
    }

    private LogicalPlan Build()
    {
        EstimateDistinctValues();
        List<Part> parts = [.. _parts.Select(plan => new Part(plan, RowEstimate.Rows(plan), 1))];
        while (parts.Count > 1)
        {
            (int left, int right, double rows) = Cheapest(parts);
            Part merged = Merge(parts[left], parts[right], rows);
            parts.RemoveAt(right);
            parts[left] = merged;
        }

        return Conjunction.Filter(parts[0].Plan, _conditions);
    }

    // Columns that are equal have at most as many values as the one with the fewest.
    private void EstimateDistinctValues()
    {
        List<HashSet<int>> classes = [];
        foreach (Expression condition in _conditions)
        {
            if (!IsEquality(condition))
            {
                continue;
            }

            HashSet<int> joined = ColumnUse.Of(condition);
            foreach (HashSet<int> other in classes.Where(other => other.Overlaps(joined)).ToList())
            {
                joined.UnionWith(other);
                classes.Remove(other);
            }

            classes.Add(joined);
        }

        foreach (HashSet<int> equal in classes)
        {
            double fewest = equal.Min(id => _parts
                .Where(part => part.Output.Any(column => column.Id == id))
                .Select(part => RowEstimate.DistinctValues(part, id)).DefaultIfEmpty(double.MaxValue).Min());
            foreach (int id in equal)
            {
                _distinct[id] = fewest;
            }
        }
    }

    private static bool IsEquality(Expression condition) =>
        condition is Call { Function: Function.Equal or Function.NullSafeEqual };

    private (int Left, int Right, double Rows) Cheapest(List<Part> parts)
    {
        (int Left, int Right, double Rows) best = (0, 1, 0);
        (bool Crossed, double Rows, int Size) bestCost = (true, double.MaxValue, 0);
        for (int left = 0; left < parts.Count; left++)
        {
            for (int right = left + 1; right < parts.Count; right++)
            {
                (bool connected, double rows) = Estimate(parts[left], parts[right]);
                (bool Crossed, double Rows, int Size) cost = (!connected, rows, -parts[left].Size - parts[right].Size);
                if (cost.CompareTo(bestCost) < 0)
                {
                    bestCost = cost;
                    best = (left, right, rows);
                }
            }
        }

        return best;
    }

    private (bool Connected, double Rows) Estimate(Part left, Part right)
    {
        double rows = left.Rows * right.Rows;
        bool connected = false;
        HashSet<double> seen = [];
        foreach (Expression condition in Between(left, right))
        {
            connected |= IsEquality(condition);
            if (IsEquality(condition))
            {
                double distinct = ColumnUse.Of(condition).Min(id => _distinct.GetValueOrDefault(id, 1));
                rows /= Math.Max(1, seen.Add(distinct) ? distinct : Math.Sqrt(distinct));
            }
            else
            {
                rows *= RowEstimate.Share(condition);
            }
        }

        return (connected, Math.Max(1, rows));
    }

    private IEnumerable<Expression> Between(Part left, Part right) => _conditions.Where(condition =>
        ColumnUse.Of(condition) is HashSet<int> ids && ids.Overlaps(left.Ids) && ids.Overlaps(right.Ids) &&
        ids.All(id => left.Ids.Contains(id) || right.Ids.Contains(id)));

    private Part Merge(Part left, Part right, double rows)
    {
        List<Expression> between = [.. Between(left, right)];
        _conditions.RemoveAll(between.Contains);
        (Part probe, Part build) = left.Rows < right.Rows ? (right, left) : (left, right);
        LogicalJoin join = new(probe.Plan, build.Plan, LogicalJoinKind.Inner, Conjunction.Of(between));
        return new Part(join, rows, left.Size + right.Size);
    }

    private sealed class Part(LogicalPlan plan, double rows, int size)
    {
        public LogicalPlan Plan { get; } = plan;

        public double Rows { get; } = rows;

        public int Size { get; } = size;

        public HashSet<int> Ids { get; } = ColumnUse.OutputOf(plan);
    }
}
