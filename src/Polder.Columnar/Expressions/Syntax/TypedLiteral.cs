using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>Literals of a type's name and a string: <c>DATE '2020-01-01'</c>, <c>X'1F'</c>.</summary>
internal static class TypedLiteral
{
    /// <summary>The literal, its value checked.</summary>
    public static LiteralSyntax Parse(string typeName, string text, TextSpan span)
    {
        string name = typeName.ToUpperInvariant();
        return name switch
        {
            "DATE" => new LiteralSyntax(
                DatetimeText.TryParseDate(text, out int days) ? days : throw NotRead(name, text, span),
                DataType.Date,
                span),
            "TIMESTAMP" => ParseTimestamp(name, text, span),
            "TIMESTAMP_LTZ" => ParseTimestamp(name, text, span),
            "TIMESTAMP_NTZ" => new LiteralSyntax(
                DatetimeText.TryParseTimestamp(text, applyZone: false, out long wall, out _)
                    ? wall
                    : throw NotRead(name, text, span),
                DataType.TimestampNtz,
                span),
            "TIME" => new LiteralSyntax(
                DatetimeText.TryParseTime(text, out long time) ? time : throw Invalid(name, text, span),
                DataType.Time(),
                span),
            "X" => new LiteralSyntax(ParseHex(text, span), DataType.Binary, span),
            _ => throw Unsupported(name, span),
        };
    }

    /// <summary>The error of a text that is no value of its type.</summary>
    public static QueryException Invalid(string typeName, string text, TextSpan span) => new(
        "INVALID_TYPED_LITERAL",
        "42604",
        $"'{text}' is no {typeName}",
        new Dictionary<string, string>
        {
            ["valueType"] = $"\"{typeName}\"",
            ["value"] = StringText.Quote(text),
        },
        span);

    private static LiteralSyntax ParseTimestamp(string name, string text, TextSpan span) => new(
        DatetimeText.TryParseTimestamp(text, applyZone: true, out long instant, out _)
            ? instant
            : throw NotRead(name, text, span),
        DataType.Timestamp,
        span);

    /// <summary>Texts that depend on the clock are refused: a literal here is a constant of its text.</summary>
    private static QueryException NotRead(string name, string text, TextSpan span) =>
        text.Trim().ToLowerInvariant() is "now" or "today" or "tomorrow" or "yesterday" ||
            (name != "DATE" && DatetimeText.IsTimeOnly(text))
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
