using System.Collections.Generic;
using System;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Syntax;

/// <summary>
/// Reads expressions with Spark's precedences (SqlBaseParser.g4, booleanExpression and valueExpression). A statement
/// parser shares its token stream and hands in how to read a query.
/// </summary>
internal sealed class ExpressionParser
{
    /// <summary>Operators and brackets inside one another; far beyond what people write, far below the stack.</summary>
    public const int MaximumDepth = 600;

    private readonly OperandParser _operands;
    private int _depth;

    /// <summary>Makes a parser over a shared stream.</summary>
    /// <param name="tokens">Where it reads.</param>
    /// <param name="parseQuery">
    /// Reads a query up to the closing parenthesis, which it leaves; null where subqueries are refused.
    /// </param>
    public ExpressionParser(TokenStream tokens, Func<SyntaxNode>? parseQuery = null)
    {
        Tokens = tokens;
        ParseQuery = parseQuery ?? RefuseQuery;
        _operands = new OperandParser(this);
    }

    /// <summary>Where this parser reads.</summary>
    public TokenStream Tokens { get; }

    /// <summary>Reads a query in parentheses.</summary>
    public Func<SyntaxNode> ParseQuery { get; }

    /// <summary>Whether the next tokens start a query.</summary>
    public bool AtQuery =>
        Tokens.Is("SELECT") ||
        ((Tokens.Is("FROM") || Tokens.Is("TABLE") || Tokens.Is("WITH")) && Tokens.Peek(1).IsName) ||
        (Tokens.Is("VALUES") && Tokens.Peek(1) is { } next &&
            (next.IsName || next.IsNumber || next.Kind is TokenKind.LeftParenthesis or TokenKind.String));

    /// <summary>Reads a whole text as one expression.</summary>
    public static SyntaxNode Parse(string text)
    {
        ExpressionParser parser = new(new TokenStream(text));
        SyntaxNode node = parser.ParseExpression();
        parser.Tokens.ExpectEnd();
        return node;
    }

    /// <summary>The error of an expression or a type that is nested too deep.</summary>
    public static QueryException TooDeep(TextSpan span) => new(
        "FAILED_TO_PARSE_TOO_COMPLEX",
        "54001",
        "the expression is nested too deep; split it up",
        span: span);

    /// <summary>Reads the next expression.</summary>
    public SyntaxNode ParseExpression()
    {
        Enter();
        SyntaxNode node = ParseChain(BinaryOperator.Or, "OR", () => ParseChain(BinaryOperator.And, "AND", ParseNot));
        Leave();
        return node;
    }

    /// <summary>Reads expressions with commas between them.</summary>
    public List<SyntaxNode> ParseExpressions()
    {
        List<SyntaxNode> nodes = [];
        do
        {
            nodes.Add(ParseExpression());
        }
        while (Tokens.Take(TokenKind.Comma));
        return nodes;
    }

    /// <summary>Reads what stands beside a comparison's predicate: everything that binds tighter than NOT.</summary>
    public SyntaxNode ParseValue()
    {
        Enter();
        SyntaxNode node = ParseBinary(Precedence.Comparison);
        Leave();
        return node;
    }

    /// <summary>Reads the items of ORDER BY.</summary>
    public List<SortItemSyntax> ParseSortItems()
    {
        List<SortItemSyntax> items = [];
        do
        {
            SyntaxNode key = ParseExpression();
            bool descending = Tokens.Take("DESC");
            if (!descending)
            {
                Tokens.Take("ASC");
            }

            bool nullsFirst = !descending;
            if (Tokens.Take("NULLS"))
            {
                nullsFirst = Tokens.Take("FIRST");
                if (!nullsFirst)
                {
                    Tokens.Expect("LAST");
                }
            }

            items.Add(new SortItemSyntax(key, descending, nullsFirst, Tokens.SpanFrom(key.Span)));
        }
        while (Tokens.Take(TokenKind.Comma));
        return items;
    }

    /// <summary>Counts one more level of nesting; the caller counts it off.</summary>
    internal void Enter()
    {
        if (++_depth > MaximumDepth)
        {
            throw TooDeep(Tokens.Current.Span);
        }
    }

    internal void Leave() => _depth--;

    /// <summary>
    /// A chain of AND or of OR becomes a balanced tree, so that thousands of terms are no deep recursion anywhere;
    /// left-to-right evaluation is the same.
    /// </summary>
    private SyntaxNode ParseChain(BinaryOperator chained, string keyword, Func<SyntaxNode> parseTerm)
    {
        SyntaxNode first = parseTerm();
        if (!Tokens.Is(keyword))
        {
            return first;
        }

        List<SyntaxNode> terms = [first];
        while (Tokens.Take(keyword))
        {
            terms.Add(parseTerm());
        }

        return Balance(chained, terms, 0, terms.Count);
    }

    private static SyntaxNode Balance(BinaryOperator chained, List<SyntaxNode> terms, int start, int count)
    {
        if (count == 1)
        {
            return terms[start];
        }

        int half = count - (count / 2);
        SyntaxNode left = Balance(chained, terms, start, half);
        SyntaxNode right = Balance(chained, terms, start + half, count - half);
        return new BinarySyntax(chained, left, right, left.Span.Cover(right.Span));
    }

    private SyntaxNode ParseNot()
    {
        Token first = Tokens.Current;
        if (!Tokens.Is("NOT") && !Tokens.Is(TokenKind.Bang))
        {
            return ParsePredicate();
        }

        Enter();
        Tokens.Next();
        SyntaxNode operand = ParseNot();
        Leave();
        return new UnarySyntax(UnaryOperator.Not, operand, Tokens.SpanFrom(first.Span));
    }

    private SyntaxNode ParsePredicate()
    {
        Token first = Tokens.Current;
        if (Tokens.Is("EXISTS") && Tokens.Peek(1).Kind == TokenKind.LeftParenthesis)
        {
            int start = Tokens.Position;
            Tokens.Position += 2;
            if (AtQuery)
            {
                SyntaxNode query = ParseQuery();
                Tokens.Expect(TokenKind.RightParenthesis);
                return new ExistsSyntax(query, Tokens.SpanFrom(first.Span));
            }

            Tokens.Position = start; // The higher-order function exists(array, x -> …).
        }

        SyntaxNode operand = ParseValue();
        if (Tokens.Is("IS"))
        {
            return ParseIs(operand);
        }

        int before = Tokens.Position;
        RefuseBang();
        bool negated = Tokens.Take("NOT");
        SyntaxNode? predicate = ParseAfter(operand, negated);
        if (predicate is null)
        {
            Tokens.Position = before;
        }

        return predicate ?? operand;
    }

    // a ! IN (1) was NOT IN in old versions.
    private void RefuseBang()
    {
        Token next = Tokens.Peek(1);
        if (Tokens.Is(TokenKind.Bang) &&
            (next.Is("BETWEEN") || next.Is("IN") || next.Is("LIKE") || next.Is("ILIKE") || next.Is("RLIKE")))
        {
            throw new QueryException(
                "SYNTAX_DISCONTINUED.BANG_EQUALS_NOT",
                "42601",
                "'!' is NOT only before an operand; write NOT here",
                new Dictionary<string, string> { ["clause"] = "!" },
                Tokens.Current.Span);
        }
    }

    private SyntaxNode? ParseAfter(SyntaxNode operand, bool negated)
    {
        if (Tokens.Take("BETWEEN"))
        {
            SyntaxNode lower = ParseValue();
            Tokens.Expect("AND");
            SyntaxNode upper = ParseValue();
            return new BetweenSyntax(operand, lower, upper, negated, Tokens.SpanFrom(operand.Span));
        }

        if (Tokens.Is("IN") && Tokens.Peek(1).Kind == TokenKind.LeftParenthesis)
        {
            return ParseIn(operand, negated);
        }

        return (Tokens.Current.Kind == TokenKind.Identifier ? Tokens.Current.Text.ToUpperInvariant() : "") switch
        {
            "LIKE" => ParseLike(operand, LikeOperator.Like, negated),
            "ILIKE" => ParseLike(operand, LikeOperator.ILike, negated),
            "RLIKE" or "REGEXP" => ParseLike(operand, LikeOperator.RLike, negated),
            _ => null,
        };
    }

    private SyntaxNode ParseIs(SyntaxNode operand)
    {
        Tokens.Next();
        bool negated = Tokens.Take("NOT");
        if (Tokens.Take("DISTINCT"))
        {
            Tokens.Expect("FROM");
            SyntaxNode right = ParseValue();
            TextSpan span = Tokens.SpanFrom(operand.Span);
            BinarySyntax same = new(BinaryOperator.NullSafeEqual, operand, right, span);
            return negated ? same : new UnarySyntax(UnaryOperator.Not, same, span);
        }

        IsTest test = Tokens.Take("NULL") ? IsTest.Null
            : Tokens.Take("TRUE") ? IsTest.True
            : Tokens.Take("FALSE") ? IsTest.False
            : Tokens.Take("UNKNOWN") ? IsTest.Unknown
            : throw Tokens.SyntaxError();
        return new IsSyntax(operand, test, negated, Tokens.SpanFrom(operand.Span));
    }

    private SyntaxNode ParseIn(SyntaxNode operand, bool negated)
    {
        Tokens.Position += 2;
        if (AtQuery)
        {
            SyntaxNode query = ParseQuery();
            Tokens.Expect(TokenKind.RightParenthesis);
            return new InSubquerySyntax(operand, query, negated, Tokens.SpanFrom(operand.Span));
        }

        if (Tokens.Take(TokenKind.RightParenthesis))
        {
            throw new QueryException(
                "INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE",
                "42000",
                "IN needs at least one value between its parentheses",
                span: Tokens.SpanFrom(operand.Span));
        }

        List<SyntaxNode> candidates = ParseExpressions();
        Tokens.Expect(TokenKind.RightParenthesis);
        return new InSyntax(operand, candidates, negated, Tokens.SpanFrom(operand.Span));
    }

    private LikeSyntax ParseLike(SyntaxNode operand, LikeOperator like, bool negated)
    {
        Tokens.Next();
        LikeQuantifier quantifier = LikeQuantifier.None;
        bool list = Tokens.Peek(1).Kind == TokenKind.LeftParenthesis && like != LikeOperator.RLike;
        if (list && (Tokens.Is("ANY") || Tokens.Is("SOME") || Tokens.Is("ALL")))
        {
            quantifier = Tokens.Next().Is("ALL") ? LikeQuantifier.All : LikeQuantifier.Any;
            Tokens.Next();
            List<SyntaxNode> patterns = Tokens.Is(TokenKind.RightParenthesis) ? throw NoPatterns() : ParseExpressions();
            Tokens.Expect(TokenKind.RightParenthesis);
            return new LikeSyntax(
                like, quantifier, operand, patterns, '\\', negated, Tokens.SpanFrom(operand.Span));
        }

        SyntaxNode pattern = ParseValue();
        char escape = '\\';
        if (like != LikeOperator.RLike && Tokens.Take("ESCAPE"))
        {
            Token character = Tokens.Expect(TokenKind.String);
            escape = character.Text.Length == 1 ? character.Text[0] : throw InvalidEscape(character);
        }

        return new LikeSyntax(like, quantifier, operand, [pattern], escape, negated, Tokens.SpanFrom(operand.Span));
    }

    private SyntaxNode ParseBinary(Precedence minimum)
    {
        SyntaxNode left = _operands.ParseSigned();
        int chained = 0;
        while (OperatorAt(Tokens.Current) is { } found && found.Precedence >= minimum)
        {
            // Left-deep chains cost depth when the tree is walked, not here: count them as nesting.
            Enter();
            chained++;
            Tokens.Next();
            SyntaxNode right = ParseBinary(found.Precedence + 1);
            left = new BinarySyntax(found.Operator, left, right, left.Span.Cover(right.Span));
        }

        _depth -= chained;
        return left;
    }

    private static (BinaryOperator Operator, Precedence Precedence)? OperatorAt(Token token) => token.Kind switch
    {
        TokenKind.Equal => (BinaryOperator.Equal, Precedence.Comparison),
        TokenKind.NullSafeEqual => (BinaryOperator.NullSafeEqual, Precedence.Comparison),
        TokenKind.NotEqual => (BinaryOperator.NotEqual, Precedence.Comparison),
        TokenKind.Less => (BinaryOperator.LessThan, Precedence.Comparison),
        TokenKind.LessOrEqual => (BinaryOperator.LessThanOrEqual, Precedence.Comparison),
        TokenKind.Greater => (BinaryOperator.GreaterThan, Precedence.Comparison),
        TokenKind.GreaterOrEqual => (BinaryOperator.GreaterThanOrEqual, Precedence.Comparison),
        TokenKind.Pipe => (BinaryOperator.BitwiseOr, Precedence.BitwiseOr),
        TokenKind.Caret => (BinaryOperator.BitwiseXor, Precedence.BitwiseXor),
        TokenKind.Ampersand => (BinaryOperator.BitwiseAnd, Precedence.BitwiseAnd),
        TokenKind.ShiftLeft => (BinaryOperator.ShiftLeft, Precedence.Shift),
        TokenKind.ShiftRight => (BinaryOperator.ShiftRight, Precedence.Shift),
        TokenKind.ShiftRightUnsigned => (BinaryOperator.ShiftRightUnsigned, Precedence.Shift),
        TokenKind.Plus => (BinaryOperator.Add, Precedence.Additive),
        TokenKind.Minus => (BinaryOperator.Subtract, Precedence.Additive),
        TokenKind.DoublePipe => (BinaryOperator.Concatenate, Precedence.Additive),
        TokenKind.Star => (BinaryOperator.Multiply, Precedence.Multiplicative),
        TokenKind.Slash => (BinaryOperator.Divide, Precedence.Multiplicative),
        TokenKind.Percent => (BinaryOperator.Remainder, Precedence.Multiplicative),
        TokenKind.Identifier when token.Is("DIV") => (BinaryOperator.IntegralDivide, Precedence.Multiplicative),
        _ => null,
    };

    private QueryException NoPatterns() => new(
        "_LEGACY_ERROR_TEMP_0064",
        "",
        "expected something between '(' and ')'",
        new Dictionary<string, string> { ["msg"] = "Expected something between '(' and ')'." },
        Tokens.Current.Span);

    private static QueryException InvalidEscape(Token token) => new(
        "INVALID_ESC",
        "42604",
        $"the escape of LIKE must be one character, not '{token.Text}'",
        new Dictionary<string, string> { ["invalidEscape"] = SqlText.Quote(token.Text) },
        token.Span);

    private SyntaxNode RefuseQuery() => throw QueryException.NotYet("a subquery here", Tokens.Current.Span);

    /// <summary>Loosest first.</summary>
    private enum Precedence
    {
        Comparison,
        BitwiseOr,
        BitwiseXor,
        BitwiseAnd,
        Shift,
        Additive,
        Multiplicative,
        Signed,
    }
}
