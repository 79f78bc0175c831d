using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polder.Expressions.Syntax;

/// <summary>A time zone by its text: an offset (<c>Z</c>, <c>+1:30</c>, <c>UTC+02</c>) or a region.</summary>
internal readonly struct ZoneText
{
    /// <summary>Java's short names, those that are no regions by themselves.</summary>
    private static readonly Dictionary<string, string> ShortNames = new()
    {
        ["ACT"] = "Australia/Darwin", ["AET"] = "Australia/Sydney", ["AGT"] = "America/Argentina/Buenos_Aires",
        ["ART"] = "Africa/Cairo", ["AST"] = "America/Anchorage", ["BET"] = "America/Sao_Paulo", ["BST"] = "Asia/Dhaka",
        ["CAT"] = "Africa/Harare", ["CNT"] = "America/St_Johns", ["CST"] = "America/Chicago",
        ["CTT"] = "Asia/Shanghai", ["EAT"] = "Africa/Addis_Ababa", ["ECT"] = "Europe/Paris",
        ["IET"] = "America/Indiana/Indianapolis", ["IST"] = "Asia/Kolkata", ["JST"] = "Asia/Tokyo",
        ["MIT"] = "Pacific/Apia", ["NET"] = "Asia/Yerevan", ["NST"] = "Pacific/Auckland", ["PLT"] = "Asia/Karachi",
        ["PNT"] = "America/Phoenix", ["PRT"] = "America/Puerto_Rico", ["PST"] = "America/Los_Angeles",
        ["SST"] = "Pacific/Guadalcanal", ["VST"] = "Asia/Ho_Chi_Minh", ["EST"] = "-05:00", ["MST"] = "-07:00",
        ["HST"] = "-10:00",
    };

    private readonly TimeZoneInfo? _region;
    private readonly int _offsetSeconds;

    private ZoneText(TimeZoneInfo? region, int offsetSeconds)
    {
        _region = region;
        _offsetSeconds = offsetSeconds;
    }

    public static bool TryFind(string name, out ZoneText zone)
    {
        zone = default;
        name = ShortNames.GetValueOrDefault(name, name);
        if (name is "Z" or "UTC" or "GMT" or "UT")
        {
            return true;
        }

        string offset = name.StartsWith("UTC", StringComparison.Ordinal) ||
            name.StartsWith("GMT", StringComparison.Ordinal) ? name[3..]
            : name.StartsWith("UT", StringComparison.Ordinal) ? name[2..]
            : name;
        if (offset.StartsWith('+') || offset.StartsWith('-'))
        {
            bool found = TryOffset(offset, out int seconds);
            zone = new ZoneText(null, seconds);
            return found;
        }

        bool known = name.Contains('/') || name.Length > 3
            ? TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? region)
            : TimeZoneInfo.TryFindSystemTimeZoneById(name, out region);
        zone = new ZoneText(region, 0);
        return known;
    }

    /// <summary>What the zone's clocks are ahead of UTC when they show that time.</summary>
    public long OffsetMicroseconds(Int128 wallMicroseconds)
    {
        if (_region is null)
        {
            return _offsetSeconds * 1_000_000L;
        }

        Int128 ticks = (wallMicroseconds * 10) + DateTime.UnixEpoch.Ticks;
        long clamped = (long)Int128.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks);
        DateTime wall = new(clamped, DateTimeKind.Unspecified);

        // In a gap clocks jump over the time: Java moves it on by the gap, which is the offset before it.
        TimeSpan offset = _region.IsInvalidTime(wall) ? _region.GetUtcOffset(wall.AddHours(-3))
            : _region.IsAmbiguousTime(wall) ? Latest(_region.GetAmbiguousTimeOffsets(wall))
            : _region.GetUtcOffset(wall);
        return offset.Ticks / 10;
    }

    /// <summary>Of two readings Java takes the earlier instant: the larger offset.</summary>
    private static TimeSpan Latest(TimeSpan[] offsets) => offsets[0] > offsets[1] ? offsets[0] : offsets[1];

    private static bool TryOffset(string text, out int seconds)
    {
        int sign = text[0] == '-' ? -1 : 1;
        string[] parts = text[1..].Split(':');
        if (parts.Length == 1 && text.Length is 5 or 7)
        {
            parts = text.Length == 5 ? [text[1..3], text[3..5]] : [text[1..3], text[3..5], text[5..7]];
        }

        seconds = 0;
        int unit = 3_600;
        foreach (string part in parts)
        {
            if (part.Length is 0 or > 2 || unit == 0 ||
                !int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int value) ||
                (unit < 3_600 && value > 59))
            {
                return false;
            }

            seconds += value * unit;
            unit /= 60;
        }

        bool valid = seconds <= 18 * 3_600;
        seconds *= sign;
        return valid;
    }
}
