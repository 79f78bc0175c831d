using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>Turns a logical plan into the operators that run it; columns get positions instead of ids.</summary>
internal static class PhysicalPlanner
{
    /// <summary>The operators of a plan, which yield exactly its output, in order.</summary>
    public static PlanNode Create(LogicalPlan plan) => plan switch
    {
        LogicalScan scan => CreateScan(scan),
        LogicalValues values => new ValuesNode(ValuesBatch.Create(values), ValuesBatch.SchemaOf(values)),
        LogicalFilter filter => new FilterNode(
            Create(filter.Input), Positions.Of(filter.Input).Bind(filter.Predicate)),
        LogicalProject project => new ProjectNode(
            Create(project.Input), Positions.Of(project.Input).Bind(project.Expressions), NamesOf(project)),
        LogicalAggregate aggregate => CreateAggregate(aggregate),
        LogicalJoin join => CreateJoin(join),
        LogicalSort sort => CreateSort(sort),
        LogicalLimit limit => new LimitNode(Create(limit.Input), limit.Count, limit.Offset),
        LogicalUnion union => new UnionNode([.. union.Inputs.Select(Create)]),
        _ => throw QueryException.NotYet(plan.GetType().Name),
    };

    private static string[] NamesOf(LogicalPlan plan) => [.. plan.Output.Select(column => column.Name)];

    private static PlanNode CreateScan(LogicalScan scan) => scan.Table.CreatePlan(
        scan.Fields, scan.Predicate is null ? null : Positions.Of(scan.Columns).Bind(scan.Predicate));

    private static AggregateNode CreateAggregate(LogicalAggregate aggregate)
    {
        Positions input = Positions.Of(aggregate.Input);
        return new AggregateNode(
            Create(aggregate.Input),
            [.. aggregate.Keys.Select(key => input.Bind(key.Value))],
            [.. aggregate.Calls.Select(call => (AggregateCall)input.Bind(call.Value))],
            NamesOf(aggregate));
    }

    private static SortNode CreateSort(LogicalSort sort)
    {
        Positions input = Positions.Of(sort.Input);
        return new SortNode(
            Create(sort.Input),
            [.. sort.Keys.Select(key => new SortKey(input.Bind(key.Value), key.Descending, key.NullsFirst))]);
    }

    private static JoinNode CreateJoin(LogicalJoin join)
    {
        HashSet<int> leftIds = ColumnUse.OutputOf(join.Left);
        HashSet<int> rightIds = ColumnUse.OutputOf(join.Right);
        Positions left = Positions.Of(join.Left);
        Positions right = Positions.Of(join.Right);
        List<Expression> leftKeys = [];
        List<Expression> rightKeys = [];
        List<bool> nullSafe = [];
        List<Expression> residual = [];
        foreach (Expression condition in Conjunction.Split(join.Condition))
        {
            if (condition is Call { Function: Function.Equal or Function.NullSafeEqual } call &&
                SidesOf(call, leftIds, rightIds) is (Expression leftKey, Expression rightKey) &&
                !(join.NullAware && (Fallibility.CanFail(leftKey) || Fallibility.CanFail(rightKey))))
            {
                leftKeys.Add(left.Bind(leftKey));
                rightKeys.Add(right.Bind(rightKey));
                nullSafe.Add(call.Function == Function.NullSafeEqual);
            }
            else
            {
                residual.Add(join.NullAware ? OrNull(condition) : condition);
            }
        }

        Expression? rest = Conjunction.Of(residual);
        return new JoinNode(
            Create(join.Left),
            Create(join.Right),
            KindOf(join.Kind),
            leftKeys,
            rightKeys,
            rest is null ? null : Positions.Of(join.Left, join.Right).Bind(rest),
            nullSafe,
            join.NullAware && leftKeys.Count > 0);
    }

    // What is no pair of keys is tested pair by pair: NOT IN is not TRUE where the comparison is NULL.
    private static Call OrNull(Expression condition) => new(
        Function.Or,
        [condition, new Call(Function.IsNull, [condition], DataType.Boolean, false, condition.Span)],
        DataType.Boolean,
        true,
        condition.Span);

    private static (Expression Left, Expression Right)? SidesOf(
        Call equality, HashSet<int> leftIds, HashSet<int> rightIds)
    {
        Expression first = equality.Children[0];
        Expression second = equality.Children[1];
        if (first is Literal || second is Literal || !first.Type.Equals(second.Type))
        {
            return null;
        }

        return ColumnUse.IsWithin(first, leftIds) && ColumnUse.IsWithin(second, rightIds) ? (first, second)
            : ColumnUse.IsWithin(second, leftIds) && ColumnUse.IsWithin(first, rightIds) ? (second, first)
            : null;
    }

    private static JoinKind KindOf(LogicalJoinKind kind) => kind switch
    {
        LogicalJoinKind.Inner => JoinKind.Inner,
        LogicalJoinKind.LeftOuter => JoinKind.Left,
        LogicalJoinKind.RightOuter => JoinKind.Right,
        LogicalJoinKind.FullOuter => JoinKind.Full,
        LogicalJoinKind.LeftSemi => JoinKind.LeftSemi,
        LogicalJoinKind.LeftAnti => JoinKind.LeftAnti,
        LogicalJoinKind.LeftMark => JoinKind.LeftMark,
        _ => JoinKind.LeftSingle,
    };
}
