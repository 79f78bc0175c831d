using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Takes conditions common to every branch of an OR out of it, so that a join key hidden in each branch becomes a key,
/// and adds what an OR over several tables implies for one of them alone, so that it can filter that table's scan.
/// </summary>
internal static class FactorDisjunctions
{
    /// <summary>The plan with the ORs of its filters and joins taken apart.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) => plan.TransformUp(node => node switch
    {
        LogicalFilter filter => Conjunction.Filter(filter.Input, Factor(filter.Predicate, Sides(filter.Input))),
        LogicalJoin { Kind: LogicalJoinKind.Inner, Condition: not null } join => new LogicalJoin(
            join.Left, join.Right, join.Kind, Conjunction.Of(Factor(join.Condition, Sides(join)))),
        _ => node,
    });

    private static List<Expression> Factor(Expression predicate, List<HashSet<int>> sides)
    {
        List<Expression> conditions = [];
        foreach (Expression condition in Conjunction.Split(predicate))
        {
            List<Expression> factored = Factor(condition);
            conditions.AddRange(factored);
            foreach (Expression rest in factored)
            {
                conditions.AddRange(sides.Select(side => Implied(rest, side)).OfType<Expression>()
                    .Where(implied => !conditions.Contains(implied, ExpressionComparer.Instance)));
            }
        }

        return conditions;
    }

    private static List<Expression> Factor(Expression condition)
    {
        List<List<Expression>> branches = [.. Conjunction.SplitOr(condition).Select(Conjunction.Split)];
        if (branches.Count < 2)
        {
            return [condition];
        }

        List<Expression> common = [.. branches[0].Where(candidate => !Fallibility.CanFail(candidate) &&
            branches.Skip(1).All(branch => branch.Contains(candidate, ExpressionComparer.Instance)))];
        if (common.Count == 0)
        {
            return [condition];
        }

        List<Expression?> rests = [.. branches.Select(branch => Conjunction.Of(
            branch.Where(item => !common.Contains(item, ExpressionComparer.Instance))))];

        // A branch that is nothing but the common part makes the OR true wherever that part is.
        return rests.Contains(null) ? common : [.. common, Conjunction.OrOf(rests.OfType<Expression>())!];
    }

    private static Expression? Implied(Expression condition, HashSet<int> side)
    {
        List<Expression> branches = Conjunction.SplitOr(condition);
        if (branches.Count < 2 || ColumnUse.IsWithin(condition, side))
        {
            return null;
        }

        List<Expression> parts = [];
        foreach (Expression branch in branches)
        {
            Expression? part = Conjunction.Of(Conjunction.Split(branch).Where(
                item => item is not Literal && ColumnUse.IsWithin(item, side) && !Fallibility.CanFail(item)));
            if (part is null)
            {
                return null;
            }

            parts.Add(part);
        }

        return Conjunction.OrOf(parts);
    }

    // The column sets of the tables below a tree of inner joins.
    private static List<HashSet<int>> Sides(LogicalPlan plan) => plan switch
    {
        LogicalJoin { Kind: LogicalJoinKind.Inner } join => [.. Sides(join.Left), .. Sides(join.Right)],
        LogicalFilter filter => Sides(filter.Input),
        _ => [ColumnUse.OutputOf(plan)],
    };
}
