using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Copies comparisons with constants across the equal keys of inner joins: <c>a = b AND a &gt; 5</c> gives
/// <c>b &gt; 5</c>, which may skip files of the other table.
/// </summary>
internal static class InferConditions
{
    /// <summary>The plan with inferred conditions beside the joins' own.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) => plan.TransformUp(node =>
        node is LogicalFilter { Input: LogicalJoin { Kind: LogicalJoinKind.Inner } } filter ? Infer(filter) : node);

    private static LogicalFilter Infer(LogicalFilter filter)
    {
        List<Expression> conditions = Conjunction.Split(filter.Predicate);
        List<(ColumnReference Left, ColumnReference Right)> equalities = [];
        foreach (Expression condition in conditions.Concat(JoinConditions(filter.Input)))
        {
            if (condition is Call { Function: Function.Equal } call &&
                call.Children[0] is ColumnReference left && call.Children[1] is ColumnReference right &&
                left.Type.Equals(right.Type))
            {
                equalities.Add((left, right));
            }
        }

        // The list grows while it is read: what is inferred may infer more.
        for (int index = 0; index < conditions.Count; index++)
        {
            if (ComparedColumn(conditions[index]) is not ColumnReference column)
            {
                continue;
            }

            foreach ((ColumnReference left, ColumnReference right) in equalities)
            {
                ColumnReference? other = left.Index == column.Index ? right : right.Index == column.Index ? left : null;
                if (other is not null)
                {
                    Expression inferred = ColumnUse.Substitute(
                        conditions[index], new Dictionary<int, Expression> { [column.Index] = other });
                    if (!conditions.Contains(inferred, ExpressionComparer.Instance))
                    {
                        conditions.Add(inferred);
                    }
                }
            }
        }

        return new LogicalFilter(filter.Input, Conjunction.Of(conditions)!);
    }

    private static IEnumerable<Expression> JoinConditions(LogicalPlan plan) => plan switch
    {
        LogicalJoin { Kind: LogicalJoinKind.Inner } join => Conjunction.Split(join.Condition)
            .Concat(JoinConditions(join.Left)).Concat(JoinConditions(join.Right)),
        LogicalFilter filter => Conjunction.Split(filter.Predicate).Concat(JoinConditions(filter.Input)),
        _ => [],
    };

    private static ColumnReference? ComparedColumn(Expression condition) =>
        condition is Call
        {
            Function: Function.Equal or Function.LessThan or Function.LessThanOrEqual or Function.GreaterThan or
                Function.GreaterThanOrEqual or Function.In,
        } call
            ? call.Children[0] is ColumnReference first && call.Children.Skip(1).All(child => child is Literal)
                ? first
                : call.Children[1] is ColumnReference second && call.Children[0] is Literal && call.Children.Count == 2
                    ? second
                    : null
            : null;
}
