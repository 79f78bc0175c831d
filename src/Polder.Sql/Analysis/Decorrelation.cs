using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// A subquery without references to the query around it, and the condition under which its rows belong to a row of
/// that query. Conditions that refer outwards are pulled up out of filters and joins; out of an aggregate as
/// equalities, whose inner sides become group keys. Any other correlation is refused.
/// </summary>
internal sealed class Decorrelation
{
    private readonly ColumnIds _ids;
    private readonly TextSpan _span;
    private readonly HashSet<int> _outer;

    private Decorrelation(LogicalPlan plan, ColumnIds ids, TextSpan span)
    {
        _ids = ids;
        _span = span;
        _outer = OuterIds(plan);
        Plan = plan;
    }

    /// <summary>The subquery, yielding at least its own columns and those of the condition.</summary>
    public LogicalPlan Plan { get; private set; }

    /// <summary>The ids of the outer query's columns that the subquery refers to.</summary>
    public IReadOnlySet<int> References => _outer;

    /// <summary>Over the columns of both queries; null where every row belongs to every row.</summary>
    public Expression? Condition { get; private set; }

    /// <summary>A subquery of EXISTS or IN.</summary>
    public static Decorrelation Of(LogicalPlan plan, ColumnIds ids, TextSpan span)
    {
        Decorrelation result = new(plan, ids, span);
        if (result._outer.Count > 0 && plan.Nodes().Any(node => node is LogicalAggregate { Keys.Count: 0 }))
        {
            // It has a row also where nothing belongs to it, which a join would not find.
            throw result.NotYet("an aggregate in a correlated EXISTS or IN");
        }

        result.PullUp();
        return result;
    }

    /// <summary>A subquery that stands for a value, and that value over the columns of its plan.</summary>
    public static (Decorrelation Query, Expression Value) OfValue(LogicalPlan plan, ColumnIds ids, TextSpan span)
    {
        Decorrelation result = new(plan, ids, span);
        if (result._outer.Count > 0 &&
            plan is LogicalProject { Input: LogicalAggregate { Keys.Count: 0 } aggregate } top)
        {
            // Where nothing belongs to a row, counts are 0 and all other aggregates NULL: as the join gives it, once
            // the counts are mended and what is computed from them is computed above the join.
            result.Plan = aggregate;
            result.PullUp();
            Dictionary<int, Expression> values = aggregate.Calls.ToDictionary(
                call => call.Column.Id, call => Mended(call));
            return (result, ColumnUse.Substitute(top.Items[0].Value, values));
        }

        if (result._outer.Count > 0 && plan.Nodes().Any(node => node is LogicalAggregate { Keys.Count: 0 }))
        {
            throw result.NotYet("this aggregate in a correlated subquery");
        }

        LogicalColumn column = plan.Output[0];
        result.PullUp();
        return (result, new ColumnReference(column.Id, column.Name, column.Type, true, span));
    }

    private static Expression Mended(ComputedColumn call)
    {
        ColumnReference nullable = new(call.Column.Id, call.Column.Name, call.Column.Type, true);
        return call.Value is AggregateCall { Function: AggregateFunction.Count }
            ? new Call(Function.Coalesce, [nullable, new Literal(0L, DataType.Long)], DataType.Long, false)
            : nullable;
    }

    private static HashSet<int> OuterIds(LogicalPlan plan)
    {
        HashSet<int> produced = [];
        HashSet<int> used = [];
        foreach (LogicalPlan node in plan.Nodes())
        {
            produced.UnionWith(ColumnUse.OutputOf(node));
            foreach (Expression expression in node.Expressions)
            {
                ColumnUse.AddTo(used, expression);
            }
        }

        used.ExceptWith(produced);
        return used;
    }

    private QueryException NotYet(string what) => QueryException.NotYet(what, _span);

    private void PullUp()
    {
        if (_outer.Count > 0)
        {
            (Plan, List<Expression> conditions) = Pull(Plan);
            Condition = Conjunction.Of(conditions);
        }
    }

    private bool IsCorrelated(Expression expression) => ColumnUse.Of(expression).Overlaps(_outer);

    private (LogicalPlan Plan, List<Expression> Conditions) Pull(LogicalPlan plan)
    {
        if (OuterIds(plan).Count == 0)
        {
            return (plan, []);
        }

        switch (plan)
        {
            case LogicalFilter filter:
                (LogicalPlan input, List<Expression> conditions) = Pull(filter.Input);
                ILookup<bool, Expression> parts = Conjunction.Split(filter.Predicate).ToLookup(IsCorrelated);
                conditions.AddRange(parts[true]);
                return (Conjunction.Filter(input, parts[false]), conditions);
            case LogicalProject project when !project.Expressions.Any(IsCorrelated):
                return PullThroughProject(project);
            case LogicalAggregate aggregate when !aggregate.Expressions.Any(IsCorrelated):
                return PullThroughAggregate(aggregate);
            case LogicalSort sort when !sort.Expressions.Any(IsCorrelated):
                return Pull(sort.Input);
            case LogicalJoin { Kind: LogicalJoinKind.Inner } join:
                (LogicalPlan left, List<Expression> fromLeft) = Pull(join.Left);
                (LogicalPlan right, List<Expression> fromRight) = Pull(join.Right);
                ILookup<bool, Expression> on = Conjunction.Split(join.Condition).ToLookup(IsCorrelated);
                return (
                    new LogicalJoin(left, right, join.Kind, Conjunction.Of(on[false])),
                    [.. fromLeft, .. fromRight, .. on[true]]);
            case LogicalJoin join when join.Kind is not (LogicalJoinKind.RightOuter or LogicalJoinKind.FullOuter) &&
                !join.Expressions.Any(IsCorrelated) && OuterIds(join.Right).Count == 0:
                (LogicalPlan kept, List<Expression> pulled) = Pull(join.Left);
                return (join.WithInputs([kept, join.Right]), pulled);
            default:
                throw NotYet("a subquery correlated in this way");
        }
    }

    private (LogicalPlan Plan, List<Expression> Conditions) PullThroughProject(LogicalProject project)
    {
        (LogicalPlan input, List<Expression> conditions) = Pull(project.Input);
        HashSet<int> needed = [.. conditions.SelectMany(ColumnUse.Of)];
        HashSet<int> present = ColumnUse.OutputOf(project);
        IEnumerable<ComputedColumn> added = input.Output
            .Where(column => needed.Contains(column.Id) && !present.Contains(column.Id))
            .Select(column => new ComputedColumn(column, column.Reference()));
        return (new LogicalProject(input, [.. project.Items, .. added]), conditions);
    }

    private (LogicalPlan Plan, List<Expression> Conditions) PullThroughAggregate(LogicalAggregate aggregate)
    {
        (LogicalPlan input, List<Expression> conditions) = Pull(aggregate.Input);
        List<ComputedColumn> keys = [.. aggregate.Keys];
        List<Expression> equalities = [];
        foreach (Expression condition in conditions)
        {
            if (condition is not Call { Function: Function.Equal or Function.NullSafeEqual } call ||
                InnerSide(call) is not int inner)
            {
                throw NotYet("a subquery correlated by other than equality below an aggregate");
            }

            Expression key = call.Children[inner];
            LogicalColumn column = _ids.New("key", key.Type, key.Nullable);
            keys.Add(new ComputedColumn(column, key));
            Expression[] sides = [.. call.Children];
            sides[inner] = column.Reference(key.Span);
            equalities.Add(call.WithChildren(sides));
        }

        return (new LogicalAggregate(input, keys, aggregate.Calls), equalities);
    }

    // The side of an equality that refers to the subquery alone, where the other refers to the outer query alone.
    private int? InnerSide(Call equality)
    {
        HashSet<int> left = ColumnUse.Of(equality.Children[0]);
        HashSet<int> right = ColumnUse.Of(equality.Children[1]);
        return !left.Overlaps(_outer) && right.IsSubsetOf(_outer) ? 0
            : !right.Overlaps(_outer) && left.IsSubsetOf(_outer) ? 1
            : null;
    }
}
