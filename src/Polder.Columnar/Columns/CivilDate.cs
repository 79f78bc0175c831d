namespace Polder.Columns;

/// <summary>Days since 1970-01-01 ↔ year, month and day in the proleptic Gregorian calendar, for any year.</summary>
internal static class CivilDate
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    private const int DaysPerEra = 146_097;

    // Days from 0000-03-01 to 1970-01-01. Years begin in March, so that the leap day is the last of its year.
    private const int EpochShift = 719_468;

    /// <summary>The day of a date whose month and day are known to exist.</summary>
    public static long ToDays(long year, int month, int day)
    {
        long shifted = month <= 2 ? year - 1 : year;
        long era = FloorDivide(shifted, 400);
        long yearOfEra = shifted - (era * 400);
        long dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        return (era * DaysPerEra) + (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear - EpochShift;
    }

    /// <summary>The date of a day.</summary>
    public static (long Year, int Month, int Day) FromDays(long days)
    {
        long shifted = days + EpochShift;
        long era = FloorDivide(shifted, DaysPerEra);
        long dayOfEra = shifted - (era * DaysPerEra);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long monthFromMarch = ((5 * dayOfYear) + 2) / 153;
        int day = (int)(dayOfYear - (((153 * monthFromMarch) + 2) / 5) + 1);
        int month = (int)(monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9);
        return ((era * 400) + yearOfEra + (month <= 2 ? 1 : 0), month, day);
    }

    /// <summary>How many days a month has.</summary>
    public static int DaysIn(long year, int month) => month switch
    {
        2 => year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static long FloorDivide(long value, long divisor) =>
        (value / divisor) - (value % divisor < 0 ? 1 : 0);
}
