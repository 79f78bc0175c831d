using System;
using System.Globalization;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>
/// What a text of values and units says: <c>1 year -2 months</c>, <c>interval 1.5 seconds</c>
/// (Spark's IntervalUtils.stringToInterval).
/// </summary>
internal ref struct IntervalPhrase
{
    private ReadOnlySpan<char> _rest;

    private IntervalPhrase(ReadOnlySpan<char> text)
    {
        _rest = text;
    }

    public int Months { get; private set; }

    public int Days { get; private set; }

    public long Microseconds { get; private set; }

    public bool CountsMonths { get; private set; }

    public bool CountsTime { get; private set; }

    /// <summary>The coarsest unit met.</summary>
    public IntervalField Coarsest { get; private set; } = IntervalField.Second;

    /// <summary>The finest unit met.</summary>
    public IntervalField Finest { get; private set; } = IntervalField.Year;

    /// <summary>Spark's sub-condition of INVALID_INTERVAL_FORMAT; null where the text is well formed.</summary>
    public string? Error { get; private set; }

    /// <summary>The unit that the error is about.</summary>
    public string ErrorUnit { get; private set; } = "";

    /// <summary>The error for a person.</summary>
    public string ErrorDetail { get; private set; } = "";

    public static IntervalPhrase Parse(string text)
    {
        IntervalPhrase parsed = new(text.AsSpan().Trim());
        parsed.Run();
        return parsed;
    }

    private void Fail(string error, string detail, string unit = "")
    {
        Error ??= error;
        ErrorDetail = detail;
        ErrorUnit = unit;
    }

    private void Run()
    {
        const string Prefix = "interval";
        if (_rest.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            _rest = _rest[Prefix.Length..];
            if (_rest.IsEmpty || !char.IsWhiteSpace(_rest[0]))
            {
                Fail("INVALID_PREFIX", "blanks must follow the word interval");
                return;
            }
        }

        if (_rest.Trim().IsEmpty)
        {
            Fail("INPUT_IS_EMPTY", "it is empty");
        }

        while (Error is null && !(_rest = _rest.TrimStart()).IsEmpty)
        {
            ReadOne();
        }
    }

    private void ReadOne()
    {
        bool negative = _rest[0] == '-';
        _rest = _rest[0] is '-' or '+' ? _rest[1..].TrimStart() : _rest;
        int valueLength = 0;
        while (valueLength < _rest.Length && (char.IsAsciiDigit(_rest[valueLength]) || _rest[valueLength] == '.'))
        {
            valueLength++;
        }

        ReadOnlySpan<char> value = _rest[..valueLength];
        _rest = _rest[value.Length..];
        ReadOnlySpan<char> afterBlanks = _rest.TrimStart();
        int unitLength = 0;
        while (unitLength < afterBlanks.Length && !char.IsWhiteSpace(afterBlanks[unitLength]))
        {
            unitLength++;
        }

        string unitName = afterBlanks[..unitLength].ToString();
        if (value.IsEmpty || afterBlanks.Length == _rest.Length || unitLength == 0)
        {
            Fail(value.IsEmpty ? "UNRECOGNIZED_NUMBER" : "MISSING_UNIT", "every number needs a unit after it");
            return;
        }

        _rest = afterBlanks[unitLength..];
        if (!IntervalUnit.TryFind(unitName, out IntervalUnit unit))
        {
            Fail("INVALID_UNIT", $"there is no unit {unitName}", unitName);
            return;
        }

        if (TryReadValue(value, unit, unitName, out long whole, out long microseconds))
        {
            Add(negative ? -whole : whole, negative ? -microseconds : microseconds, unit);
        }
    }

    private bool TryReadValue(
        ReadOnlySpan<char> value, IntervalUnit unit, string unitName, out long whole, out long microseconds)
    {
        microseconds = 0;
        whole = 0;
        int point = value.IndexOf('.');
        ReadOnlySpan<char> digits = point < 0 ? value : value[..point];
        ReadOnlySpan<char> fraction = point < 0 ? [] : value[(point + 1)..];
        if (fraction.Contains('.') || (digits.IsEmpty && fraction.IsEmpty))
        {
            Fail("INVALID_VALUE", $"'{value}' is no number");
            return false;
        }

        if (!digits.IsEmpty && !long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out whole))
        {
            Fail("ARITHMETIC_EXCEPTION", "it is too long");
            return false;
        }

        if (point < 0)
        {
            return true;
        }

        if (unit.Microseconds != IntervalUnit.MicrosecondsPerSecond)
        {
            Fail("INVALID_FRACTION", $"only seconds have a fraction, not {unitName}", unitName);
            return false;
        }

        if (fraction.Length > 9)
        {
            Fail("INVALID_PRECISION", "a second has nine digits at most");
            return false;
        }

        for (int place = 0; place < 6; place++)
        {
            microseconds = (microseconds * 10) + (place < fraction.Length ? fraction[place] - '0' : 0);
        }

        return true;
    }

    private void Add(long whole, long microseconds, IntervalUnit unit)
    {
        try
        {
            if (unit.CountsMonths)
            {
                Months = checked(Months + (int)checked(whole * unit.Months));
                CountsMonths = true;
            }
            else if (unit.Field == IntervalField.Day)
            {
                Days = checked(Days + (int)checked(whole * (unit.Microseconds / IntervalUnit.MicrosecondsPerDay)));
                CountsTime = true;
            }
            else
            {
                Microseconds = checked(Microseconds + (whole * unit.Microseconds) + microseconds);
                CountsTime = true;
            }
        }
        catch (OverflowException)
        {
            Fail("ARITHMETIC_EXCEPTION", "it is too long");
        }

        Coarsest = unit.Field < Coarsest ? unit.Field : Coarsest;
        Finest = unit.Field > Finest ? unit.Field : Finest;
    }
}
