using System;
using System.Collections.Generic;
using System.Globalization;
using Polder.Columns;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>Spark's run-time errors: condition, SQL state, parameters.</summary>
internal static class Failures
{
    private const string AnsiConfig = "\"spark.sql.ansi.enabled\"";

    /// <summary>An operation of int, bigint, or a unary one, out of range.</summary>
    /// <param name="tryFunction">
    /// The function that yields null instead, without its prefix; null where there is none.
    /// </param>
    /// <param name="span">The call in the text.</param>
    /// <param name="what">Spark's own words.</param>
    public static QueryException ArithmeticOverflow(
        string? tryFunction, TextSpan span, string what = "overflow") => new(
        "ARITHMETIC_OVERFLOW",
        "22003",
        tryFunction is null ? what : $"{what}; use 'try_{tryFunction}' to get NULL instead",
        new Dictionary<string, string>
        {
            ["message"] = what,
            ["alternative"] = tryFunction is null
                ? ""
                : $" Use 'try_{tryFunction}' to tolerate overflow and return NULL instead.",
            ["config"] = AnsiConfig,
        },
        span);

    /// <summary>tinyint or smallint out of range.</summary>
    public static QueryException BinaryOverflow(
        string left, string symbol, string right, string tryFunction, TextSpan span) => new(
        "BINARY_ARITHMETIC_OVERFLOW",
        "22003",
        $"{left} {symbol} {right} caused overflow; use 'try_{tryFunction}' to get NULL instead",
        new Dictionary<string, string>
        {
            ["value1"] = left,
            ["symbol"] = symbol,
            ["value2"] = right,
            ["functionName"] = $"`try_{tryFunction}`",
        },
        span);

    /// <summary>x / 0 and x div 0.</summary>
    public static QueryException DivideByZero(TextSpan span) => new(
        "DIVIDE_BY_ZERO",
        "22012",
        "division by zero; use 'try_divide' to get NULL instead",
        new Dictionary<string, string> { ["config"] = AnsiConfig },
        span);

    /// <summary>x % 0.</summary>
    public static QueryException RemainderByZero(TextSpan span) => new(
        "REMAINDER_BY_ZERO",
        "22012",
        "remainder by zero; use 'try_mod' to get NULL instead",
        new Dictionary<string, string> { ["config"] = AnsiConfig },
        span);

    /// <summary>A decimal that its type cannot hold.</summary>
    /// <param name="value">The exact value, plain digits.</param>
    /// <param name="type">The decimal type.</param>
    /// <param name="span">The call in the text.</param>
    public static QueryException DecimalOutOfRange(string value, DataType type, TextSpan span) => new(
        "NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION",
        "22003",
        $"{value} cannot be held as {type}; use 'try_cast' to get NULL instead",
        new Dictionary<string, string>
        {
            ["value"] = value,
            ["precision"] = type.Precision.ToString(CultureInfo.InvariantCulture),
            ["scale"] = type.Scale.ToString(CultureInfo.InvariantCulture),
            ["config"] = AnsiConfig,
        },
        span);

    /// <summary>
    /// A decimal of more than 34 digits that Spark's negation rounds up to a power of ten that its type cannot hold.
    /// </summary>
    public static QueryException RoundedOutOfRange(Int128 value, DataType type, TextSpan span)
    {
        string sign = value < 0 ? "-" : "";
        string digits = $"1{new string('0', type.Precision)}";
        string rounded = type.Scale == 0
            ? sign + digits
            : $"{sign}{digits[..^type.Scale]}.{digits[^type.Scale..]}";
        int exponent = type.Precision - type.Scale;
        string original = type.Precision - type.Scale >= 34
            ? string.Create(CultureInfo.InvariantCulture, $"{sign}1.{new string('0', 33)}E+{exponent}")
            : $"{sign}1{new string('0', exponent)}.{new string('0', 33 - exponent)}";
        return new QueryException(
            "NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION",
            "22003",
            $"{rounded} cannot be held as {type}",
            new Dictionary<string, string>
            {
                ["roundedValue"] = rounded,
                ["originalValue"] = original,
                ["precision"] = type.Precision.ToString(CultureInfo.InvariantCulture),
                ["scale"] = type.Scale.ToString(CultureInfo.InvariantCulture),
            },
            span);
    }

    /// <summary>A text with more integral digits than any decimal has.</summary>
    public static QueryException NumberOutOfRange(string text, TextSpan span) => new(
        "NUMERIC_OUT_OF_SUPPORTED_RANGE",
        "22003",
        $"{text} has more than 38 digits",
        new Dictionary<string, string> { ["value"] = text },
        span);

    /// <summary>A value whose text or form is none of the target's.</summary>
    public static QueryException CastInvalidInput(string value, DataType source, DataType target, TextSpan span) => new(
        "CAST_INVALID_INPUT",
        "22018",
        $"{value} of type {SqlText.TypeName(source)} is no {SqlText.TypeName(target)}; use 'try_cast' to get NULL",
        new Dictionary<string, string>
        {
            ["expression"] = value,
            ["sourceType"] = SqlText.QuotedTypeName(source),
            ["targetType"] = SqlText.QuotedTypeName(target),
            ["ansiConfig"] = AnsiConfig,
        },
        span);

    /// <summary>A value that the target's range does not hold.</summary>
    public static QueryException CastOverflow(string value, DataType source, DataType target, TextSpan span) => new(
        "CAST_OVERFLOW",
        "22003",
        $"{value} of type {SqlText.TypeName(source)} overflows {SqlText.TypeName(target)}; use 'try_cast' to get NULL",
        new Dictionary<string, string>
        {
            ["value"] = value,
            ["sourceType"] = SqlText.QuotedTypeName(source),
            ["targetType"] = SqlText.QuotedTypeName(target),
            ["ansiConfig"] = AnsiConfig,
        },
        span);

    /// <summary>Interval arithmetic out of range.</summary>
    /// <param name="tryFunction">The function that yields null instead; null where there is none.</param>
    /// <param name="span">The call in the text.</param>
    public static QueryException IntervalOverflow(string? tryFunction, TextSpan span) => tryFunction is null
        ? new QueryException(
            "INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION", "22015", "interval arithmetic overflow", span: span)
        : new QueryException(
            "INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION",
            "22015",
            $"interval arithmetic overflow; use 'try_{tryFunction}' to get NULL instead",
            new Dictionary<string, string> { ["functionName"] = $"`try_{tryFunction}`" },
            span);

    /// <summary>interval / 0.</summary>
    public static QueryException IntervalDividedByZero(TextSpan span) => new(
        "INTERVAL_DIVIDED_BY_ZERO",
        "22012",
        "interval divided by zero; use 'try_divide' to get NULL instead",
        span: span);

    /// <summary>A time or a timestamp out of range.</summary>
    public static QueryException DatetimeOverflow(string operation, TextSpan span) => new(
        "DATETIME_OVERFLOW",
        "22008",
        $"datetime overflow: {operation}",
        new Dictionary<string, string> { ["operation"] = operation },
        span);

    /// <summary>A calendar interval with a part of a day, added to a date.</summary>
    public static QueryException IntervalWithMicroseconds(TextSpan span) => new(
        "INVALID_INTERVAL_WITH_MICROSECONDS_ADDITION",
        "22006",
        "an interval with microseconds cannot be added to a date",
        span: span);

    /// <summary>A text that is no interval of that form.</summary>
    public static QueryException IntervalFormat(
        string condition, IReadOnlyDictionary<string, string> parameters) => new(
        $"INVALID_INTERVAL_FORMAT.{condition}",
        "22006",
        $"'{parameters["input"]}' is no interval: {condition}",
        parameters);

    /// <summary>A pattern of LIKE whose escape character escapes nothing that it may.</summary>
    public static QueryException LikePattern(string condition, string pattern, string? character, TextSpan span)
    {
        Dictionary<string, string> parameters = new() { ["format"] = SqlText.Quote(pattern) };
        if (character is not null)
        {
            parameters["char"] = SqlText.Quote(character);
        }

        return new QueryException(
            $"INVALID_FORMAT.{condition}", "42601", $"{parameters["format"]} is no pattern of LIKE", parameters, span);
    }
}
