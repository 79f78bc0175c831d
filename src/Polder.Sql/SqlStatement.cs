using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql;

/// <summary>One statement of a script, not yet read.</summary>
public sealed class SqlStatement
{
    internal SqlStatement(string script, TextSpan span)
    {
        Script = script;
        Span = span;
    }

    /// <summary>The script it stands in.</summary>
    public string Script { get; }

    /// <summary>Where it stands in the script, without the semicolon. Spans of its errors count likewise.</summary>
    public TextSpan Span { get; }

    /// <summary>Its own text.</summary>
    public string Text => Script.Substring(Span.Start, Span.Length);

    /// <summary>The statements of a script, between its semicolons; empty ones are left out.</summary>
    /// <exception cref="QueryException">A comment is not closed.</exception>
    public static IReadOnlyList<SqlStatement> Split(string script)
    {
        List<SqlStatement> statements = [];
        TokenStream tokens = new(script);
        while (!tokens.AtEnd)
        {
            TextSpan span = default;
            while (!tokens.AtEnd && !tokens.Is(TokenKind.Semicolon))
            {
                span = span.Cover(tokens.Next().Span);
            }

            tokens.Take(TokenKind.Semicolon);
            if (span.Length > 0)
            {
                statements.Add(new SqlStatement(script, span));
            }
        }

        return statements;
    }

    /// <inheritdoc />
    public override string ToString() => Text;
}
