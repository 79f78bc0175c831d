using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>A column that a name may mean.</summary>
/// <param name="Column">The column.</param>
/// <param name="Qualifier">The names before its own: an alias, or catalog, schema and table; empty = none.</param>
/// <param name="QualifiedOnly">
/// A side's own key under USING: only <c>t.k</c> means it, <c>k</c> and <c>*</c> mean the key both sides share.
/// </param>
internal sealed record ScopeColumn(LogicalColumn Column, IReadOnlyList<string> Qualifier, bool QualifiedOnly = false)
{
    /// <summary>Whether its qualifier ends with these names.</summary>
    public bool IsQualifiedBy(IEnumerable<string> names)
    {
        string[] asked = [.. names];
        return asked.Length <= Qualifier.Count &&
            Qualifier.Skip(Qualifier.Count - asked.Length).SequenceEqual(asked, StringComparer.OrdinalIgnoreCase);
    }
}

/// <summary>The columns that FROM brings, in the order of <c>*</c>, and the plan that yields them.</summary>
internal sealed record Scope(LogicalPlan Plan, IReadOnlyList<ScopeColumn> Columns)
{
    /// <summary>The columns of <c>*</c>.</summary>
    public IEnumerable<ScopeColumn> Visible => Columns.Where(column => !column.QualifiedOnly);

    /// <summary>All columns of a plan under one qualifier.</summary>
    public static Scope Of(LogicalPlan plan, params IReadOnlyList<string> qualifier) =>
        new(plan, [.. plan.Output.Select(column => new ScopeColumn(column, qualifier))]);

    /// <summary>
    /// The columns that a name's first parts mean, and how many parts they took; the rest are fields. Most qualifiers
    /// win: of <c>a.b</c> column b of relation a goes before field b of column a.
    /// </summary>
    public (IReadOnlyList<ScopeColumn> Found, int PartCount) Find(IReadOnlyList<string> parts)
    {
        for (int qualifierCount = Math.Min(3, parts.Count - 1); qualifierCount >= 0; qualifierCount--)
        {
            string name = parts[qualifierCount];
            List<ScopeColumn> found = [.. Columns.Where(candidate =>
                (qualifierCount > 0 || !candidate.QualifiedOnly) &&
                string.Equals(candidate.Column.Name, name, StringComparison.OrdinalIgnoreCase) &&
                candidate.IsQualifiedBy(parts.Take(qualifierCount)))];
            if (found.Count > 0)
            {
                return ([.. found.DistinctBy(candidate => candidate.Column.Identity)], qualifierCount + 1);
            }
        }

        return ([], 0);
    }

    /// <summary>The columns of <c>t.*</c>; null where no relation has that name.</summary>
    public IReadOnlyList<ScopeColumn>? FindAll(IReadOnlyList<string> qualifier)
    {
        List<ScopeColumn> found =
        [
            .. Columns.Where(candidate => candidate.IsQualifiedBy(qualifier))
                .OrderByDescending(candidate => candidate.QualifiedOnly),
        ];
        return found.Count == 0 ? null : found;
    }
}
