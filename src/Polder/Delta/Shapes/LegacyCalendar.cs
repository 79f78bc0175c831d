using System;
using System.Globalization;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Parquet;

namespace Polder.Delta.Shapes;

/// <summary>
/// Dates and timestamps of old Spark files, counted in the hybrid calendar: Julian before 1582-10-15. Spark reads such
/// a value as the day of the same name in the Gregorian calendar, extended backwards.
/// </summary>
/// <param name="Dates">Whether dates are meant.</param>
/// <param name="Timestamps">Whether timestamps in 64 bits are meant.</param>
/// <param name="Int96">Whether timestamps in 96 bits are meant.</param>
/// <param name="Zone">The zone that timestamps were written in; old offsets of it count too.</param>
internal sealed record LegacyCalendar(bool Dates, bool Timestamps, bool Int96, string? Zone)
{
    private const string Spark = "org.apache.spark.";
    private const int FirstGregorianDay = -141_427;

    // Zones had local mean time before; what old Java made of it is more than a shift of days.
    private const long FirstSafeTime = -2_208_988_800_000_000;

    public static LegacyCalendar None { get; } = new(false, false, false, null);

    /// <summary>What a file's footer says of itself.</summary>
    public static LegacyCalendar Find(ParquetFooter footer)
    {
        string? version = footer.FindValue(Spark + "version");
        bool isOld = version is not null && (version.StartsWith("1.", StringComparison.Ordinal) ||
            version.StartsWith("2.", StringComparison.Ordinal));
        bool dates = isOld || footer.FindValue(Spark + "legacyDateTime") is not null;
        bool int96 = isOld || version?.StartsWith("3.0", StringComparison.Ordinal) == true ||
            footer.FindValue(Spark + "legacyINT96") is not null;
        return new LegacyCalendar(dates, dates, int96, footer.FindValue(Spark + "timeZone"));
    }

    public bool AppliesTo(ParquetField field) => field.Type.Kind switch
    {
        TypeKind.Date => Dates,
        TypeKind.Timestamp => field.Leaf?.PhysicalType == PhysicalType.Int96 ? Int96 : Timestamps,
        _ => false,
    };

    /// <summary>The dates of the same names in the Gregorian calendar.</summary>
    public static IArrowArray RebaseDates(IArrowArray source)
    {
        ReadOnlySpan<int> days = ColumnValues.Fixed<int>(source);
        if (!AnyBelow(days, FirstGregorianDay))
        {
            return source;
        }

        FixedBuilder<int> rebased = (FixedBuilder<int>)ColumnBuilder.Create(DataType.Date, source.Length);
        Validity validity = Validity.Of(source);
        for (int row = 0; row < source.Length; row++)
        {
            if (validity.IsNull(row))
            {
                rebased.AppendNull();
            }
            else
            {
                rebased.Append(RebaseDay(days[row]));
            }
        }

        return rebased.Build();
    }

    /// <summary>The instants of the same names in the Gregorian calendar.</summary>
    /// <exception cref="UnsupportedFeatureException">A time before 1900 in another zone than UTC.</exception>
    public IArrowArray RebaseTimestamps(IArrowArray source)
    {
        ReadOnlySpan<long> times = ColumnValues.Fixed<long>(source);
        bool isUtc = Zone is null or "UTC" or "Etc/UTC" or "GMT" or "Z";
        if (!AnyBelow(times, isUtc ? FirstGregorianDay * CivilCalendar.MicrosPerDay : FirstSafeTime))
        {
            return source;
        }

        FixedBuilder<long> rebased = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Timestamp, source.Length);
        Validity validity = Validity.Of(source);
        for (int row = 0; row < source.Length; row++)
        {
            if (validity.IsNull(row))
            {
                rebased.AppendNull();
                continue;
            }

            if (!isUtc && times[row] < FirstSafeTime)
            {
                throw new UnsupportedFeatureException(
                    "timestamps before 1900 in Spark's old calendar",
                    string.Create(CultureInfo.InvariantCulture, $"the file was written in the time zone {Zone}"));
            }

            long day = RebaseDay((int)CivilCalendar.DayOf(times[row]));
            rebased.Append((day * CivilCalendar.MicrosPerDay) + CivilCalendar.TimeOf(times[row]));
        }

        return rebased.Build();
    }

    private static bool AnyBelow<T>(ReadOnlySpan<T> values, T bound)
        where T : IComparable<T>
    {
        foreach (T value in values)
        {
            if (value.CompareTo(bound) < 0)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The day that has in the Gregorian calendar the name which this one has in the Julian.</summary>
    private static int RebaseDay(int day)
    {
        if (day >= FirstGregorianDay)
        {
            return day;
        }

        // Counted in the Julian calendar from 0000-03-01, which is 719470 days before 1970: four years are 1461 days.
        long shifted = day + 719_470L;
        long cycle = (shifted >= 0 ? shifted : shifted - 1460) / 1461;
        long dayOfCycle = shifted - (cycle * 1461);
        long yearOfCycle = (dayOfCycle - (dayOfCycle / 1460)) / 365;
        long dayOfYear = dayOfCycle - (365 * yearOfCycle);
        long monthIndex = ((5 * dayOfYear) + 2) / 153;
        int dayOfMonth = (int)(dayOfYear - (((153 * monthIndex) + 2) / 5) + 1);
        int month = (int)(monthIndex < 10 ? monthIndex + 3 : monthIndex - 9);
        int year = (int)((cycle * 4) + yearOfCycle) + (month <= 2 ? 1 : 0);
        return (int)CivilCalendar.FromCivil(year, month, dayOfMonth);
    }
}
