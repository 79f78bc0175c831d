using System.Collections.Generic;
using System.Linq;
using Polder.Expressions.Pruning;

namespace Polder.Expressions;

/// <summary>
/// Decides from bounds alone whether any of some rows can satisfy a condition: the one pruner for files of a table,
/// row groups and pages. What it does not understand may be anything, and is kept.
/// </summary>
/// <remarks>
/// Every node is mapped to the outcomes it may have over the rows (true, false, null); AND, OR and NOT combine these by
/// three-valued logic, so that a negation needs no care. A row whose evaluation would raise an error counts for
/// nothing: skipping may remove an error, never add one.
/// </remarks>
public static class StatsPruner
{
    /// <summary>Skip where no row can satisfy the condition, Keep otherwise.</summary>
    /// <param name="predicate">A boolean expression over the columns that <paramref name="stats"/> knows.</param>
    /// <param name="stats">What is known of the rows.</param>
    /// <param name="sessionIsUtc">
    /// Whether the session's time zone is UTC; in another one, bounds that go through a zone get a day of slack.
    /// </param>
    public static PruneResult Prune(Expression predicate, IColumnStats stats, bool sessionIsUtc = true) =>
        stats.RowCount == 0 || !new OutcomeAnalysis(stats, sessionIsUtc).Of(predicate).HasFlag(Outcomes.True)
            ? PruneResult.Skip
            : PruneResult.Keep;

    /// <summary>Why the rows are skipped; null where they are kept.</summary>
    /// <inheritdoc cref="Prune" path="/param" />
    public static PruneReason? Explain(Expression predicate, IColumnStats stats, bool sessionIsUtc = true)
    {
        if (Prune(predicate, stats, sessionIsUtc) == PruneResult.Keep)
        {
            return null;
        }

        // The first conjunct that suffices; conjuncts that only fail together stay together.
        Expression condition = predicate;
        while (condition is Call { Function: Function.And } both)
        {
            Expression? enough = both.Children.FirstOrDefault(
                child => Prune(child, stats, sessionIsUtc) == PruneResult.Skip);
            if (enough is null)
            {
                break;
            }

            condition = enough;
        }

        return PruneReasonText.Describe(condition, stats);
    }

    /// <summary>The columns, or fields in columns, that an expression looks at.</summary>
    internal static IEnumerable<Expression> ColumnsOf(Expression expression) =>
        PathOf(expression) is not null ? [expression] : expression.Children.SelectMany(ColumnsOf);

    /// <summary>The dotted path of a column or of a field in it; null for anything else.</summary>
    internal static string? PathOf(Expression expression) => expression switch
    {
        ColumnReference column => column.Name,
        FieldAccess access when PathOf(access.Source) is { } source =>
            $"{source}.{access.Source.Type.Fields[access.FieldIndex].Name}",
        _ => null,
    };
}
