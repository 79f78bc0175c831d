using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polder.Expressions.Syntax;

/// <summary>The tokens of one text and a place among them, shared by every parser that reads from it.</summary>
internal sealed class TokenStream
{
    private readonly List<Token> _tokens;

    public TokenStream(string text)
    {
        Text = text;
        _tokens = [.. Tokenizer.Tokenize(text)];
    }

    /// <summary>The whole text.</summary>
    public string Text { get; }

    /// <summary>What parameters stand for; null = they have no values.</summary>
    public ParameterValues? Parameters { get; init; }

    /// <summary>0-based number of the next token; may be set back to try again.</summary>
    public int Position { get; set; }

    /// <summary>The next token.</summary>
    public Token Current => Peek(0);

    /// <summary>The token read last; the first where none was read.</summary>
    public Token Previous => _tokens[int.Max(0, Position - 1)];

    public bool AtEnd => Current.Kind == TokenKind.End;

    /// <summary>The token that many places after the next one; the end token beyond the end.</summary>
    public Token Peek(int distance) => _tokens[int.Min(Position + distance, _tokens.Count - 1)];

    /// <summary>Takes the next token.</summary>
    public Token Next()
    {
        Token token = Current;
        Position = int.Min(Position + 1, _tokens.Count - 1);
        return token;
    }

    public bool Is(TokenKind kind) => Current.Kind == kind;

    /// <summary>Whether the next tokens are these bare words.</summary>
    public bool Is(params ReadOnlySpan<string> keywords)
    {
        for (int distance = 0; distance < keywords.Length; distance++)
        {
            if (!Peek(distance).Is(keywords[distance]))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Takes the next token if it is of that kind.</summary>
    public bool Take(TokenKind kind)
    {
        bool found = Is(kind);
        Position += found ? 1 : 0;
        return found;
    }

    /// <summary>Takes the next tokens if they are these bare words.</summary>
    public bool Take(params ReadOnlySpan<string> keywords)
    {
        bool found = Is(keywords);
        Position += found ? keywords.Length : 0;
        return found;
    }

    /// <summary>Takes the next token, which must be of that kind.</summary>
    public Token Expect(TokenKind kind) => Is(kind) ? Next() : throw SyntaxError();

    /// <summary>Takes the next tokens, which must be these bare words.</summary>
    public void Expect(params ReadOnlySpan<string> keywords)
    {
        foreach (string keyword in keywords)
        {
            if (!Take(keyword))
            {
                throw SyntaxError();
            }
        }
    }

    /// <summary>Takes a name, bare or in backticks.</summary>
    public string ExpectName() => Current.IsName ? Next().Text : throw SyntaxError();

    /// <summary>Takes a '&gt;', also the first of a <c>&gt;&gt;</c> that closes two types.</summary>
    public void ExpectGreater()
    {
        Token token = Current;
        if (token.Kind is not (TokenKind.ShiftRight or TokenKind.ShiftRightUnsigned))
        {
            Expect(TokenKind.Greater);
            return;
        }

        string rest = token.Text[1..];
        TextSpan span = new(token.Span.Start + 1, token.Span.Length - 1);
        _tokens[Position] = new Token(rest.Length == 1 ? TokenKind.Greater : TokenKind.ShiftRight, span, rest);
    }

    /// <summary>Fails unless everything was read.</summary>
    public void ExpectEnd()
    {
        if (!AtEnd)
        {
            throw SyntaxError();
        }
    }

    /// <summary>The span from the start of <paramref name="first"/> to the end of the token read last.</summary>
    public TextSpan SpanFrom(TextSpan first) => first.Cover(Previous.Span);

    /// <summary>The text of a span.</summary>
    public string TextOf(TextSpan span) => Text.Substring(span.Start, span.Length);

    /// <summary>The error that the next token is not expected here.</summary>
    public QueryException SyntaxError() => SyntaxError(Current);

    /// <summary>The error that a token is not expected where it stands.</summary>
    public QueryException SyntaxError(Token token)
    {
        if (_tokens.Count == 1)
        {
            return new QueryException(
                "PARSE_EMPTY_STATEMENT", "42617", "there is nothing to read: the text is empty", span: token.Span);
        }

        string near = token.Kind == TokenKind.End ? "end of input" : $"'{TextOf(token.Span)}'";
        Dictionary<string, string> parameters = new() { ["error"] = near, ["hint"] = "" };
        return new QueryException(
            "PARSE_SYNTAX_ERROR",
            "42601",
            $"syntax error at or near {near} ({PlaceOf(token.Span.Start)})",
            parameters,
            token.Span);
    }

    /// <summary>Line and column of a position, as a person counts them.</summary>
    public string PlaceOf(int position)
    {
        ReadOnlySpan<char> before = Text.AsSpan(0, position);
        int line = before.Count('\n') + 1;
        int column = position - before.LastIndexOf('\n');
        return string.Create(CultureInfo.InvariantCulture, $"line {line}, column {column}");
    }
}
