using System.Collections.Generic;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Sql;

/// <summary>What a statement is run with.</summary>
public sealed class SqlQueryOptions
{
    private static readonly Dictionary<string, Literal> NoParameters = [];
    private static readonly Dictionary<string, IBatchSource> NoRows = [];

    /// <summary>
    /// Values of the statement's parameters (<c>:name</c>), as Spark's named parameter markers: each stands where a
    /// literal may, and is never read as text of the statement. Names are compared exactly. More than the statement
    /// uses are fine; one that it uses and that is not here is the error UNBOUND_SQL_PARAMETER.
    /// </summary>
    public IReadOnlyDictionary<string, Literal> Parameters { get; init; } = NoParameters;

    /// <summary>The versions that tables are read at; null = the newest when the statement begins.</summary>
    public PinnedTables? Tables { get; init; }

    /// <summary>
    /// Queries that the statement may name like tables, each of which sees those before it; they use the same
    /// parameters.
    /// </summary>
    internal IReadOnlyList<NamedStatement> Named { get; init; } = [];

    /// <summary>Rows that the statement may name like a table.</summary>
    internal IReadOnlyDictionary<string, IBatchSource> Rows { get; init; } = NoRows;
}

/// <summary>A query with a name.</summary>
internal sealed record NamedStatement(string Name, SqlStatement Statement);
