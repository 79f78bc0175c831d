using System.Collections.Generic;
using System.Text;
using System;
using Polder.Columns;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Syntax;

/// <summary>
/// The literals of INTERVAL: <c>INTERVAL 1 DAY 2 HOURS</c>, <c>INTERVAL '1-2' YEAR TO MONTH</c> and
/// <c>INTERVAL '1 day 2 hours'</c>. Months and time do not mix.
/// </summary>
internal static class IntervalLiteral
{
    /// <summary>Reads a literal; the next token is INTERVAL.</summary>
    public static LiteralSyntax Parse(TokenStream tokens)
    {
        Token first = tokens.Next();
        Token value = tokens.Current;
        Token unit = tokens.Peek(1);
        if (value.Kind == TokenKind.String && !(unit.IsName && IntervalUnit.TryFind(unit.Text, out _)))
        {
            tokens.Next();
            if (tokens.Is(TokenKind.String))
            {
                throw tokens.SyntaxError();
            }

            return ParseText(value.Text, first.Span.Cover(value.Span), tokens);
        }

        string text = ReadValue(tokens);
        unit = tokens.Current;
        if (unit.Kind == TokenKind.Identifier && tokens.Peek(1).Is("TO"))
        {
            tokens.Position += 2;
            Token end = tokens.Next();
            return ParseRange(text, unit, end, tokens.SpanFrom(first.Span));
        }

        StringBuilder all = new();
        while (true)
        {
            unit = tokens.Current;
            if (!unit.IsName || !IntervalUnit.TryFind(unit.Text, out _))
            {
                throw tokens.SyntaxError();
            }

            all.Append(' ').Append(text).Append(' ').Append(tokens.Next().Text.ToLowerInvariant());
            if (!AtNextUnit(tokens))
            {
                break;
            }

            text = ReadValue(tokens);
        }

        return ParseUnits(all.ToString(), tokens.SpanFrom(first.Span), tokens);
    }

    /// <summary>The literal of a text that names its own units.</summary>
    public static LiteralSyntax ParseText(string text, TextSpan span, TokenStream tokens)
    {
        IntervalPhrase parsed = IntervalPhrase.Parse(text);
        return parsed.Error is null ? Build(parsed, span, tokens.TextOf(span)) : throw Invalid(text, span);
    }

    private static LiteralSyntax ParseUnits(string text, TextSpan span, TokenStream tokens)
    {
        IntervalPhrase parsed = IntervalPhrase.Parse(text);
        if (parsed.Error is not null)
        {
            Dictionary<string, string> parameters = new() { ["input"] = text };
            if (parsed.Error == "INVALID_FRACTION")
            {
                parameters["unit"] = parsed.ErrorUnit;
            }

            throw new QueryException(
                $"INVALID_INTERVAL_FORMAT.{parsed.Error}",
                "22006",
                $"'{text.Trim()}' is no interval: {parsed.ErrorDetail}",
                parameters,
                span);
        }

        return Build(parsed, span, tokens.TextOf(span));
    }

    private static bool AtNextUnit(TokenStream tokens)
    {
        int distance = tokens.Current.Kind is TokenKind.Plus or TokenKind.Minus ? 1 : 0;
        Token value = tokens.Peek(distance);
        Token unit = tokens.Peek(distance + 1);
        return value.Kind is TokenKind.Integer or TokenKind.Decimal or TokenKind.String &&
            unit.Kind == TokenKind.Identifier && IntervalUnit.TryFind(unit.Text, out _);
    }

    private static string ReadValue(TokenStream tokens)
    {
        bool negative = tokens.Take(TokenKind.Minus);
        if (!negative)
        {
            tokens.Take(TokenKind.Plus);
        }

        Token value = tokens.Next();
        if (value.Kind is not (TokenKind.Integer or TokenKind.Decimal or TokenKind.String))
        {
            throw tokens.SyntaxError(value);
        }

        string text = value.Text.Trim();
        return !negative ? text
            : text.StartsWith('-') ? text[1..]
            : text.StartsWith('+') ? "-" + text[1..]
            : "-" + text;
    }

    private static LiteralSyntax Build(IntervalPhrase parsed, TextSpan span, string source)
    {
        if (parsed.CountsMonths && parsed.CountsTime)
        {
            throw new QueryException(
                "_LEGACY_ERROR_TEMP_0029",
                "",
                $"an interval cannot mix months and time: {source}",
                new Dictionary<string, string> { ["literal"] = source },
                span);
        }

        if (parsed.CountsMonths)
        {
            return new LiteralSyntax(
                parsed.Months, DataType.YearMonthInterval(parsed.Coarsest, parsed.Finest), span);
        }

        Int128 total = ((Int128)parsed.Days * IntervalUnit.MicrosecondsPerDay) + parsed.Microseconds;
        return total <= long.MaxValue && total >= long.MinValue
            ? new LiteralSyntax((long)total, DataType.DayTimeInterval(parsed.Coarsest, parsed.Finest), span)
            : throw new QueryException(
                "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION",
                "22015",
                $"the interval is too long: {source}",
                span: span);
    }

    private static LiteralSyntax ParseRange(string text, Token from, Token to, TextSpan span)
    {
        if (!TryField(from, out IntervalField start) || !TryField(to, out IntervalField end) || end <= start ||
            (start <= IntervalField.Month) != (end <= IntervalField.Month))
        {
            throw new QueryException(
                "INVALID_INTERVAL_FORMAT.UNSUPPORTED_FROM_TO_EXPRESSION",
                "22006",
                $"no interval goes from {from.Text} to {to.Text}",
                new Dictionary<string, string>
                {
                    ["input"] = text,
                    ["from"] = from.Text.ToLowerInvariant(),
                    ["to"] = to.Text.ToLowerInvariant(),
                },
                span);
        }

        DataType type = start == IntervalField.Year
            ? DataType.YearMonthInterval(start, end)
            : DataType.DayTimeInterval(start, end);
        bool read = new IntervalParser(type).TryParse(
            Encoding.UTF8.GetBytes(text), out long value, out QueryException? failure);
        return read
            ? new LiteralSyntax(start == IntervalField.Year ? (object)(int)value : value, type, span)
            : throw Unread(type, text, failure!, span);
    }

    /// <summary>Spark has an error of its own for a field of a day-time literal that is too large.</summary>
    private static QueryException Unread(DataType type, string text, QueryException failure, TextSpan span)
    {
        bool tooLarge = type.Kind == TypeKind.DayTimeInterval &&
            failure.Condition == "INVALID_INTERVAL_FORMAT.INTERVAL_PARSING";
        string message = $"requirement failed: a field of '{text}' is outside its range";
        return tooLarge
            ? new QueryException(
                "_LEGACY_ERROR_TEMP_0063",
                "",
                message,
                new Dictionary<string, string> { ["msg"] = message },
                span)
            : new QueryException(failure.Condition, failure.SqlState, failure.Message, failure.Parameters, span);
    }

    private static bool TryField(Token token, out IntervalField field) =>
        Enum.TryParse(token.Text, ignoreCase: true, out field) && token.IsName &&
        string.Equals(field.ToString(), token.Text, StringComparison.OrdinalIgnoreCase);

    private static QueryException Invalid(string text, TextSpan span) => TypedLiteral.Invalid("INTERVAL", text, span);
}
