using Polder.Expressions;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>An item of a select list once analysed.</summary>
/// <param name="Column">The output column: its name, and the id by which later items refer to it.</param>
/// <param name="Value">Over the columns of FROM, with aggregate calls in it.</param>
/// <param name="Source">The column of FROM that it is, with its qualifier; null for anything computed.</param>
/// <param name="IsAlias">Whether the name was given with AS.</param>
internal sealed record SelectItem(LogicalColumn Column, Expression Value, ScopeColumn? Source, bool IsAlias);
