using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>
/// An expression as written: names unresolved, functions by name, no types but those of literals and casts. Statement
/// parsers add nodes of their own (queries) and resolve them through <see cref="INameScope"/>.
/// </summary>
internal abstract record SyntaxNode(TextSpan Span);

/// <summary>A constant.</summary>
internal sealed record LiteralSyntax(object? Value, DataType Type, TextSpan Span) : SyntaxNode(Span);

/// <summary>A name of one part or more: a column, perhaps qualified, perhaps with fields after it.</summary>
internal sealed record NameSyntax(IReadOnlyList<string> Parts, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>*</c> or <c>t.*</c>.</summary>
internal sealed record StarSyntax(IReadOnlyList<string> Qualifier, TextSpan Span) : SyntaxNode(Span);

/// <summary>A parameter: <c>:name</c>, or <c>?</c> with an empty name.</summary>
internal sealed record ParameterSyntax(string Name, TextSpan Span) : SyntaxNode(Span);

/// <summary>A sign, <c>~</c> or NOT before an operand.</summary>
internal sealed record UnarySyntax(UnaryOperator Operator, SyntaxNode Operand, TextSpan Span) : SyntaxNode(Span);

internal enum UnaryOperator
{
    Minus,
    Plus,
    BitwiseNot,
    Not,
}

/// <summary>An operator between two operands.</summary>
internal sealed record BinarySyntax(BinaryOperator Operator, SyntaxNode Left, SyntaxNode Right, TextSpan Span)
    : SyntaxNode(Span);

internal enum BinaryOperator
{
    Or,
    And,
    Equal,
    NullSafeEqual,
    NotEqual,
    LessThan,
    LessThanOrEqual,
    GreaterThan,
    GreaterThanOrEqual,
    BitwiseOr,
    BitwiseXor,
    BitwiseAnd,
    ShiftLeft,
    ShiftRight,
    ShiftRightUnsigned,
    Add,
    Subtract,
    Concatenate,
    Multiply,
    Divide,
    IntegralDivide,
    Remainder,
}

/// <summary><c>x IS [NOT] NULL | TRUE | FALSE | UNKNOWN</c>.</summary>
internal sealed record IsSyntax(SyntaxNode Operand, IsTest Test, bool Negated, TextSpan Span) : SyntaxNode(Span);

internal enum IsTest
{
    Null,
    True,
    False,
    Unknown,
}

/// <summary><c>x [NOT] IN (a, b, …)</c>.</summary>
internal sealed record InSyntax(
    SyntaxNode Operand, IReadOnlyList<SyntaxNode> Candidates, bool Negated, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>x [NOT] BETWEEN a AND b</c>.</summary>
internal sealed record BetweenSyntax(
    SyntaxNode Operand, SyntaxNode Lower, SyntaxNode Upper, bool Negated, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>x [NOT] LIKE [ANY | ALL] …</c> and its relatives.</summary>
internal sealed record LikeSyntax(
    LikeOperator Operator,
    LikeQuantifier Quantifier,
    SyntaxNode Operand,
    IReadOnlyList<SyntaxNode> Patterns,
    char Escape,
    bool Negated,
    TextSpan Span) : SyntaxNode(Span);

internal enum LikeOperator
{
    Like,
    ILike,
    RLike,
}

internal enum LikeQuantifier
{
    None,
    Any,
    All,
}

/// <summary>CASE; <see cref="Operand"/> is null in the searched form.</summary>
internal sealed record CaseSyntax(
    SyntaxNode? Operand, IReadOnlyList<CaseBranch> Branches, SyntaxNode? Otherwise, TextSpan Span) : SyntaxNode(Span);

/// <summary>WHEN … THEN ….</summary>
internal readonly record struct CaseBranch(SyntaxNode Condition, SyntaxNode Result);

/// <summary>CAST, TRY_CAST or <c>::</c>.</summary>
internal sealed record CastSyntax(SyntaxNode Operand, DataType Type, CastMode Mode, TextSpan Span) : SyntaxNode(Span);

/// <summary>EXTRACT(field FROM source).</summary>
internal sealed record ExtractSyntax(string Field, SyntaxNode Source, TextSpan Span) : SyntaxNode(Span);

/// <summary>A function call. Special forms (SUBSTRING … FROM, POSITION … IN) are calls too.</summary>
internal sealed record CallSyntax(IReadOnlyList<string> Name, IReadOnlyList<SyntaxNode> Arguments, TextSpan Span)
    : SyntaxNode(Span)
{
    /// <summary>DISTINCT before the arguments.</summary>
    public bool Distinct { get; init; }

    /// <summary>FILTER (WHERE …), or null.</summary>
    public SyntaxNode? Filter { get; init; }

    /// <summary>IGNORE NULLS: true, RESPECT NULLS: false, neither: null.</summary>
    public bool? IgnoreNulls { get; init; }

    /// <summary>WITHIN GROUP (ORDER BY …); empty where absent.</summary>
    public IReadOnlyList<SortItemSyntax> WithinGroup { get; init; } = [];

    /// <summary>OVER …, or null.</summary>
    public WindowSyntax? Window { get; init; }
}

/// <summary><c>name =&gt; value</c> among the arguments of a call.</summary>
internal sealed record NamedArgumentSyntax(string Name, SyntaxNode Value, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>base.field</c> where the base is no name.</summary>
internal sealed record FieldSyntax(SyntaxNode Source, string Name, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>base:path</c>, a part of a variant.</summary>
/// <param name="Source">The variant.</param>
/// <param name="Path">The path as variant_get takes it: <c>$.a[0]</c>.</param>
/// <param name="Name">The last key of it.</param>
/// <param name="Span">All of it.</param>
internal sealed record PathSyntax(SyntaxNode Source, string Path, string Name, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>base[index]</c>.</summary>
internal sealed record IndexSyntax(SyntaxNode Source, SyntaxNode Index, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>(a, b)</c>: a row of two values or more.</summary>
internal sealed record TupleSyntax(IReadOnlyList<SyntaxNode> Items, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>expression AS name</c> inside a row or the arguments of struct().</summary>
internal sealed record AliasSyntax(SyntaxNode Operand, string Name, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>x -&gt; …</c> or <c>(x, y) -&gt; …</c>.</summary>
internal sealed record LambdaSyntax(IReadOnlyList<string> Parameters, SyntaxNode Body, TextSpan Span)
    : SyntaxNode(Span);

/// <summary><c>x COLLATE name</c>.</summary>
internal sealed record CollateSyntax(SyntaxNode Operand, string Collation, TextSpan Span) : SyntaxNode(Span);

/// <summary>A query in parentheses as a value.</summary>
internal sealed record ScalarSubquerySyntax(SyntaxNode Query, TextSpan Span) : SyntaxNode(Span);

/// <summary>EXISTS (query).</summary>
internal sealed record ExistsSyntax(SyntaxNode Query, TextSpan Span) : SyntaxNode(Span);

/// <summary><c>x [NOT] IN (query)</c>; a row on the left is a <see cref="TupleSyntax"/>.</summary>
internal sealed record InSubquerySyntax(SyntaxNode Operand, SyntaxNode Query, bool Negated, TextSpan Span)
    : SyntaxNode(Span);

/// <summary>One item of ORDER BY; nulls go first with ASC and last with DESC unless said otherwise.</summary>
internal sealed record SortItemSyntax(SyntaxNode Key, bool Descending, bool NullsFirst, TextSpan Span);

/// <summary>OVER: a named window, or a specification.</summary>
internal sealed record WindowSyntax(
    string? Name,
    IReadOnlyList<SyntaxNode> PartitionBy,
    IReadOnlyList<SortItemSyntax> OrderBy,
    WindowFrameSyntax? Frame,
    TextSpan Span);

/// <summary>ROWS or RANGE with its bounds; without BETWEEN the end is the current row.</summary>
internal sealed record WindowFrameSyntax(bool Rows, FrameBoundSyntax Start, FrameBoundSyntax End);

/// <summary>One bound of a frame; the offset is null for UNBOUNDED and CURRENT ROW.</summary>
internal sealed record FrameBoundSyntax(FrameBoundKind Kind, SyntaxNode? Offset);

internal enum FrameBoundKind
{
    UnboundedPreceding,
    Preceding,
    CurrentRow,
    Following,
    UnboundedFollowing,
}
