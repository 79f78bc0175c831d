using System;
using System.Globalization;

namespace Polder.Columns.Values;

/// <summary>
/// Offsets of a time zone for instants and for wall-clock readings, over the whole range of 64-bit microseconds. Beyond
/// the years of .NET's calendar the last rules go on, 400 years being whole weeks.
/// </summary>
internal sealed class Zone
{
    // 0001-01-02 and 9999-12-30 in microseconds since 1970: inside these .NET can say.
    private const long FirstKnown = -62_135_510_400_000_000;
    private const long LastKnown = 253_402_128_000_000_000;
    private const long CycleMicros = CivilCalendar.DaysPerCycle * CivilCalendar.MicrosPerDay;

    private readonly TimeZoneInfo? _rules;
    private readonly long _offset;

    private Zone(TimeZoneInfo? rules, long offset)
    {
        _rules = rules;
        _offset = offset;
    }

    /// <summary>Coordinated universal time.</summary>
    public static Zone Utc { get; } = new(null, 0);

    /// <summary>Whether local readings are those of UTC.</summary>
    public bool IsUtc => _rules is null && _offset == 0;

    /// <summary>The zone of .NET's rules.</summary>
    public static Zone Of(TimeZoneInfo rules) =>
        rules.HasSameRules(TimeZoneInfo.Utc) ? Utc : new Zone(rules, 0);

    /// <summary>
    /// The zone of a name as Java and Spark take it: an offset (<c>+8</c>, <c>-08:30</c>, <c>UTC+1</c>), a region, or
    /// one of the old three-letter names. Null where there is none.
    /// </summary>
    public static Zone? Find(string name)
    {
        string id = ToOffset(name);
        if (id.Length > 1 && id[0] is '+' or '-')
        {
            return TryParseOffset(id, out long seconds) ? FixedOffset(seconds) : null;
        }

        string region = OldName(id) ?? id;
        return region.Length > 1 && char.IsAsciiLetter(region[0]) && !region.Contains(' ', StringComparison.Ordinal) &&
            TimeZoneInfo.TryFindSystemTimeZoneById(region, out TimeZoneInfo? rules)
            ? Of(rules)
            : null;
    }

    /// <summary>Microseconds to add to an instant for the local reading.</summary>
    public long OffsetAt(long instant) => _rules is null ? _offset : OffsetOf(_rules, instant);

    /// <summary>The local reading of an instant.</summary>
    public long ToLocal(long instant) => unchecked(instant + OffsetAt(instant));

    /// <summary>
    /// The instant of a local reading: the earlier one where clocks were set back, moved on by the gap where they were
    /// set forward.
    /// </summary>
    public long ToInstant(long local)
    {
        if (_rules is null)
        {
            return unchecked(local - _offset);
        }

        // Offsets differ by less than a day; those a day before and after bracket a transition.
        long before = OffsetOf(_rules, unchecked(local - CivilCalendar.MicrosPerDay));
        long after = OffsetOf(_rules, unchecked(local + CivilCalendar.MicrosPerDay));
        if (before == after)
        {
            return local - before;
        }

        long early = local - before;
        if (OffsetOf(_rules, early) == before)
        {
            return early;
        }

        long late = local - after;
        return OffsetOf(_rules, late) == after ? late : early;
    }

    /// <summary>The instant of a local reading, at an offset if that is one of its own.</summary>
    public long ToInstant(long local, long preferredOffset)
    {
        long instant = unchecked(local - preferredOffset);
        return _rules is null || OffsetOf(_rules, instant) == preferredOffset ? instant : ToInstant(local);
    }

    private static long OffsetOf(TimeZoneInfo rules, long instant)
    {
        if (instant < FirstKnown)
        {
            instant = FirstKnown;
        }
        else if (instant > LastKnown)
        {
            instant -= (((instant - LastKnown) / CycleMicros) + 1) * CycleMicros;
        }

        DateTime utc = DateTime.UnixEpoch.AddTicks(instant * TimeSpan.TicksPerMicrosecond);
        return rules.GetUtcOffset(utc).Ticks / TimeSpan.TicksPerMicrosecond;
    }

    // What is an offset under another name: UTC, UTC+1, EST.
    private static string ToOffset(string name)
    {
        string id = name switch
        {
            "Z" or "UTC" or "GMT" or "UT" => "+0",
            "EST" => "-05:00",
            "MST" => "-07:00",
            "HST" => "-10:00",
            _ => name,
        };
        foreach (string prefix in (string[])["UTC", "GMT", "UT"])
        {
            if (id.Length > prefix.Length + 1 && id.StartsWith(prefix, StringComparison.Ordinal) &&
                id[prefix.Length] is '+' or '-')
            {
                return id[prefix.Length..];
            }
        }

        return id;
    }

    private static Zone FixedOffset(long seconds) =>
        seconds == 0 ? Utc : new Zone(null, seconds * CivilCalendar.MicrosPerSecond);

    // ±h, ±hh, ±h:mm, ±hh:mm, ±hhmm, ±hh:mm:ss, ±hhmmss; up to 18 hours.
    private static bool TryParseOffset(string text, out long seconds)
    {
        seconds = 0;
        string rest = text[1..];
        string[] parts = rest.Contains(':', StringComparison.Ordinal) ? rest.Split(':') : rest.Length switch
        {
            1 or 2 => [rest],
            4 => [rest[..2], rest[2..]],
            6 => [rest[..2], rest[2..4], rest[4..]],
            _ => [],
        };
        if (parts.Length is 0 or > 3 || parts[0].Length is 0 or > 2)
        {
            return false;
        }

        int[] values = new int[3];
        for (int index = 0; index < parts.Length; index++)
        {
            bool isNumber = int.TryParse(
                parts[index], NumberStyles.None, CultureInfo.InvariantCulture, out values[index]);
            if (!isNumber || (index > 0 && (parts[index].Length is 0 or > 2 || values[index] > 59)))
            {
                return false;
            }
        }

        seconds = (values[0] * 3600) + (values[1] * 60) + values[2];
        bool isInRange = seconds <= 18 * 3600;
        seconds = text[0] == '-' ? -seconds : seconds;
        return isInRange;
    }

    // java.time.ZoneId.SHORT_IDS
    private static string? OldName(string id) => id switch
    {
        "ACT" => "Australia/Darwin",
        "AET" => "Australia/Sydney",
        "AGT" => "America/Argentina/Buenos_Aires",
        "ART" => "Africa/Cairo",
        "AST" => "America/Anchorage",
        "BET" => "America/Sao_Paulo",
        "BST" => "Asia/Dhaka",
        "CAT" => "Africa/Harare",
        "CNT" => "America/St_Johns",
        "CST" => "America/Chicago",
        "CTT" => "Asia/Shanghai",
        "EAT" => "Africa/Addis_Ababa",
        "ECT" => "Europe/Paris",
        "IET" => "America/Indiana/Indianapolis",
        "IST" => "Asia/Kolkata",
        "JST" => "Asia/Tokyo",
        "MIT" => "Pacific/Apia",
        "NET" => "Asia/Yerevan",
        "NST" => "Pacific/Auckland",
        "PLT" => "Asia/Karachi",
        "PNT" => "America/Phoenix",
        "PRT" => "America/Puerto_Rico",
        "PST" => "America/Los_Angeles",
        "SST" => "Pacific/Guadalcanal",
        "VST" => "Asia/Ho_Chi_Minh",
        _ => null,
    };
}
