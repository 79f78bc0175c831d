using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Turns an outer join into a stricter one where a condition above it drops every row it would have padded with nulls.
/// That is proven by evaluating the condition with those columns NULL, never guessed from an operator's name.
/// </summary>
internal static class StrengthenJoins
{
    /// <summary>The plan with its outer joins as strict as is proven.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) => plan.TransformUp(node =>
    {
        if (node is not LogicalFilter { Input: LogicalJoin join } filter)
        {
            return node;
        }

        bool dropsNullLeft = Rejects(filter.Predicate, join.Left);
        bool dropsNullRight = Rejects(filter.Predicate, join.Right);
        LogicalJoinKind kind = (join.Kind, dropsNullLeft, dropsNullRight) switch
        {
            (LogicalJoinKind.LeftOuter, _, true) => LogicalJoinKind.Inner,
            (LogicalJoinKind.RightOuter, true, _) => LogicalJoinKind.Inner,
            (LogicalJoinKind.FullOuter, true, true) => LogicalJoinKind.Inner,
            (LogicalJoinKind.FullOuter, true, false) => LogicalJoinKind.LeftOuter,
            (LogicalJoinKind.FullOuter, false, true) => LogicalJoinKind.RightOuter,
            _ => join.Kind,
        };
        return kind == join.Kind
            ? node
            : new LogicalFilter(new LogicalJoin(join.Left, join.Right, kind, join.Condition), filter.Predicate);
    });

    private static bool Rejects(Expression predicate, LogicalPlan side)
    {
        HashSet<int> ids = ColumnUse.OutputOf(side);
        return Conjunction.Split(predicate).Any(condition => IsNeverTrue(condition, ids));
    }

    private static bool IsNeverTrue(Expression expression, HashSet<int> nullIds) => expression switch
    {
        _ when IsNull(expression, nullIds) => true,
        Literal literal => literal.Value is false,
        Call { Function: Function.And } call => call.Children.Any(child => IsNeverTrue(child, nullIds)),
        Call { Function: Function.Or } call => call.Children.All(child => IsNeverTrue(child, nullIds)),
        Call { Function: Function.Not } call => IsTrue(call.Children[0], nullIds),
        Call { Function: Function.IsNotNull } call => IsNull(call.Children[0], nullIds),
        _ => false,
    };

    private static bool IsTrue(Expression expression, HashSet<int> nullIds) => expression switch
    {
        Literal literal => literal.Value is true,
        Call { Function: Function.IsNull } call => IsNull(call.Children[0], nullIds),
        Call { Function: Function.And } call => call.Children.All(child => IsTrue(child, nullIds)),
        Call { Function: Function.Or } call => call.Children.Any(child => IsTrue(child, nullIds)),
        _ => false,
    };

    private static bool IsNull(Expression expression, HashSet<int> nullIds) => expression switch
    {
        ColumnReference reference => nullIds.Contains(reference.Index),
        Literal literal => literal.Value is null,
        FieldAccess access => IsNull(access.Source, nullIds),
        Cast cast => IsNull(cast.Source, nullIds),
        Call { Function: Function.And or Function.Or or Function.Coalesce } call =>
            call.Children.All(child => IsNull(child, nullIds)),
        Call { Function: Function.IsNull or Function.IsNotNull or Function.NullSafeEqual } => false,
        Call { Function: Function.In } call => IsNull(call.Children[0], nullIds),
        Call call => IsStrict(call.Function) && call.Children.Any(child => IsNull(child, nullIds)),
        _ => false,
    };

    // Operators that yield NULL for any NULL operand.
    private static bool IsStrict(Function function) => function is
        Function.Not or Function.Equal or Function.LessThan or Function.LessThanOrEqual or Function.GreaterThan or
        Function.GreaterThanOrEqual or Function.Like or Function.Add or Function.Subtract or Function.Multiply or
        Function.Divide or Function.IntegralDivide or Function.Remainder or Function.Negate or Function.Abs;
}
