using System;
using System.Collections.Generic;
using System.Text;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Casts;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Syntax;

/// <summary>Literals of a type's name and a string: <c>DATE '2020-01-01'</c>, <c>X'1F'</c>.</summary>
internal static class TypedLiteral
{
    /// <summary>The literal, its value checked.</summary>
    public static LiteralSyntax Parse(string typeName, string text, TextSpan span)
    {
        string name = typeName.ToUpperInvariant();
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        bool epoch = text.Trim().Equals("epoch", StringComparison.OrdinalIgnoreCase);
        switch (name)
        {
            case "DATE":
                int day = 0;
                return epoch || TemporalParser.TryParseDate(utf8, out day)
                    ? new LiteralSyntax(day, DataType.Date, span)
                    : throw NotRead(name, text, span);
            case "TIMESTAMP" or "TIMESTAMP_LTZ":
                long instant = 0;
                return epoch || TemporalParser.TryParseTimestamp(utf8, Zone.Utc, ParseTimestamp.UnknownDay, out instant)
                    ? new LiteralSyntax(instant, DataType.Timestamp, span)
                    : throw NotRead(name, text, span);
            case "TIMESTAMP_NTZ":
                long wall = 0;
                return epoch || TemporalParser.TryParseTimestampNtz(utf8, out wall)
                    ? new LiteralSyntax(wall, DataType.TimestampNtz, span)
                    : throw NotRead(name, text, span);
            case "TIME":
                return TemporalParser.TryParseTime(utf8, out long time)
                    ? new LiteralSyntax(time, DataType.Time(), span)
                    : throw Invalid(name, text, span);
            case "X":
                return new LiteralSyntax(ParseHex(text, span), DataType.Binary, span);
            default:
                throw Unsupported(name, span);
        }
    }

    /// <summary>The error of a text that is no value of its type.</summary>
    public static QueryException Invalid(string typeName, string text, TextSpan span) => new(
        "INVALID_TYPED_LITERAL",
        "42604",
        $"'{text}' is no {typeName}",
        new Dictionary<string, string>
        {
            ["valueType"] = $"\"{typeName}\"",
            ["value"] = SqlText.Quote(text),
        },
        span);

    /// <summary>Texts that depend on the clock are refused: a literal here is a constant of its text.</summary>
    private static QueryException NotRead(string name, string text, TextSpan span) =>
        text.Trim().ToLowerInvariant() is "now" or "today" or "tomorrow" or "yesterday"
            ? QueryException.NotYet($"{name} '{text}', which depends on the day it is read,", span)
            : Invalid(name, text, span);

    private static byte[] ParseHex(string text, TextSpan span)
    {
        string padded = text.Length % 2 == 0 ? text : "0" + text;
        byte[] value = new byte[padded.Length / 2];
        return Convert.FromHexString(padded, value, out _, out _) == System.Buffers.OperationStatus.Done
            ? value
            : throw Invalid("X", text, span);
    }

    private static QueryException Unsupported(string name, TextSpan span) => new(
        "UNSUPPORTED_TYPED_LITERAL",
        "0A000",
        $"no type {name} has literals; DATE, TIMESTAMP, TIMESTAMP_NTZ, TIMESTAMP_LTZ, TIME, INTERVAL and X have",
        new Dictionary<string, string>
        {
            ["unsupportedType"] = $"\"{name}\"",
            ["supportedTypes"] =
                "\"DATE\", \"TIMESTAMP_NTZ\", \"TIMESTAMP_LTZ\", \"TIMESTAMP\", \"INTERVAL\", \"X\", \"TIME\"",
        },
        span);
}
