using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>Reads function calls: arguments, modifiers, windows, forms with words between arguments.</summary>
internal sealed class CallParser
{
    private readonly ExpressionParser _parser;

    public CallParser(ExpressionParser parser)
    {
        _parser = parser;
    }

    private TokenStream Tokens => _parser.Tokens;

    /// <summary>Reads a form with a syntax of its own, if the next word starts one.</summary>
    public SyntaxNode? ParseSpecial()
    {
        Token first = Tokens.Current;
        int start = Tokens.Position;
        SyntaxNode? node = first.Text.ToUpperInvariant() switch
        {
            "CAST" => ParseCast(CastMode.Ansi),
            "TRY_CAST" => ParseCast(CastMode.Try),
            "EXTRACT" => ParseExtract(),
            "SUBSTRING" or "SUBSTR" => ParseWithWords(first.Text, "substring", "FROM", "FOR"),
            "OVERLAY" => ParseWithWords(first.Text, "overlay", "PLACING", "FROM", "FOR"),
            "POSITION" => ParsePosition(),
            "TRIM" => ParseTrim(),
            _ => null,
        };
        if (node is null)
        {
            Tokens.Position = start;
        }

        return node;
    }

    /// <summary>Reads the arguments of a call and what follows them.</summary>
    public CallSyntax ParseArguments(IReadOnlyList<string> name, TextSpan first)
    {
        Tokens.Expect(TokenKind.LeftParenthesis);
        bool quantified = Tokens.Peek(1).Kind is not (TokenKind.Comma or TokenKind.RightParenthesis or TokenKind.Dot);
        bool distinct = quantified && Tokens.Take("DISTINCT");
        if (quantified && !distinct)
        {
            Tokens.Take("ALL");
        }

        List<SyntaxNode> arguments = Tokens.Is(TokenKind.RightParenthesis) ? [] : [ParseArgument()];
        return ParseRest(name, arguments, distinct, first);
    }

    /// <summary>Reads on after the first argument.</summary>
    private CallSyntax ParseRest(
        IReadOnlyList<string> name, List<SyntaxNode> arguments, bool distinct, TextSpan first)
    {
        while (Tokens.Take(TokenKind.Comma))
        {
            arguments.Add(ParseArgument());
        }

        bool? ignoreNulls = ParseNulls();
        Tokens.Expect(TokenKind.RightParenthesis);
        return ParseModifiers(
            new CallSyntax(name, arguments, first) { Distinct = distinct, IgnoreNulls = ignoreNulls }, first);
    }

    private SyntaxNode ParseArgument()
    {
        Token name = Tokens.Current;
        if (name.IsName && Tokens.Peek(1).Kind == TokenKind.FatArrow)
        {
            Tokens.Position += 2;
            SyntaxNode value = _parser.ParseExpression();
            return new NamedArgumentSyntax(name.Text, value, Tokens.SpanFrom(name.Span));
        }

        SyntaxNode node = _parser.ParseExpression();
        return Tokens.Take("AS") ? new AliasSyntax(node, Tokens.ExpectName(), Tokens.SpanFrom(node.Span)) : node;
    }

    private bool? ParseNulls() =>
        Tokens.Take("IGNORE", "NULLS") ? true : Tokens.Take("RESPECT", "NULLS") ? false : null;

    private CallSyntax ParseModifiers(CallSyntax call, TextSpan first)
    {
        if (Tokens.Take("WITHIN", "GROUP"))
        {
            Tokens.Expect(TokenKind.LeftParenthesis);
            Tokens.Expect("ORDER", "BY");
            call = call with { WithinGroup = _parser.ParseSortItems() };
            Tokens.Expect(TokenKind.RightParenthesis);
        }

        if (Tokens.Is("FILTER") && Tokens.Peek(1).Kind == TokenKind.LeftParenthesis)
        {
            Tokens.Position += 2;
            Tokens.Expect("WHERE");
            call = call with { Filter = _parser.ParseExpression() };
            Tokens.Expect(TokenKind.RightParenthesis);
        }

        call = call with { IgnoreNulls = ParseNulls() ?? call.IgnoreNulls };
        if (Tokens.Is("OVER") && Tokens.Peek(1) is { } next && (next.IsName || next.Kind == TokenKind.LeftParenthesis))
        {
            Tokens.Next();
            call = call with { Window = ParseWindow() };
        }

        return call with { Span = Tokens.SpanFrom(first) };
    }

    /// <summary>Reads a window's name, or its specification in parentheses.</summary>
    public WindowSyntax ParseWindow()
    {
        Token first = Tokens.Current;
        if (first.IsName)
        {
            return new WindowSyntax(Tokens.ExpectName(), [], [], null, first.Span);
        }

        Tokens.Expect(TokenKind.LeftParenthesis);
        if (Tokens.Current.IsName && Tokens.Peek(1).Kind == TokenKind.RightParenthesis)
        {
            string name = Tokens.ExpectName();
            Tokens.Next();
            return new WindowSyntax(name, [], [], null, Tokens.SpanFrom(first.Span));
        }

        List<SyntaxNode> partitionBy = [];
        List<SortItemSyntax> orderBy = [];
        if (Tokens.Take("CLUSTER", "BY"))
        {
            partitionBy = _parser.ParseExpressions();
        }
        else
        {
            if (Tokens.Take("PARTITION", "BY") || Tokens.Take("DISTRIBUTE", "BY"))
            {
                partitionBy = _parser.ParseExpressions();
            }

            if (Tokens.Take("ORDER", "BY") || Tokens.Take("SORT", "BY"))
            {
                orderBy = _parser.ParseSortItems();
            }
        }

        WindowFrameSyntax? frame = ParseFrame();
        Tokens.Expect(TokenKind.RightParenthesis);
        return new WindowSyntax(null, partitionBy, orderBy, frame, Tokens.SpanFrom(first.Span));
    }

    private WindowFrameSyntax? ParseFrame()
    {
        bool rows = Tokens.Is("ROWS");
        if (!rows && !Tokens.Is("RANGE"))
        {
            return null;
        }

        Tokens.Next();
        if (!Tokens.Take("BETWEEN"))
        {
            return new WindowFrameSyntax(rows, ParseBound(), new FrameBoundSyntax(FrameBoundKind.CurrentRow, null));
        }

        FrameBoundSyntax start = ParseBound();
        Tokens.Expect("AND");
        return new WindowFrameSyntax(rows, start, ParseBound());
    }

    private FrameBoundSyntax ParseBound()
    {
        if (Tokens.Take("CURRENT", "ROW"))
        {
            return new FrameBoundSyntax(FrameBoundKind.CurrentRow, null);
        }

        if (Tokens.Take("UNBOUNDED"))
        {
            return new FrameBoundSyntax(
                Precedes() ? FrameBoundKind.UnboundedPreceding : FrameBoundKind.UnboundedFollowing, null);
        }

        SyntaxNode offset = _parser.ParseValue();
        return new FrameBoundSyntax(Precedes() ? FrameBoundKind.Preceding : FrameBoundKind.Following, offset);
    }

    private bool Precedes()
    {
        bool preceding = Tokens.Take("PRECEDING");
        if (!preceding)
        {
            Tokens.Expect("FOLLOWING");
        }

        return preceding;
    }

    private CastSyntax ParseCast(CastMode mode)
    {
        TextSpan first = Tokens.Next().Span;
        Tokens.Expect(TokenKind.LeftParenthesis);
        SyntaxNode operand = _parser.ParseExpression();
        Tokens.Expect("AS");
        DataType type = new TypeParser(Tokens).ParseType();
        Tokens.Expect(TokenKind.RightParenthesis);
        return new CastSyntax(operand, type, mode, Tokens.SpanFrom(first));
    }

    private ExtractSyntax? ParseExtract()
    {
        TextSpan first = Tokens.Next().Span;
        Tokens.Next();
        Token field = Tokens.Next();
        if (!(field.IsName || field.Kind == TokenKind.String) || !Tokens.Take("FROM"))
        {
            return null;
        }

        SyntaxNode source = _parser.ParseExpression();
        Tokens.Expect(TokenKind.RightParenthesis);
        return new ExtractSyntax(field.Text, source, Tokens.SpanFrom(first));
    }

    /// <summary>Reads <c>f(a WORD b [LAST c])</c>, or an ordinary call where no word follows the argument.</summary>
    private CallSyntax ParseWithWords(string name, string nameWithWords, params string[] words)
    {
        TextSpan first = Tokens.Next().Span;
        Tokens.Next();
        List<SyntaxNode> arguments = Tokens.Is(TokenKind.RightParenthesis) ? [] : [ParseArgument()];
        if (!Tokens.Is(words[0]))
        {
            return ParseRest([name], arguments, distinct: false, first);
        }

        for (int wordIndex = 0; wordIndex < words.Length; wordIndex++)
        {
            if (Tokens.Take(words[wordIndex]))
            {
                arguments.Add(_parser.ParseExpression());
            }
            else if (wordIndex < words.Length - 1)
            {
                throw Tokens.SyntaxError();
            }
        }

        Tokens.Expect(TokenKind.RightParenthesis);
        return new CallSyntax([nameWithWords], arguments, Tokens.SpanFrom(first));
    }

    private CallSyntax? ParsePosition()
    {
        TextSpan first = Tokens.Next().Span;
        Tokens.Next();
        if (Tokens.Is(TokenKind.RightParenthesis) || Tokens.Peek(1).Kind == TokenKind.FatArrow)
        {
            return null;
        }

        List<SyntaxNode> arguments = [_parser.ParseValue()];
        if (!Tokens.Take("IN"))
        {
            return ParseRest(["position"], arguments, distinct: false, first);
        }

        arguments.Add(_parser.ParseValue());
        Tokens.Expect(TokenKind.RightParenthesis);
        return new CallSyntax(["position"], arguments, Tokens.SpanFrom(first));
    }

    private CallSyntax ParseTrim()
    {
        TextSpan first = Tokens.Next().Span;
        Tokens.Next();
        string name = Tokens.Take("LEADING") ? "ltrim" : Tokens.Take("TRAILING") ? "rtrim" : "trim";
        bool side = name != "trim" || Tokens.Take("BOTH");
        List<SyntaxNode> arguments = [];
        if (!Tokens.Is("FROM") && !Tokens.Is(TokenKind.RightParenthesis))
        {
            arguments.Add(ParseArgument());
        }

        if (!Tokens.Take("FROM"))
        {
            return side ? throw Tokens.SyntaxError() : ParseRest([name], arguments, distinct: false, first);
        }

        arguments.Insert(0, _parser.ParseExpression());
        Tokens.Expect(TokenKind.RightParenthesis);
        return new CallSyntax([name], arguments, Tokens.SpanFrom(first));
    }
}
