using System;
using System.Collections;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using Polder.Columns.Values;

namespace Polder.Expressions;

/// <summary>
/// A predicate in Spark SQL, written as an interpolated string. Every interpolated value becomes a typed literal, so
/// that no value can change what the predicate says. There is no way to make one from a plain string.
/// </summary>
[InterpolatedStringHandler]
public sealed class PredicateText
{
    private static readonly DateTime Epoch = new(1970, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly StringBuilder _text;

    /// <summary>Called by the compiler.</summary>
    public PredicateText(int literalLength, int formattedCount)
    {
        _text = new StringBuilder(literalLength + (16 * formattedCount));
    }

    /// <summary>Called by the compiler: text of the predicate.</summary>
    public void AppendLiteral(string text) => _text.Append(text);

    /// <summary>
    /// Called by the compiler: a value (numbers, text, bytes, dates and times, true and false, null) or a sequence of
    /// them, which becomes a list in brackets for IN.
    /// </summary>
    public void AppendFormatted<T>(T value)
    {
        if (value is IEnumerable values and not string and not byte[])
        {
            _text.Append('(').AppendJoin(", ", values.Cast<object?>().Select(FormatLiteral)).Append(')');
        }
        else
        {
            _text.Append(FormatLiteral(value));
        }
    }

    /// <summary>The predicate with its values as literals.</summary>
    public override string ToString() => _text.ToString();

    /// <summary>A value as a typed literal.</summary>
    /// <exception cref="ArgumentException">It has no counterpart in SQL.</exception>
    internal static string FormatLiteral(object? value) => value switch
    {
        null => "NULL",
        bool flag => flag ? "TRUE" : "FALSE",
        sbyte number => Invariant($"{number}Y"),
        byte number => Invariant($"{number}S"),
        short number => Invariant($"{number}S"),
        ushort number => Invariant($"{number}"),
        int number => Invariant($"{number}"),
        uint number => Invariant($"{number}L"),
        ulong number => Invariant($"{number}BD"),
        Half number => FormatLiteral((float)number),
        long number => Invariant($"{number}L"),
        float number => FormatFloating(number, "FLOAT", number.ToString("R", CultureInfo.InvariantCulture) + "F"),
        double number => FormatFloating(number, "DOUBLE", number.ToString("R", CultureInfo.InvariantCulture) + "D"),
        decimal number => Invariant($"{number}BD"),
        string text => Quote(text),
        char unit => Quote(unit.ToString()),
        Guid id => Quote(id.ToString("D", CultureInfo.InvariantCulture)),
        byte[] bytes => $"X'{Convert.ToHexString(bytes)}'",
        DateOnly date => Invariant($"DATE '{date:yyyy-MM-dd}'"),
        DateTimeOffset time => $"TIMESTAMP '{FormatTime(time.UtcDateTime)}Z'",
        DateTime { Kind: DateTimeKind.Utc } time => $"TIMESTAMP '{FormatTime(time)}Z'",
        DateTime { Kind: DateTimeKind.Local } time => $"TIMESTAMP '{FormatTime(time.ToUniversalTime())}Z'",
        DateTime time => $"TIMESTAMP_NTZ '{FormatTime(time)}'",
        _ => throw new ArgumentException(
            $"a {value.GetType().Name} has no counterpart in SQL; pass a number, text, date, time or bytes"),
    };

    private static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    private static string FormatTime(DateTime time) =>
        TemporalText.FormatTimestamp((time.Ticks - Epoch.Ticks) / TimeSpan.TicksPerMicrosecond, ' ');

    private static string FormatFloating(double number, string type, string literal) =>
        double.IsFinite(number) ? literal : $"CAST('{number.ToString(CultureInfo.InvariantCulture)}' AS {type})";

    /// <summary>Backslash is Spark's escape character inside quotes.</summary>
    private static string Quote(string text) => "'" + text
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("'", "\\'", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal)
        .Replace("\r", "\\r", StringComparison.Ordinal)
        .Replace("\0", "\\0", StringComparison.Ordinal) + "'";
}
