using Polder.Columns;
using Polder.Expressions.Analysis;

namespace Polder.Expressions.Pruning;

/// <summary>Words for why rows are skipped.</summary>
internal static class PruneReasonText
{
    public static PruneReason Describe(Expression condition, IColumnStats stats)
    {
        string text = ExpressionText.Format(condition);
        foreach (Expression column in StatsPruner.ColumnsOf(condition))
        {
            string path = StatsPruner.PathOf(column)!;
            if (stats.TryGetBounds(path, column.Type, out ColumnBounds bounds))
            {
                return new PruneReason(
                    condition, path, bounds, $"{text}: {path} {Describe(bounds, column.Type, stats.RowCount)}");
            }
        }

        string reason = stats.RowCount == 0 ? "there are no rows" : "it is never true";
        return new PruneReason(condition, null, default, $"{text}: {reason}");
    }

    private static string Describe(ColumnBounds bounds, DataType type, long rowCount)
    {
        if (bounds.NullCount >= 0 && bounds.NullCount == rowCount)
        {
            return "is always null";
        }

        string minimum = LiteralText.Format(bounds.Minimum, type);
        string maximum = LiteralText.Format(bounds.Maximum, type);
        return (bounds.Minimum, bounds.Maximum) switch
        {
            (null, null) => bounds.NullCount == 0 ? "is never null" : "has no such value",
            (null, _) => $"is at most {maximum}",
            (_, null) => $"is at least {minimum}",
            _ => $"is {minimum} to {maximum}",
        };
    }
}
