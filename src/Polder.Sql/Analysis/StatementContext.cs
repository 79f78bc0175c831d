using System.Collections.Generic;
using Polder.Expressions;
using Polder.Sql.Parsing;
using Polder.Sql.Tables;

namespace Polder.Sql.Analysis;

/// <summary>What the analysers of one statement share: its tables, each at one version, and its column ids.</summary>
internal sealed class StatementContext(IReadOnlyDictionary<TableSyntax, ResolvedTable?> tables)
{
    // Named queries are analysed anew where they are used; a chain that doubles at each step must end.
    private const int MaximumExpansions = 500;

    private readonly List<TableVersion> _versions = [];

    private int _expansions;

    /// <summary>Makes columns.</summary>
    public ColumnIds Ids { get; } = new();

    /// <summary>The tables with versions that were found so far, each once.</summary>
    public IReadOnlyList<TableVersion> Versions => _versions;

    /// <summary>The table a name stands for; null where there is none.</summary>
    public ResolvedTable? FindTable(TableSyntax name)
    {
        ResolvedTable? table = tables.GetValueOrDefault(name);
        if (table?.Version is TableVersion version && !_versions.Contains(version))
        {
            _versions.Add(version);
        }

        return table;
    }

    /// <summary>Counts one more use of a named query.</summary>
    public void CountExpansion(TextSpan span)
    {
        if (++_expansions > MaximumExpansions)
        {
            throw QueryException.NotYet("using named queries hundreds of times in one statement", span);
        }
    }
}
