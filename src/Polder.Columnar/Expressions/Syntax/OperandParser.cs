using System;
using System.Collections.Generic;
using System.Text;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>Reads what stands between operators: primaryExpression of Spark's grammar.</summary>
internal sealed class OperandParser
{
    /// <summary>Bare words that start no operand: a forgotten operand is found where it is missing.</summary>
    private static readonly HashSet<string> NeverOperands = new(
        ["AND", "OR", "WHEN", "THEN", "ELSE", "FROM", "WHERE", "AS", "IS", "IN", "BETWEEN"],
        StringComparer.OrdinalIgnoreCase);

    private readonly ExpressionParser _parser;
    private readonly CallParser _calls;

    public OperandParser(ExpressionParser parser)
    {
        _parser = parser;
        _calls = new CallParser(parser);
    }

    private TokenStream Tokens => _parser.Tokens;

    /// <summary>Reads an operand with the signs before it. A minus before digits belongs to the number.</summary>
    public SyntaxNode ParseSigned()
    {
        Token first = Tokens.Current;
        UnaryOperator? sign = first.Kind switch
        {
            TokenKind.Minus when !Tokens.Peek(1).IsNumber => UnaryOperator.Minus,
            TokenKind.Plus => UnaryOperator.Plus,
            TokenKind.Tilde => UnaryOperator.BitwiseNot,
            _ => null,
        };
        if (sign is null)
        {
            return ParseAttached(ParseOperand());
        }

        _parser.Enter();
        Tokens.Next();
        SyntaxNode operand = ParseSigned();
        _parser.Leave();
        return new UnarySyntax(sign.Value, operand, Tokens.SpanFrom(first.Span));
    }

    /// <summary>Reads fields, indexes, casts and collations after an operand.</summary>
    private SyntaxNode ParseAttached(SyntaxNode operand)
    {
        int levels = 0;
        SyntaxNode? next = operand;
        while (next is not null)
        {
            operand = next;
            next = ParseOneAttached(operand);
            if (next is not null)
            {
                _parser.Enter();
                levels++;
            }
        }

        for (; levels > 0; levels--)
        {
            _parser.Leave();
        }

        return operand;
    }

    private SyntaxNode? ParseOneAttached(SyntaxNode operand)
    {
        if (Tokens.Is(TokenKind.Dot) && Tokens.Peek(1).IsName)
        {
            Tokens.Next();
            string name = Tokens.ExpectName();
            return new FieldSyntax(operand, name, Tokens.SpanFrom(operand.Span));
        }

        if (Tokens.Take(TokenKind.LeftBracket))
        {
            SyntaxNode index = _parser.ParseExpression();
            Tokens.Expect(TokenKind.RightBracket);
            return new IndexSyntax(operand, index, Tokens.SpanFrom(operand.Span));
        }

        if (Tokens.Take(TokenKind.DoubleColon))
        {
            DataType type = new TypeParser(Tokens).ParseType();
            return new CastSyntax(operand, type, CastMode.Ansi, Tokens.SpanFrom(operand.Span));
        }

        if (Tokens.Is(TokenKind.Colon) && (Tokens.Peek(1).IsName || Tokens.Peek(1).Kind == TokenKind.LeftBracket))
        {
            Tokens.Next();
            return ParsePath(operand);
        }

        if (Tokens.Is("COLLATE") && Tokens.Peek(1).IsName)
        {
            Tokens.Next();
            string collation = Tokens.ExpectName();
            return new CollateSyntax(operand, collation, Tokens.SpanFrom(operand.Span));
        }

        return null;
    }

    // value:key.key[0]['key'], the keys with their case.
    private PathSyntax ParsePath(SyntaxNode operand)
    {
        StringBuilder path = new("$");
        string last = "";
        bool isFirst = true;
        while (isFirst || Tokens.Is(TokenKind.LeftBracket) || (Tokens.Is(TokenKind.Dot) && Tokens.Peek(1).IsName))
        {
            if (Tokens.Take(TokenKind.LeftBracket))
            {
                Token index = Tokens.Next();
                bool isKey = index.Kind == TokenKind.String;
                string key = index.Text;
                if (!isKey && index.Kind != TokenKind.Integer)
                {
                    throw QueryException.NotYet("a path into a variant that is no key and no position", index.Span);
                }

                path.Append('[').Append(isKey ? $"'{key}'" : key).Append(']');
                last = isKey ? key : last;
                Tokens.Expect(TokenKind.RightBracket);
            }
            else
            {
                Tokens.Take(TokenKind.Dot);
                last = Tokens.ExpectName();
                path.Append(last.AsSpan().ContainsAny('.', '[') ? $"['{last}']" : $".{last}");
            }

            isFirst = false;
        }

        return new PathSyntax(operand, path.ToString(), last, Tokens.SpanFrom(operand.Span));
    }

    private SyntaxNode ParseOperand()
    {
        Token first = Tokens.Current;
        switch (first.Kind)
        {
            case TokenKind.String:
                return ParseString();
            case >= TokenKind.Integer and <= TokenKind.BigDecimal:
                Tokens.Next();
                return NumericLiteral.Parse(first, negative: false, first.Span);
            case TokenKind.Minus:
                Tokens.Next();
                Token number = Tokens.Next();
                return NumericLiteral.Parse(number, negative: true, first.Span.Cover(number.Span));
            case TokenKind.Star:
                Tokens.Next();
                return new StarSyntax([], first.Span);
            case TokenKind.LeftParenthesis:
                return ParseParenthesis();
            case TokenKind.Question:
                Tokens.Next();
                return new ParameterSyntax("", first.Span);
            case TokenKind.Colon when Tokens.Peek(1).IsName:
                Tokens.Next();
                return ParseParameter(first);
            case TokenKind.QuotedIdentifier:
                return ParseNamed();
            case TokenKind.Identifier:
                return ParseWord(first);
            default:
                throw Tokens.SyntaxError();
        }
    }

    private LiteralSyntax ParseString()
    {
        Token first = Tokens.Next();
        string value = first.Text;
        while (Tokens.Is(TokenKind.String))
        {
            value += Tokens.Next().Text;
        }

        return new LiteralSyntax(value, DataType.String, Tokens.SpanFrom(first.Span));
    }

    private SyntaxNode ParseWord(Token first)
    {
        Token second = Tokens.Peek(1);
        switch (first.Text.ToUpperInvariant())
        {
            case "NULL":
                Tokens.Next();
                return new LiteralSyntax(null, DataType.Void, first.Span);
            case "TRUE" when second.Kind != TokenKind.Dot:
                Tokens.Next();
                return new LiteralSyntax(true, DataType.Boolean, first.Span);
            case "FALSE" when second.Kind != TokenKind.Dot:
                Tokens.Next();
                return new LiteralSyntax(false, DataType.Boolean, first.Span);
            case "CASE":
                return ParseCase();
            case "INTERVAL"
                when second.Kind is TokenKind.String or TokenKind.Plus or TokenKind.Minus || second.IsNumber:
                return IntervalLiteral.Parse(Tokens);
        }

        if (second.Kind == TokenKind.String)
        {
            Tokens.Position += 2;
            return TypedLiteral.Parse(first.Text, second.Text, first.Span.Cover(second.Span));
        }

        if (second.Kind == TokenKind.LeftParenthesis && _calls.ParseSpecial() is { } special)
        {
            return special;
        }

        return NeverOperands.Contains(first.Text) ? throw Tokens.SyntaxError() : ParseNamed();
    }

    /// <summary>Reads a column, <c>t.*</c>, a call or a lambda: what starts with a name.</summary>
    private SyntaxNode ParseNamed()
    {
        Token first = Tokens.Next();
        if (Tokens.Take(TokenKind.Arrow))
        {
            SyntaxNode body = _parser.ParseExpression();
            return new LambdaSyntax([first.Text], body, Tokens.SpanFrom(first.Span));
        }

        List<string> parts = [first.Text];
        while (Tokens.Is(TokenKind.Dot))
        {
            Token next = Tokens.Peek(1);
            if (next.Kind == TokenKind.Star)
            {
                Tokens.Position += 2;
                return new StarSyntax(parts, Tokens.SpanFrom(first.Span));
            }

            if (!next.IsName)
            {
                Tokens.Next();
                throw Tokens.SyntaxError();
            }

            parts.Add(next.Text);
            Tokens.Position += 2;
        }

        return Tokens.Is(TokenKind.LeftParenthesis)
            ? _calls.ParseArguments(parts, first.Span)
            : new NameSyntax(parts, Tokens.SpanFrom(first.Span));
    }

    /// <summary>A parameter that has a value is that value, a literal; it is never read as text.</summary>
    private SyntaxNode ParseParameter(Token colon)
    {
        string name = Tokens.ExpectName();
        TextSpan span = Tokens.SpanFrom(colon.Span);
        return Tokens.Parameters?.Find(name) is Literal value
            ? new LiteralSyntax(value.Value, value.Type, span)
            : new ParameterSyntax(name, span);
    }

    private SyntaxNode ParseParenthesis()
    {
        Token first = Tokens.Next();
        if (AtLambda())
        {
            return ParseLambda(first);
        }

        if (_parser.AtQuery || AtNestedQuery())
        {
            SyntaxNode query = _parser.ParseQuery();
            Tokens.Expect(TokenKind.RightParenthesis);
            return new ScalarSubquerySyntax(query, Tokens.SpanFrom(first.Span));
        }

        List<SyntaxNode> items = [];
        do
        {
            items.Add(ParseMaybeAliased());
        }
        while (Tokens.Take(TokenKind.Comma));
        Tokens.Expect(TokenKind.RightParenthesis);
        TextSpan span = Tokens.SpanFrom(first.Span);
        return items is [not AliasSyntax] ? items[0] with { Span = span } : new TupleSyntax(items, span);
    }

    /// <summary>Whether another parenthesis opens a query, as in <c>((SELECT 1) UNION (SELECT 2))</c>.</summary>
    private bool AtNestedQuery()
    {
        int start = Tokens.Position;
        int depth = 0;
        while (Tokens.Take(TokenKind.LeftParenthesis))
        {
            depth++;
        }

        bool query = false;
        if (depth > 0 && _parser.AtQuery)
        {
            // ((SELECT 1) + 1) is an expression: look at what follows the inner query.
            for (int open = depth; !Tokens.AtEnd && open >= depth;)
            {
                TokenKind kind = Tokens.Next().Kind;
                open += kind == TokenKind.LeftParenthesis ? 1 : kind == TokenKind.RightParenthesis ? -1 : 0;
            }

            query = Tokens.Is("UNION") || Tokens.Is("INTERSECT") || Tokens.Is("EXCEPT") || Tokens.Is("MINUS") ||
                Tokens.Is("ORDER") || Tokens.Is("LIMIT");
        }

        Tokens.Position = start;
        return query;
    }

    /// <summary>Reads an expression that may be named: <c>x AS y</c>.</summary>
    internal SyntaxNode ParseMaybeAliased()
    {
        SyntaxNode node = _parser.ParseExpression();
        return Tokens.Take("AS") ? new AliasSyntax(node, Tokens.ExpectName(), Tokens.SpanFrom(node.Span)) : node;
    }

    private bool AtLambda()
    {
        int distance = 0;
        while (Tokens.Peek(distance).IsName && Tokens.Peek(distance + 1).Kind == TokenKind.Comma)
        {
            distance += 2;
        }

        return Tokens.Peek(distance).IsName && Tokens.Peek(distance + 1).Kind == TokenKind.RightParenthesis &&
            Tokens.Peek(distance + 2).Kind == TokenKind.Arrow;
    }

    private LambdaSyntax ParseLambda(Token first)
    {
        List<string> parameters = [];
        do
        {
            parameters.Add(Tokens.ExpectName());
        }
        while (Tokens.Take(TokenKind.Comma));
        Tokens.Expect(TokenKind.RightParenthesis);
        Tokens.Expect(TokenKind.Arrow);
        SyntaxNode body = _parser.ParseExpression();
        return new LambdaSyntax(parameters, body, Tokens.SpanFrom(first.Span));
    }

    private CaseSyntax ParseCase()
    {
        Token first = Tokens.Next();
        SyntaxNode? operand = Tokens.Is("WHEN") ? null : _parser.ParseExpression();
        List<CaseBranch> branches = [];
        do
        {
            Tokens.Expect("WHEN");
            SyntaxNode condition = _parser.ParseExpression();
            Tokens.Expect("THEN");
            branches.Add(new CaseBranch(condition, _parser.ParseExpression()));
        }
        while (Tokens.Is("WHEN"));
        SyntaxNode? otherwise = Tokens.Take("ELSE") ? _parser.ParseExpression() : null;
        Tokens.Expect("END");
        return new CaseSyntax(operand, branches, otherwise, Tokens.SpanFrom(first.Span));
    }
}
