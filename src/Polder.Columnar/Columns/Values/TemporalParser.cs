using System;
using System.Text;

namespace Polder.Columns.Values;

/// <summary>
/// Texts of dates, times and timestamps in all the forms that Spark's casts take: years of four digits and more,
/// months and days of one or two, partial forms, a zone at the end.
/// </summary>
internal static class TemporalParser
{
    /// <summary>
    /// The text without the spaces and control characters around it, as casts of dates and numbers trim.
    /// </summary>
    public static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpaceOrControl(text[start]))
        {
            start++;
        }

        while (end > start && IsSpaceOrControl(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary><c>[+-]y…[-m[-d[( |T)…]]]</c>: what follows a full date and a space or T is ignored.</summary>
    public static bool TryParseDate(ReadOnlySpan<byte> text, out int day)
    {
        day = 0;
        text = Trim(text);
        int sign = ReadSign(ref text);
        Span<int> parts = [1, 1, 1];
        int part = 0;
        long value = 0;
        int digits = 0;
        int index = 0;
        for (; index < text.Length && text[index] is not ((byte)' ' or (byte)'T'); index++)
        {
            byte current = text[index];
            if (part < 2 && current == '-')
            {
                if (!IsDatePart(part, digits))
                {
                    return false;
                }

                parts[part++] = (int)value;
                value = 0;
                digits = 0;
            }
            else if (char.IsAsciiDigit((char)current) && digits < 9)
            {
                value = (value * 10) + (current - '0');
                digits++;
            }
            else
            {
                return false;
            }
        }

        if (!IsDatePart(part, digits) || (part < 2 && index < text.Length))
        {
            return false;
        }

        parts[part] = (int)value;
        long year = sign < 0 ? -parts[0] : parts[0];
        if (!CivilCalendar.IsValid(year, parts[1], parts[2]))
        {
            return false;
        }

        long found = CivilCalendar.FromCivil(year, parts[1], parts[2]);
        day = (int)found;
        return found == day;
    }

    /// <summary>A timestamp with a zone of its own or in the session's.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="session">The zone of a text without one.</param>
    /// <param name="today">The day of a text that is but a time; without it such a text is no timestamp.</param>
    /// <param name="micros">The instant.</param>
    public static bool TryParseTimestamp(ReadOnlySpan<byte> text, Zone session, Func<int>? today, out long micros)
    {
        micros = 0;
        if (!TimestampFields.TryParse(text, out TimestampFields fields))
        {
            return false;
        }

        Zone? zone = session;
        if (!fields.Zone.IsEmpty)
        {
            zone = Zone.Find(Encoding.UTF8.GetString(fields.Zone).Trim());
        }

        if (zone is null || !fields.TryGetTime(out long time))
        {
            return false;
        }

        if (fields.IsTimeOnly)
        {
            if (today is null)
            {
                return false;
            }

            micros = zone.ToInstant((today() * CivilCalendar.MicrosPerDay) + time);
            return true;
        }

        return fields.TryGetDay(out long day) && TryCombine(day, time, out long local) &&
            TryToInstant(zone, local, out micros);
    }

    /// <summary>A wall-clock reading: a zone in the text is read and ignored, a time alone is none.</summary>
    public static bool TryParseTimestampNtz(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        if (!TimestampFields.TryParse(text, out TimestampFields fields) || fields.IsTimeOnly ||
            (!fields.Zone.IsEmpty && Zone.Find(Encoding.UTF8.GetString(fields.Zone).Trim()) is null))
        {
            return false;
        }

        return fields.TryGetTime(out long time) && fields.TryGetDay(out long day) &&
            TryCombine(day, time, out micros);
    }

    /// <summary><c>[T]h:m[:s[.f]]</c>, perhaps with AM or PM, no date and no zone.</summary>
    public static bool TryParseTime(ReadOnlySpan<byte> text, out long micros)
    {
        micros = 0;
        ReadOnlySpan<byte> trimmed = Trim(text);
        int half = HalfOfDay(trimmed);
        if (half != 0)
        {
            text = Trim(trimmed[..^2]);
        }

        if (!TimestampFields.TryParse(text, out TimestampFields fields) || !fields.IsTimeOnly || !fields.Zone.IsEmpty)
        {
            return false;
        }

        return half == 0 ? fields.TryGetTime(out micros) : fields.TryGetTime(half == 2, out micros);
    }

    private static int HalfOfDay(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || (text[^1] | 0x20) != 'm')
        {
            return 0;
        }

        return (text[^2] | 0x20) switch
        {
            'a' => 1,
            'p' => 2,
            _ => 0,
        };
    }

    private static bool IsSpaceOrControl(byte value) => value is <= 0x20 or 0x7F;

    private static bool IsDatePart(int part, int digits) =>
        part == 0 ? digits is >= 4 and <= 7 : digits is 1 or 2;

    private static int ReadSign(ref ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is not ((byte)'-' or (byte)'+'))
        {
            return 1;
        }

        int sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        return sign;
    }

    private static bool TryCombine(long day, long time, out long local)
    {
        Int128 total = ((Int128)day * CivilCalendar.MicrosPerDay) + time;
        local = unchecked((long)total);
        return total == local;
    }

    private static bool TryToInstant(Zone zone, long local, out long micros)
    {
        micros = zone.ToInstant(local);
        return (local ^ micros) >= 0 || long.Abs(local) < CivilCalendar.MicrosPerDay * 2;
    }
}
