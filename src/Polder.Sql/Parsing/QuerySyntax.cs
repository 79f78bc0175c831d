using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>A query as written: named queries before it, its body, and what is done with the body's rows.</summary>
internal sealed record QuerySyntax(
    IReadOnlyList<NamedQuerySyntax> With,
    QueryBody Body,
    IReadOnlyList<SortItemSyntax> OrderBy,
    SyntaxNode? Limit,
    SyntaxNode? Offset,
    TextSpan Span) : SyntaxNode(Span)
{
    /// <summary>ORDER BY ALL, with the direction and null order in the item; null where absent.</summary>
    public SortItemSyntax? OrderByAll { get; init; }

    /// <summary>Keys of DISTRIBUTE BY and CLUSTER BY: they are checked, and change no answer.</summary>
    public IReadOnlyList<SyntaxNode> DistributeBy { get; init; } = [];
}

/// <summary>One query of WITH, with the names of its columns (empty = its own).</summary>
internal sealed record NamedQuerySyntax(
    string Name, IReadOnlyList<string> ColumnNames, QuerySyntax Query, TextSpan Span);

/// <summary>What yields a query's rows.</summary>
internal abstract record QueryBody(TextSpan Span);

/// <summary>SELECT.</summary>
internal sealed record SelectBody(
    bool Distinct,
    IReadOnlyList<SelectItemSyntax> Items,
    RelationSyntax? From,
    SyntaxNode? Where,
    GroupBySyntax? GroupBy,
    SyntaxNode? Having,
    TextSpan Span) : QueryBody(Span);

/// <summary>An item of a select list: an expression with or without a name, or a star.</summary>
/// <param name="Value">The expression; a <see cref="StarSyntax"/> for a star.</param>
/// <param name="Alias">The name after AS, or null.</param>
/// <param name="Except">The columns that <c>* EXCEPT (…)</c> leaves out.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record SelectItemSyntax(
    SyntaxNode Value, string? Alias, IReadOnlyList<NameSyntax> Except, TextSpan Span);

/// <summary>GROUP BY: its keys, or ALL.</summary>
internal sealed record GroupBySyntax(IReadOnlyList<SyntaxNode> Keys, bool All, TextSpan Span)
{
    /// <summary>The sets of keys that ROLLUP, CUBE and GROUPING SETS stand for; null where there are none.</summary>
    public IReadOnlyList<IReadOnlyList<SyntaxNode>>? Sets { get; init; }
}

/// <summary>UNION, INTERSECT or EXCEPT of two bodies.</summary>
internal sealed record SetOperationBody(
    SetOperator Operator, bool All, QueryBody Left, QueryBody Right, TextSpan Span) : QueryBody(Span);

internal enum SetOperator
{
    Union,
    Intersect,
    Except,
}

/// <summary>VALUES: rows of expressions.</summary>
internal sealed record ValuesBody(IReadOnlyList<IReadOnlyList<SyntaxNode>> Rows, TextSpan Span) : QueryBody(Span)
{
    /// <summary>The name after it, which may name its columns; null where it stands in FROM.</summary>
    public RelationAlias? Alias { get; init; }
}

/// <summary>A query in parentheses as a body.</summary>
internal sealed record NestedBody(QuerySyntax Query, TextSpan Span) : QueryBody(Span);

/// <summary>TABLE t: all of a table.</summary>
internal sealed record TableBody(TableSyntax Table, TextSpan Span) : QueryBody(Span);
