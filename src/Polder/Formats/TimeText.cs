using System;
using Polder.Columns.Values;

namespace Polder.Formats;

/// <summary>
/// Parses dates and times of ISO form: year first, "-" or "/" between its parts, "T" or a space before the time.
/// </summary>
internal static class TimeText
{
    private const long MicrosecondsPerSecond = 1_000_000;

    /// <summary>A date alone, as days since 1970-01-01.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out int days)
    {
        Scanner scanner = new(text);
        bool parsed = scanner.TryReadDate(out long longDays) && scanner.AtEnd && longDays == (int)longDays;
        days = parsed ? (int)longDays : 0;
        return parsed;
    }

    /// <summary>A time of day alone, as microseconds since midnight.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out long microseconds)
    {
        Scanner scanner = new(text);
        return scanner.TryReadTime(out microseconds) && scanner.AtEnd;
    }

    /// <summary>
    /// A date, or a date and a time (hours and minutes at least), as microseconds since 1970-01-01T00:00:00. With a
    /// zone (Z, UTC, ±hh, ±hh:mm, ±hhmm) it is an instant: the microseconds are those of UTC.
    /// </summary>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> text, out long microseconds, out bool hasZone)
    {
        microseconds = 0;
        hasZone = false;
        Scanner scanner = new(text);
        if (!scanner.TryReadDate(out long days))
        {
            return false;
        }

        long timeOfDay = 0;
        long offset = 0;
        if (!scanner.AtEnd)
        {
            if (!scanner.TryReadEither((byte)'T', (byte)' ') || !scanner.TryReadTime(out timeOfDay))
            {
                return false;
            }

            hasZone = !scanner.AtEnd;
            if (hasZone && !scanner.TryReadZone(out offset))
            {
                return false;
            }
        }

        Int128 total = ((Int128)days * CivilCalendar.MicrosPerDay) + timeOfDay - offset;
        microseconds = unchecked((long)total);
        return total == microseconds;
    }

    private ref struct Scanner(ReadOnlySpan<byte> text)
    {
        private ReadOnlySpan<byte> _rest = text;

        public readonly bool AtEnd => _rest.IsEmpty;

        public bool TryReadDate(out long days)
        {
            days = 0;
            bool isNegative = TryReadEither((byte)'-', (byte)'-');
            if (!TryReadNumber(4, 7, out int year))
            {
                return false;
            }

            byte separator = _rest.IsEmpty ? (byte)0 : _rest[0];
            if (separator is not ((byte)'-' or (byte)'/'))
            {
                return false;
            }

            long signedYear = isNegative ? -year : year;
            if (!TryReadEither(separator, separator) || !TryReadNumber(1, 2, out int month) ||
                !TryReadEither(separator, separator) || !TryReadNumber(1, 2, out int day) ||
                !CivilCalendar.IsValid(signedYear, month, day))
            {
                return false;
            }

            days = CivilCalendar.FromCivil(signedYear, month, day);
            return true;
        }

        public bool TryReadTime(out long microseconds)
        {
            microseconds = 0;
            int second = 0;
            long fraction = 0;
            if (!TryReadNumber(1, 2, out int hour) || hour > 23 || !TryReadEither((byte)':', (byte)':') ||
                !TryReadNumber(2, 2, out int minute) || minute > 59)
            {
                return false;
            }

            if (TryReadEither((byte)':', (byte)':'))
            {
                if (!TryReadNumber(2, 2, out second) || second > 59)
                {
                    return false;
                }

                if (TryReadEither((byte)'.', (byte)',') && !TryReadFraction(out fraction))
                {
                    return false;
                }
            }

            microseconds = (((((hour * 60L) + minute) * 60) + second) * MicrosecondsPerSecond) + fraction;
            return true;
        }

        public bool TryReadZone(out long offset)
        {
            offset = 0;
            TryReadEither((byte)' ', (byte)' ');
            if (_rest is [(byte)'Z' or (byte)'z'] || _rest.SequenceEqual("UTC"u8))
            {
                return true;
            }

            bool isWest = !_rest.IsEmpty && _rest[0] == '-';
            int minute = 0;
            if (!TryReadEither((byte)'+', (byte)'-') || !TryReadNumber(2, 2, out int hour) || hour > 18)
            {
                return false;
            }

            if (!AtEnd)
            {
                TryReadEither((byte)':', (byte)':');
                if (!TryReadNumber(2, 2, out minute) || minute > 59)
                {
                    return false;
                }
            }

            offset = ((hour * 60L) + minute) * 60 * MicrosecondsPerSecond * (isWest ? -1 : 1);
            return AtEnd;
        }

        public bool TryReadEither(byte first, byte second)
        {
            if (_rest.IsEmpty || (_rest[0] != first && _rest[0] != second))
            {
                return false;
            }

            _rest = _rest[1..];
            return true;
        }

        private bool TryReadNumber(int minimumDigits, int maximumDigits, out int number)
        {
            number = 0;
            int digits = 0;
            while (digits < _rest.Length && digits < maximumDigits && _rest[digits] is >= (byte)'0' and <= (byte)'9')
            {
                number = (number * 10) + (_rest[digits++] - '0');
            }

            _rest = _rest[digits..];
            return digits >= minimumDigits;
        }

        // Up to nine digits; those after the sixth are cut off.
        private bool TryReadFraction(out long microseconds)
        {
            microseconds = 0;
            int digits = 0;
            while (digits < _rest.Length && digits < 9 && _rest[digits] is >= (byte)'0' and <= (byte)'9')
            {
                microseconds = digits < 6 ? (microseconds * 10) + (_rest[digits] - '0') : microseconds;
                digits++;
            }

            for (int missing = digits; missing < 6; missing++)
            {
                microseconds *= 10;
            }

            _rest = _rest[digits..];
            return digits > 0;
        }
    }
}
