using System;
using System.Buffers;
using System.Globalization;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Server.Charts;

/// <summary>
/// How numbers are shown: <c>compact</c> (1.2M), <c>percent</c>, <c>bytes</c>, <c>plain</c> (no separators), or a
/// pattern as .NET has them (<c>#,##0.00</c>, <c>0.0%</c>, <c>€#,##0</c>).
/// </summary>
internal static class NumberFormat
{
    private const int MostPatternLength = 40;
    private const int SignificantDigits = 6;

    private static readonly SearchValues<char> PatternLetters = SearchValues.Create("0#dMyHms");
    private static readonly string[] Thousands = ["", "k", "M", "B", "T"];
    private static readonly string[] Kibi = [" B", " KiB", " MiB", " GiB", " TiB", " PiB"];

    /// <summary>Whether it is a name and not a pattern.</summary>
    public static bool IsNamed(string format) => format is "compact" or "percent" or "bytes" or "plain";

    /// <summary>Why a text is neither a name nor a pattern; null where it is one.</summary>
    public static string? ErrorOf(string format) => format.Length is > 0 and <= MostPatternLength &&
        (IsNamed(format) || format.AsSpan().ContainsAny(PatternLetters))
            ? null
            : $"'{format}' is no format; write compact, percent, bytes, plain or a pattern such as #,##0.00";

    /// <summary>A value of a number's type; exact where it has whole digits or a scale.</summary>
    public static string Format(double number, object value, DataType type, string? format)
    {
        if (!double.IsFinite(number))
        {
            return double.IsNaN(number) ? "NaN" : number > 0 ? "∞" : "−∞";
        }

        if (string.IsNullOrEmpty(format))
        {
            return type.Kind switch
            {
                TypeKind.Decimal => Grouped(DecimalText.Format((Int128)value, type.Scale)),
                TypeKind.WideDecimal => Grouped(DecimalText.Format((BigInteger)value, type.Scale)),
                TypeKind.Float or TypeKind.Double => Short(number),
                _ => Minus(((IFormattable)value).ToString("#,##0", CultureInfo.InvariantCulture)),
            };
        }

        return format == "plain" ? Minus(ValueText.Exact(value, type)) : Format(number, format);
    }

    /// <summary>A number by a name or a pattern.</summary>
    public static string Format(double number, string format) => format switch
    {
        "compact" => Compact(number),
        "percent" => Minus(number.ToString("#,##0.#%", CultureInfo.InvariantCulture)),
        "bytes" => Bytes(number),
        "plain" => Minus(number.ToString("0.######", CultureInfo.InvariantCulture)),
        _ => Minus(number.ToString(format, CultureInfo.InvariantCulture)),
    };

    /// <summary>With six significant digits, or all those before the point.</summary>
    public static string Short(double number)
    {
        double size = Math.Abs(number);
        if (size != 0 && (size >= 1e15 || size < 1e-5))
        {
            return Minus(number.ToString("0.###e+0", CultureInfo.InvariantCulture));
        }

        int whole = size < 1 ? 0 : (int)Math.Floor(Math.Log10(size)) + 1;
        int leading = size is > 0 and < 1 ? (int)-Math.Floor(Math.Log10(size)) - 1 : 0;
        int decimals = int.Clamp(SignificantDigits - whole + leading, 0, 10);
        return Minus(number.ToString("#,##0." + new string('#', decimals), CultureInfo.InvariantCulture));
    }

    /// <summary>At most three or four digits and a letter for thousands.</summary>
    public static string Compact(double number)
    {
        double size = Math.Abs(number);
        int step = 0;
        while (size >= 999.5 && step < Thousands.Length - 1)
        {
            size /= 1000;
            number /= 1000;
            step++;
        }

        return size >= 999.5 ? Minus(number.ToString("0.##e+0", CultureInfo.InvariantCulture)) + Thousands[step]
            : size != 0 && size < 0.001 ? Minus(number.ToString("0.##e+0", CultureInfo.InvariantCulture))
            : Minus(number.ToString(
                size >= 100 ? "0" : size >= 10 ? "0.#" : size >= 1 ? "0.##" : "0.###", CultureInfo.InvariantCulture)) +
                Thousands[step];
    }

    private static string Bytes(double number)
    {
        int step = 0;
        while (Math.Abs(number) >= 1023.5 && step < Kibi.Length - 1)
        {
            number /= 1024;
            step++;
        }

        return Minus(number.ToString("0.#", CultureInfo.InvariantCulture)) + Kibi[step];
    }

    private static string Grouped(string digits)
    {
        int start = digits.StartsWith('-') ? 1 : 0;
        int point = digits.IndexOf('.', StringComparison.Ordinal);
        for (int at = (point < 0 ? digits.Length : point) - 3; at > start; at -= 3)
        {
            digits = digits.Insert(at, ",");
        }

        return Minus(digits);
    }

    // A minus as wide as a plus, which no line ends after.
    private static string Minus(string digits) => digits.Replace('-', '−');
}
