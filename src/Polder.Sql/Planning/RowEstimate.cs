using System;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Guesses of how many rows a plan yields, from the tables' row counts. Only the order and the sides of joins depend
/// on them, never a result.
/// </summary>
internal static class RowEstimate
{
    private const double UnknownTable = 100_000;
    private const double EqualityShare = 0.05;
    private const double RangeShare = 0.3;
    private const double OtherShare = 0.25;

    /// <summary>Rows of the table that a scan reads, before any condition.</summary>
    public static double TableRows(LogicalScan scan) => Math.Max(1, scan.Table.RowCount ?? UnknownTable);

    /// <summary>Rows a plan yields.</summary>
    public static double Rows(LogicalPlan plan) => plan switch
    {
        LogicalScan scan => Math.Max(1, TableRows(scan) * Share(scan.Predicate)),
        LogicalValues values => Math.Max(1, values.Rows.Count),
        LogicalFilter filter => Math.Max(1, Rows(filter.Input) * Share(filter.Predicate)),
        LogicalAggregate aggregate => aggregate.Keys.Count == 0 ? 1 : Math.Max(1, Rows(aggregate.Input) / 4),
        LogicalLimit limit => Math.Min(limit.Count ?? double.MaxValue, Rows(limit.Input)),
        LogicalUnion union => union.Inputs.Sum(Rows),
        LogicalJoin join => JoinRows(join),
        _ => plan.Inputs.Count == 0 ? 1 : Rows(plan.Inputs[0]),
    };

    /// <summary>Distinct values that a column may have: the rows of the table it comes from.</summary>
    public static double DistinctValues(LogicalPlan plan, int columnId) =>
        TableRowsOf(plan, columnId) ?? Rows(plan);

    // Rows of the table that a column comes from; null for a computed one.
    private static double? TableRowsOf(LogicalPlan plan, int columnId)
    {
        foreach (LogicalPlan node in plan.Nodes())
        {
            if (node is LogicalScan scan && scan.Columns.Any(column => column.Id == columnId))
            {
                return TableRows(scan);
            }
        }

        return null;
    }

    /// <summary>The share of rows for which a condition holds.</summary>
    public static double Share(Expression? predicate) =>
        Conjunction.Split(predicate).Aggregate(1.0, (share, condition) => share * ShareOf(condition));

    private static double ShareOf(Expression condition) => condition switch
    {
        Call { Function: Function.Equal or Function.NullSafeEqual } => EqualityShare,
        Call { Function: Function.In } call => Math.Min(0.5, EqualityShare * (call.Children.Count - 1)),
        Call
        {
            Function: Function.LessThan or Function.LessThanOrEqual or Function.GreaterThan or
                Function.GreaterThanOrEqual,
        } => RangeShare,
        Call { Function: Function.IsNotNull } => 1,
        Call { Function: Function.And } => Share(condition),
        Call { Function: Function.Or } => Math.Min(1, Conjunction.SplitOr(condition).Sum(Share)),
        Call { Function: Function.Not } call => Math.Max(OtherShare, 1 - ShareOf(call.Children[0])),
        _ => OtherShare,
    };

    private static double JoinRows(LogicalJoin join)
    {
        double left = Rows(join.Left);
        double right = Rows(join.Right);
        double larger = Math.Max(left, right);
        double distinct = 1;
        foreach (Call equality in Conjunction.Split(join.Condition).OfType<Call>())
        {
            if (equality.Function == Function.Equal)
            {
                double values = ColumnUse.Of(equality)
                    .Select(id => TableRowsOf(join, id) ?? larger)
                    .DefaultIfEmpty(1)
                    .Min();
                distinct = Math.Max(distinct, Math.Min(values, larger));
            }
        }

        double pairs = Math.Max(1, left * right / distinct);
        return join.Kind switch
        {
            LogicalJoinKind.Inner => pairs,
            LogicalJoinKind.LeftOuter => Math.Max(left, pairs),
            LogicalJoinKind.RightOuter => Math.Max(right, pairs),
            LogicalJoinKind.FullOuter => Math.Max(left + right, pairs),
            _ => Math.Max(1, left / 2),
        };
    }
}
