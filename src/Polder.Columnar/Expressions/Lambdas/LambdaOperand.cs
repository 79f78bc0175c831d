using System;
using Polder.Columns.Rows;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Lambdas;

/// <summary>A value in a lambda as SQL.</summary>
/// <param name="Syntax">The SQL.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="Member">The member of a row that it is; null for anything else.</param>
/// <param name="ClrType">The member's type, without Nullable.</param>
internal sealed record LambdaOperand(
    SyntaxNode Syntax, bool IsNullable, RowMember? Member = null, Type? ClrType = null)
{
    /// <summary>Whether it is the constant null.</summary>
    public bool IsNull => Syntax is LiteralSyntax { Value: null };
}
