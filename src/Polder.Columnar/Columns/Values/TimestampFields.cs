using System;

namespace Polder.Columns.Values;

/// <summary>The fields of a timestamp's text, split but not checked against the calendar.</summary>
internal ref struct TimestampFields
{
    private int _sign;
    private int _year;
    private int _month;
    private int _day;
    private int _hour;
    private int _minute;
    private int _second;
    private int _micros;

    /// <summary>The zone's name at the end; empty where there is none.</summary>
    public ReadOnlySpan<byte> Zone { get; private set; }

    /// <summary>Whether the text has no date.</summary>
    public bool IsTimeOnly { get; private set; }

    /// <summary>
    /// Splits a text: years of 4 to 6 digits, other fields of one or two, a fraction of any length of which six digits
    /// count.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> whole, out TimestampFields fields)
    {
        fields = new TimestampFields { _sign = 1, _year = 1, _month = 1, _day = 1 };
        ReadOnlySpan<byte> text = TemporalParser.Trim(whole);
        if (text.IsEmpty)
        {
            return false;
        }

        int index = 0;
        int part = 0;
        bool hasSign = text[0] is (byte)'-' or (byte)'+';
        if (hasSign)
        {
            fields._sign = text[0] == '-' ? -1 : 1;
            index = 1;
        }
        else if (whole[0] == 'T')
        {
            fields.IsTimeOnly = true;
            part = 3;
            index = 1;
        }

        int value = 0;
        int digits = 0;
        for (; index < text.Length; index++)
        {
            byte current = text[index];
            if (char.IsAsciiDigit((char)current))
            {
                value = part != 6 || digits < 6 ? unchecked((value * 10) + (current - '0')) : value;
                digits++;
                continue;
            }

            int next = NextPart(part, current, hasSign);
            int filled = part == 0 && next == 4 ? 3 : part;
            if (next < 0 || !IsComplete(filled, digits))
            {
                return false;
            }

            fields.IsTimeOnly |= part == 0 && next == 4;
            fields.Set(filled, value, digits);
            value = 0;
            digits = 0;
            part = next;
            if (part == 7)
            {
                fields.Zone = text[index..];
                return true;
            }
        }

        if (!IsComplete(part, digits))
        {
            return false;
        }

        fields.Set(part, value, digits);
        return true;
    }

    /// <summary>The day of the date; false where there is no such date.</summary>
    public readonly bool TryGetDay(out long day)
    {
        long year = _sign * (long)_year;
        bool isValid = CivilCalendar.IsValid(year, _month, _day);
        day = isValid ? CivilCalendar.FromCivil(year, _month, _day) : 0;
        return isValid;
    }

    /// <summary>Microseconds since midnight; false where there is no such time.</summary>
    public readonly bool TryGetTime(out long micros)
    {
        micros = (_hour * CivilCalendar.MicrosPerHour) + (_minute * CivilCalendar.MicrosPerMinute) +
            (_second * CivilCalendar.MicrosPerSecond) + _micros;
        return _hour is >= 0 and <= 23 && _minute is >= 0 and <= 59 && _second is >= 0 and <= 59;
    }

    /// <summary>Microseconds since midnight of an hour from 1 to 12 before or after noon.</summary>
    public readonly bool TryGetTime(bool afterNoon, out long micros)
    {
        bool isTime = TryGetTime(out micros) && _hour is >= 1 and <= 12;
        micros += ((_hour == 12 ? -12 : 0) + (afterNoon ? 12 : 0)) * CivilCalendar.MicrosPerHour;
        return isTime;
    }

    // 0 year, 1 month, 2 day, 3 hour, 4 minute, 5 second, 6 fraction, 7 zone; -1 where the character cannot follow.
    private static int NextPart(int part, byte current, bool hasSign) => part switch
    {
        0 when current == '-' => 1,
        0 when current == ':' && !hasSign => 4,
        1 when current == '-' => 2,
        2 when current is (byte)' ' or (byte)'T' => 3,
        3 when current == ':' => 4,
        4 when current == ':' => 5,
        5 when current == '.' => 6,
        5 or 6 => 7,
        _ => -1,
    };

    private static bool IsComplete(int part, int digits) => part switch
    {
        0 => digits is >= 4 and <= 6,
        6 => true,
        _ => digits is 1 or 2,
    };

    private void Set(int part, int value, int digits)
    {
        switch (part)
        {
            case 0:
                _year = value;
                break;
            case 1:
                _month = value;
                break;
            case 2:
                _day = value;
                break;
            case 3:
                _hour = value;
                break;
            case 4:
                _minute = value;
                break;
            case 5:
                _second = value;
                break;
            default:
                for (; digits < 6; digits++)
                {
                    value *= 10;
                }

                _micros = value;
                break;
        }
    }
}
