using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Values;

/// <summary>
/// Texts of year-month and day-time intervals for one target type: bare (<c>1-2</c>, <c>1 02:03:04.5</c>) or as a
/// literal (<c>INTERVAL -'1-2' YEAR TO MONTH</c>).
/// </summary>
internal sealed class IntervalParser
{
    private readonly DataType _type;
    private readonly Regex _bare;
    private readonly Regex _literal;

    public IntervalParser(DataType type)
    {
        _type = type;
        string body = Body(type);
        string fields = Regex.Replace(IntervalText.Fields(type), " ", "[ \\t\\n\\x0B\\f\\r]+");
        _bare = new Regex($"^(?<s1>[+|-])?{body}$", RegexOptions.CultureInvariant);
        _literal = new Regex(
            $"^INTERVAL[ \\t\\n\\x0B\\f\\r]+(?<s1>[+|-])?'(?<s2>[+|-])?{body}'[ \\t\\n\\x0B\\f\\r]+{fields}$",
            RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);
    }

    /// <summary>Months, or microseconds.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="value">The interval.</param>
    /// <param name="failure">Why there is none.</param>
    public bool TryParse(ReadOnlySpan<byte> text, out long value, out QueryException? failure)
    {
        string whole = Encoding.UTF8.GetString(text);
        string trimmed = Encoding.UTF8.GetString(TemporalParser.Trim(text));
        Match match = _bare.Match(trimmed);
        if (!match.Success)
        {
            match = _literal.Match(trimmed);
        }

        value = 0;
        if (!match.Success)
        {
            failure = Unmatched(whole);
            return false;
        }

        bool isNegative = (match.Groups["s1"].Value == "-") != (match.Groups["s2"].Value == "-");
        Int128? total = _type.Kind == TypeKind.YearMonthInterval ? Months(match) : Micros(match);
        total = isNegative ? -total : total;
        bool isInRange = total is { } known && (_type.Kind == TypeKind.YearMonthInterval
            ? known >= int.MinValue && known <= int.MaxValue
            : known >= long.MinValue && known <= long.MaxValue);
        failure = isInRange ? null : Failures.IntervalFormat(
            "INTERVAL_PARSING",
            new Dictionary<string, string> { ["input"] = whole, ["interval"] = KindName() });
        value = isInRange ? (long)total!.Value : 0;
        return isInRange;
    }

    // The first field takes any number of digits, the others two; a second may have a fraction.
    private static string Body(DataType type)
    {
        StringBuilder body = new();
        for (IntervalField field = type.StartField; field <= type.EndField; field++)
        {
            bool isFirst = field == type.StartField;
            bool isLong = isFirst || field == IntervalField.Month;
            string separator = isFirst ? "" : field switch
            {
                IntervalField.Month => "-",
                IntervalField.Hour => " ",
                _ => ":",
            };
            body.Append(separator).Append("(?<").Append(field).Append('>').Append(isLong ? "[0-9]+" : "[0-9]{1,2}")
                .Append(')');
            if (field == IntervalField.Second)
            {
                body.Append("(?<Fraction>\\.[0-9]{1,9})?");
            }
        }

        return body.ToString();
    }

    private Int128? Months(Match match)
    {
        bool hasYears = _type.StartField == IntervalField.Year;
        bool hasMonths = _type.EndField == IntervalField.Month;
        Int128? years = hasYears ? Number(match, IntervalField.Year) : 0;
        Int128? months = hasMonths ? Number(match, IntervalField.Month) : 0;
        bool isRange = hasYears && hasMonths;
        return isRange && (months > 11 || years > int.MaxValue / 12) ? null : (years * 12) + months;
    }

    private Int128? Micros(Match match)
    {
        Int128? total = 0;
        for (IntervalField field = _type.StartField; field <= _type.EndField; field++)
        {
            Int128? value = Number(match, field);
            if (field != _type.StartField && value > (field == IntervalField.Hour ? 23 : 59))
            {
                return null;
            }

            total += value * IntervalText.UnitMicros(field);
        }

        string fraction = match.Groups["Fraction"].Value;
        if (fraction.Length > 0)
        {
            string digits = fraction[1..].PadRight(9, '0')[..6];
            total += int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
        }

        return total;
    }

    private static Int128? Number(Match match, IntervalField field) => long.TryParse(
        match.Groups[field.ToString()].Value, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
        ? value
        : null;

    private string KindName() => _type.Kind == TypeKind.YearMonthInterval ? "year-month" : "day-time";

    private QueryException Unmatched(string input)
    {
        StringBuilder form = new();
        for (IntervalField field = _type.StartField; field <= _type.EndField; field++)
        {
            form.Append(field == _type.StartField ? "" : field switch
            {
                IntervalField.Month => "-",
                IntervalField.Hour => " ",
                _ => ":",
            }).Append(char.ToLowerInvariant(field.ToString()[0])).Append(field == IntervalField.Second ? ".n" : "");
        }

        bool isYearMonth = _type.Kind == TypeKind.YearMonthInterval;
        return Failures.IntervalFormat(
            isYearMonth ? "UNMATCHED_FORMAT_STRING" : "UNMATCHED_FORMAT_STRING_WITH_NOTICE",
            new Dictionary<string, string>
            {
                ["input"] = input,
                ["intervalStr"] = KindName(),
                ["supportedFormat"] =
                    $"`[+|-]{form}`, `INTERVAL [+|-]'[+|-]{form}' {IntervalText.Fields(_type)}`",
                ["typeName"] = _type.ToString(),
            });
    }
}
