using System.Collections.Generic;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Sql.Tables;

/// <summary>A table that a statement reads, pinned to one version for as long as the statement runs.</summary>
internal abstract class ResolvedTable
{
    /// <summary>A struct of its columns.</summary>
    public abstract DataType Schema { get; }

    /// <summary>Its rows; null where unknown.</summary>
    public abstract long? RowCount { get; }

    /// <summary>Which table it is, and at which version; null where it has none.</summary>
    public TableVersion? Version { get; init; }

    /// <summary>The names before a column's own: catalog, schema, table.</summary>
    public required IReadOnlyList<string> Qualifier { get; init; }

    /// <summary>The operators that read the given fields, in that order, of the rows that meet a condition.</summary>
    /// <param name="fields">Positions in the schema.</param>
    /// <param name="predicate">Over the schema, by position and name; null = all rows.</param>
    public abstract PlanNode CreatePlan(IReadOnlyList<int> fields, Expression? predicate);
}
