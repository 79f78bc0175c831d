using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Moves conditions towards the scans: through projections, sorts, unions and the keys of aggregates, into joins and
/// to their sides. A condition that can fail never passes a join, because below it it would see rows that the join
/// drops; conditions keep their order.
/// </summary>
internal static class PushFilters
{
    /// <summary>The plan with every condition as low as it may go.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) => Push(plan, []);

    private static LogicalPlan Push(LogicalPlan plan, List<Expression> conditions)
    {
        switch (plan)
        {
            case LogicalFilter filter:
                return Push(filter.Input, [.. Conjunction.Split(filter.Predicate), .. conditions]);
            case LogicalProject project:
                Dictionary<int, Expression> values = project.Items.ToDictionary(
                    item => item.Column.Id, item => item.Value);
                return project.WithInputs(
                    [Push(project.Input, [.. conditions.Select(item => ColumnUse.Substitute(item, values))])]);
            case LogicalSort sort:
                return sort.WithInputs([Push(sort.Input, conditions)]);
            case LogicalUnion union:
                return PushThroughUnion(union, conditions);
            case LogicalAggregate aggregate:
                return PushThroughAggregate(aggregate, conditions);
            case LogicalJoin join:
                return PushIntoJoin(join, conditions);
            case LogicalScan scan when conditions.Count > 0:
                Expression? all = Conjunction.Of([.. Conjunction.Split(scan.Predicate), .. conditions]);
                return new LogicalScan(scan.Table, scan.Columns, scan.Fields, all);
            default:
                return Conjunction.Filter(plan.WithInputs([.. plan.Inputs.Select(Apply)]), conditions);
        }
    }

    private static LogicalPlan PushThroughUnion(LogicalUnion union, List<Expression> conditions)
    {
        List<LogicalPlan> inputs = [];
        foreach (LogicalPlan input in union.Inputs)
        {
            Dictionary<int, Expression> columns = union.Output.Zip(input.Output).ToDictionary(
                pair => pair.First.Id, pair => (Expression)pair.Second.Reference());
            inputs.Add(Push(input, [.. conditions.Select(item => ColumnUse.Substitute(item, columns))]));
        }

        return union.WithInputs(inputs);
    }

    private static LogicalPlan PushThroughAggregate(LogicalAggregate aggregate, List<Expression> conditions)
    {
        // Without keys there is a row even where the input has none: a condition must see it.
        Dictionary<int, Expression> keys = aggregate.Keys.ToDictionary(item => item.Column.Id, item => item.Value);
        HashSet<int> ids = [.. keys.Keys];
        List<Expression> below = [];
        List<Expression> above = [];
        foreach (Expression condition in conditions)
        {
            bool moves = keys.Count > 0 && ColumnUse.IsWithin(condition, ids);
            (moves ? below : above).Add(moves ? ColumnUse.Substitute(condition, keys) : condition);
        }

        return Conjunction.Filter(aggregate.WithInputs([Push(aggregate.Input, below)]), above);
    }

    private static LogicalPlan PushIntoJoin(LogicalJoin join, List<Expression> conditions)
    {
        HashSet<int> leftIds = ColumnUse.OutputOf(join.Left);
        HashSet<int> rightIds = ColumnUse.OutputOf(join.Right);
        List<Expression> left = [];
        List<Expression> right = [];
        List<Expression> inside = [];
        List<Expression> above = [];

        // Rows that the join keeps without a match must not lose their chance to be tested above it.
        bool leftTakes = join.Kind is not (LogicalJoinKind.RightOuter or LogicalJoinKind.FullOuter);
        bool rightTakes = join.Kind is LogicalJoinKind.Inner or LogicalJoinKind.RightOuter;
        foreach (Expression condition in conditions)
        {
            bool safe = !Fallibility.CanFail(condition);
            if (safe && leftTakes && ColumnUse.IsWithin(condition, leftIds))
            {
                left.Add(condition);
            }
            else if (safe && rightTakes && ColumnUse.IsWithin(condition, rightIds))
            {
                right.Add(condition);
            }
            else
            {
                (safe && join.Kind == LogicalJoinKind.Inner ? inside : above).Add(condition);
            }
        }

        // A condition of ON over one side filters that side, unless the side's rows survive without a match.
        bool leftFiltered = join.Kind is LogicalJoinKind.Inner or LogicalJoinKind.RightOuter or
            LogicalJoinKind.LeftSemi;
        bool rightFiltered = join.Kind is not (LogicalJoinKind.RightOuter or LogicalJoinKind.FullOuter);
        List<Expression> on = [];
        foreach (Expression condition in Conjunction.Split(join.Condition))
        {
            bool safe = !join.NullAware && !Fallibility.CanFail(condition);
            if (safe && leftFiltered && ColumnUse.IsWithin(condition, leftIds))
            {
                left.Add(condition);
            }
            else if (safe && rightFiltered && ColumnUse.IsWithin(condition, rightIds))
            {
                right.Add(condition);
            }
            else
            {
                on.Add(condition);
            }
        }

        LogicalJoin moved = new(
            Push(join.Left, left),
            Push(join.Right, right),
            join.Kind,
            Conjunction.Of([.. on, .. inside]),
            join.NullAware,
            join.Mark);
        return Conjunction.Filter(moved, above);
    }
}
