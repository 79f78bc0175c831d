using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Planning;

namespace Polder.Sql.Parsing;

/// <summary>An item of FROM.</summary>
internal abstract record RelationSyntax(TextSpan Span);

/// <summary>The name after a relation, and the names of its columns (empty = their own).</summary>
internal sealed record RelationAlias(string Name, IReadOnlyList<string> ColumnNames);

/// <summary>A table by name or by path.</summary>
/// <param name="Name">The parts of its name: <c>t</c>, <c>folder.t</c>, <c>delta.`path`</c>.</param>
/// <param name="Travel">The version asked for, or null = the newest.</param>
/// <param name="Alias">Its alias, or null.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record TableSyntax(
    IReadOnlyList<string> Name, TimeTravelSyntax? Travel, RelationAlias? Alias, TextSpan Span) : RelationSyntax(Span);

/// <summary>VERSION AS OF or TIMESTAMP AS OF.</summary>
internal sealed record TimeTravelSyntax(bool IsVersion, SyntaxNode Value, TextSpan Span);

/// <summary>A query in parentheses.</summary>
internal sealed record SubquerySyntax(QuerySyntax Query, RelationAlias? Alias, TextSpan Span) : RelationSyntax(Span);

/// <summary>A table function: <c>range(10)</c>.</summary>
internal sealed record TableFunctionSyntax(
    IReadOnlyList<string> Name, IReadOnlyList<SyntaxNode> Arguments, RelationAlias? Alias, TextSpan Span)
    : RelationSyntax(Span);

/// <summary>A relation in parentheses with an alias of its own.</summary>
internal sealed record NestedRelationSyntax(RelationSyntax Relation, RelationAlias? Alias, TextSpan Span)
    : RelationSyntax(Span);

/// <summary>VALUES in FROM.</summary>
internal sealed record InlineTableSyntax(ValuesBody Values, RelationAlias? Alias, TextSpan Span)
    : RelationSyntax(Span);

/// <summary>Two relations; a comma is an inner join without a condition.</summary>
/// <param name="Kind">Which rows it yields.</param>
/// <param name="Left">The left relation.</param>
/// <param name="Right">The right relation.</param>
/// <param name="On">The condition of ON, or null.</param>
/// <param name="Using">The columns of USING; empty where there is none.</param>
/// <param name="Natural">NATURAL: USING the columns that both sides have.</param>
/// <param name="Span">Where it stands.</param>
internal sealed record JoinSyntax(
    LogicalJoinKind Kind,
    RelationSyntax Left,
    RelationSyntax Right,
    SyntaxNode? On,
    IReadOnlyList<string> Using,
    bool Natural,
    TextSpan Span) : RelationSyntax(Span);
