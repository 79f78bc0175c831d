using System.Collections.Generic;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Parsing;

/// <summary>
/// Where clauses begin. Spark reserves no keyword, so a word is a clause only where the words after it can be governed
/// by one: <c>SELECT * FROM t WHERE</c> names the table WHERE.
/// </summary>
internal sealed class ClauseWords(TokenStream tokens)
{
    private readonly TokenStream _tokens = tokens;

    /// <summary>Whether the SELECT that is being read comes after its FROM: another SELECT may follow it.</summary>
    public bool FromFirst { get; set; }

    /// <summary>Whether the next word begins a clause rather than being a name.</summary>
    public bool AtClause()
    {
        foreach (string word in (string[])
            ["FROM", "WHERE", "HAVING", "QUALIFY", "LIMIT", "OFFSET", "UNION", "EXCEPT", "MINUS", "INTERSECT"])
        {
            if (Is(word))
            {
                return true;
            }
        }

        foreach (string word in (string[])["GROUP", "ORDER", "SORT", "CLUSTER", "DISTRIBUTE"])
        {
            if (_tokens.Is(word, "BY"))
            {
                return true;
            }
        }

        return _tokens.Is("LATERAL", "VIEW") || _tokens.Is("AS") || (FromFirst && _tokens.Is("SELECT")) ||
            (_tokens.Is("WINDOW") && _tokens.Peek(1).IsName && _tokens.Peek(2).Is("AS"));
    }

    /// <summary>Whether the next word is that clause: something follows that it can govern.</summary>
    public bool Is(string word) => _tokens.Is(word) && !EndsQuery(_tokens.Peek(1)) &&
        _tokens.Peek(1).Kind != TokenKind.Comma;

    /// <summary>Whether nothing of the query follows.</summary>
    public static bool EndsQuery(Token token) =>
        token.Kind is TokenKind.End or TokenKind.RightParenthesis or TokenKind.Semicolon;

    /// <summary>Whether a word goes on as an operand: GROUP BY all.x, ALL(x).</summary>
    public static bool ContinuesName(Token next) =>
        next.Kind is TokenKind.Dot or TokenKind.LeftParenthesis or TokenKind.Comma;

    /// <summary>Names in parentheses.</summary>
    public List<string> ParseNames()
    {
        _tokens.Expect(TokenKind.LeftParenthesis);
        List<string> names = [];
        do
        {
            names.Add(_tokens.ExpectName());
        }
        while (_tokens.Take(TokenKind.Comma));
        _tokens.Expect(TokenKind.RightParenthesis);
        return names;
    }

    /// <summary>Fails where a name without backticks goes on with a hyphen: <c>my-table</c>.</summary>
    public void RequireNoHyphen(Token name)
    {
        if (name.Kind == TokenKind.Identifier && _tokens.Is(TokenKind.Minus) && _tokens.Peek(1).IsName)
        {
            TextSpan span = name.Span.Cover(_tokens.Peek(1).Span);
            throw StatementParser.InvalidIdentifier(_tokens.TextOf(span), span);
        }
    }
}
