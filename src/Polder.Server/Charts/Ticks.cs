using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polder.Server.Charts;

/// <summary>A mark on an axis.</summary>
/// <param name="Value">Where, in units of the axis.</param>
/// <param name="Label">What stands there.</param>
/// <param name="Context">What the label is part of (the day of an hour, the year of a month); "" = nothing new.</param>
internal sealed record Tick(double Value, string Label, string Context = "");

/// <summary>Round numbers along an axis.</summary>
internal static class Ticks
{
    /// <summary>About so many round numbers around a range; the first and the last enclose it.</summary>
    public static IReadOnlyList<Tick> Linear(double least, double most, int count, string? format)
    {
        (least, most) = Widen(least, most);

        // Halves, since the range of two doubles may be more than a double.
        double rough = ((most / 2) - (least / 2)) / count * 2;
        double power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        double ratio = rough / power;

        // Quarters only where they are whole: 250, but not 2.5.
        double step = power * (ratio <= 1 ? 1 : ratio <= 2 ? 2 : ratio <= 2.5 && power >= 10 ? 2.5
            : ratio <= 5 ? 5 : 10);
        double first = Math.Floor(least / step);
        double last = Math.Ceiling(most / step);
        List<Tick> ticks = [];
        for (double index = first; index <= last && ticks.Count < 50; index++)
        {
            double value = index * step;
            if (double.IsFinite(value))
            {
                // 3 * 0.1 is not 0.3: what is shown has the digits of the step.
                double size = double.Max(Math.Abs(first), Math.Abs(last)) * step;
                ticks.Add(new Tick(value, Label(value, step, size, format)));
            }
        }

        return ticks;
    }

    /// <summary>Powers of ten around a range of positive numbers; with 2 and 5 between where there are few.</summary>
    public static IReadOnlyList<Tick> Logarithmic(double least, double most, string? format)
    {
        int first = (int)Math.Floor(Math.Log10(least));
        int last = int.Max(first + 1, (int)Math.Ceiling(Math.Log10(most)));
        int stride = ((last - first) / 8) + 1;
        List<Tick> ticks = [];
        for (int power = first; power <= last; power += stride)
        {
            double value = Math.Pow(10, power);
            ticks.Add(new Tick(value, LogLabel(value, format)));
            if (last - first <= 2 && power < last)
            {
                ticks.Add(new Tick(2 * value, LogLabel(2 * value, format)));
                ticks.Add(new Tick(5 * value, LogLabel(5 * value, format)));
            }
        }

        if (ticks[^1].Value < most)
        {
            double value = Math.Pow(10, last);
            ticks.Add(new Tick(value, LogLabel(value, format)));
        }

        return ticks;
    }

    private static (double Least, double Most) Widen(double least, double most)
    {
        if (least < most)
        {
            return (least, most);
        }

        double margin = least == 0 ? 1 : Math.Abs(least) * 0.1;
        return least > 0 ? (least - margin, least + margin) : (least - margin, least == 0 ? 1 : least + margin);
    }

    private static string LogLabel(double value, string? format) =>
        format is not null ? NumberFormat.Format(value, format) : NumberFormat.Compact(value);

    private static string Label(double value, double step, double size, string? format)
    {
        if (format is not null)
        {
            return NumberFormat.Format(value, format);
        }

        if (value == 0)
        {
            return "0";
        }

        if (size >= 10_000 && size < 1e15 && step >= 1)
        {
            return NumberFormat.Compact(value);
        }

        if (size >= 1e15 || size < 1e-4)
        {
            return value.ToString("0.##e+0", CultureInfo.InvariantCulture).Replace('-', '−');
        }

        int decimals = int.Clamp((int)Math.Ceiling(-Math.Log10(step) - 1e-9), 0, 10);
        decimals += Math.Abs(Math.Round(step, decimals) - step) > step / 100 ? 1 : 0;
        return value.ToString("#,##0." + new string('0', decimals), CultureInfo.InvariantCulture).Replace('-', '−');
    }
}

/// <summary>Round times along an axis of seconds since 1970 UTC.</summary>
internal static class TimeTicks
{
    private const double Day = 86_400;

    private static readonly double[] Steps =
    [
        1, 2, 5, 15, 30, 60, 120, 300, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, Day, 2 * Day, 7 * Day, 14 * Day,
    ];

    private static readonly int[] MonthSteps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 2400, 6000, 12_000];

    /// <summary>At most about so many round times within a range.</summary>
    public static IReadOnlyList<Tick> Of(double least, double most, int count)
    {
        if (least >= most)
        {
            // One moment says which day, and which time of it where it is not its start.
            DateTime only = DateTime.UnixEpoch.AddSeconds(least);
            return [new Tick(least, Text(only, only.TimeOfDay == default ? "d MMM yyyy" : "d MMM yyyy HH:mm"))];
        }

        double rough = (most - least) / count;
        foreach (double step in Steps)
        {
            if (step >= rough)
            {
                return Regular(least, most, step);
            }
        }

        foreach (int months in MonthSteps)
        {
            if (months * 30.44 * Day >= rough)
            {
                return Months(least, most, months);
            }
        }

        return Months(least, most, MonthSteps[^1]);
    }

    private static List<Tick> Regular(double least, double most, double step)
    {
        // Weeks begin on Monday; 1970 began on a Thursday.
        double origin = step >= 7 * Day ? 4 * Day : 0;
        List<Tick> ticks = [];
        string around = "";
        for (double at = (Math.Ceiling((least - origin) / step) * step) + origin; at <= most; at += step)
        {
            DateTime time = DateTime.UnixEpoch.AddSeconds(at);
            string label = Text(time, step >= Day ? "%d" : step >= 60 ? "HH:mm" : "HH:mm:ss");
            string context = Text(time, step >= Day ? "MMM yyyy" : "d MMM yyyy");
            ticks.Add(new Tick(at, label, context == around ? "" : context));
            around = context;
        }

        return ticks;
    }

    private static List<Tick> Months(double least, double most, int months)
    {
        DateTime start = DateTime.UnixEpoch.AddSeconds(least);
        int first = (start.Year * 12) + start.Month - 1;
        first += new DateTime(start.Year, start.Month, 1) < start ? 1 : 0;
        List<Tick> ticks = [];
        string around = "";
        for (int month = (first + months - 1) / months * months; month / 12 <= 9999; month += months)
        {
            DateTime time = new(month / 12, (month % 12) + 1, 1, 0, 0, 0, DateTimeKind.Utc);
            double at = (time - DateTime.UnixEpoch).TotalSeconds;
            if (at > most)
            {
                break;
            }

            string context = months >= 12 ? "" : Text(time, "yyyy");
            ticks.Add(new Tick(at, Text(time, months >= 12 ? "yyyy" : "MMM"), context == around ? "" : context));
            around = context;
        }

        return ticks;
    }

    private static string Text(DateTime time, string pattern) => time.ToString(pattern, CultureInfo.InvariantCulture);
}
