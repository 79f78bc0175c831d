using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// Drops columns that nobody above asks for: from scans, so that they are not read (count(*) reads none), from
/// projections and aggregates, so that they are not computed, and between joins, so that they are not carried.
/// </summary>
internal static class PruneColumns
{
    /// <summary>The plan, yielding the same columns from fewer.</summary>
    public static LogicalPlan Apply(LogicalPlan plan) => Prune(plan, ColumnUse.OutputOf(plan));

    // The result yields at least the wanted columns of the plan, in its order.
    private static LogicalPlan Prune(LogicalPlan plan, HashSet<int> wanted)
    {
        switch (plan)
        {
            case LogicalScan scan:
                return PruneScan(scan, wanted);
            case LogicalProject project:
                LogicalProject fewer = new(
                    project.Input, [.. project.Items.Where(item => wanted.Contains(item.Column.Id))]);
                return fewer.WithInputs([Prune(project.Input, Wanted([], fewer))]);
            case LogicalAggregate aggregate:
                LogicalAggregate lighter = new(
                    aggregate.Input,
                    aggregate.Keys,
                    [.. aggregate.Calls.Where(item => wanted.Contains(item.Column.Id))]);
                return lighter.WithInputs([Prune(aggregate.Input, Wanted([], lighter))]);
            case LogicalUnion union:
                return PruneUnion(union, wanted);
            case LogicalJoin join:
                return PruneJoin(join, wanted);
            case LogicalValues values:
                return PruneValues(values, wanted);
            default:
                HashSet<int> needed = Wanted(wanted, plan);
                return plan.WithInputs([.. plan.Inputs.Select(input => Prune(input, needed))]);
        }
    }

    private static HashSet<int> Wanted(IEnumerable<int> above, LogicalPlan node)
    {
        HashSet<int> needed = [.. above];
        foreach (Expression expression in node.Expressions)
        {
            ColumnUse.AddTo(needed, expression);
        }

        return needed;
    }

    private static LogicalScan PruneScan(LogicalScan scan, HashSet<int> wanted) => new(
        scan.Table,
        scan.Columns,
        [.. scan.Fields.Where(field => wanted.Contains(scan.Columns[field].Id))],
        scan.Predicate);

    private static LogicalValues PruneValues(LogicalValues values, HashSet<int> wanted)
    {
        List<int> kept = [.. Enumerable.Range(0, values.Output.Count)
            .Where(index => wanted.Contains(values.Output[index].Id))];
        return kept.Count == values.Output.Count
            ? values
            : new LogicalValues(
                [.. kept.Select(index => values.Output[index])],
                [.. values.Rows.Select(row => kept.Select(index => row[index]).ToArray())]);
    }

    private static LogicalUnion PruneUnion(LogicalUnion union, HashSet<int> wanted)
    {
        List<int> kept = [.. Enumerable.Range(0, union.Output.Count)
            .Where(index => wanted.Contains(union.Output[index].Id))];
        return new LogicalUnion(
            [.. union.Inputs.Select(input => Narrow(
                Prune(input, [.. kept.Select(index => input.Output[index].Id)]),
                [.. kept.Select(index => input.Output[index])]))],
            [.. kept.Select(index => union.Output[index])]);
    }

    private static LogicalPlan PruneJoin(LogicalJoin join, HashSet<int> wanted)
    {
        HashSet<int> needed = Wanted(wanted, join);
        return join.WithInputs(
            [NarrowTo(Prune(join.Left, needed), needed), NarrowTo(Prune(join.Right, needed), needed)]);
    }

    private static LogicalPlan NarrowTo(LogicalPlan plan, HashSet<int> needed) =>
        Narrow(plan, [.. plan.Output.Where(column => needed.Contains(column.Id))]);

    private static LogicalPlan Narrow(LogicalPlan plan, IReadOnlyList<LogicalColumn> columns) =>
        plan.Output.Select(column => column.Id).SequenceEqual(columns.Select(column => column.Id))
            ? plan
            : new LogicalProject(
                plan, [.. columns.Select(column => new ComputedColumn(column, column.Reference()))]);
}
