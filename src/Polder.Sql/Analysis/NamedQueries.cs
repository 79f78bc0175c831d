using System;
using System.Collections.Generic;
using Polder.Sql.Parsing;

namespace Polder.Sql.Analysis;

/// <summary>The named queries (WITH) that a place in a statement can see; inner ones hide outer ones.</summary>
internal sealed class NamedQueries
{
    private readonly NamedQuerySyntax? _query;
    private readonly NamedQueries? _rest;
    private readonly Scope? _outer;

    private NamedQueries(NamedQuerySyntax? query, NamedQueries? rest, Scope? outer)
    {
        _query = query;
        _rest = rest;
        _outer = outer;
    }

    /// <summary>None.</summary>
    public static NamedQueries None { get; } = new(null, null, null);

    /// <summary>These and, hiding them, the queries of one WITH; each sees those before it.</summary>
    public NamedQueries With(IReadOnlyList<NamedQuerySyntax> queries, Scope? outer)
    {
        NamedQueries all = this;
        foreach (NamedQuerySyntax query in queries)
        {
            all = new NamedQueries(query, all, outer);
        }

        return all;
    }

    /// <summary>
    /// The query of that name, the named queries and the outer columns it sees itself; null where there is none.
    /// </summary>
    public (NamedQuerySyntax Query, NamedQueries Visible, Scope? Outer)? Find(string name)
    {
        for (NamedQueries? at = this; at is not null; at = at._rest)
        {
            if (string.Equals(at._query?.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                return (at._query!, at._rest!, at._outer);
            }
        }

        return null;
    }
}
