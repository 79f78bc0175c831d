namespace Polder.Columns.Values;

/// <summary>
/// The proleptic Gregorian calendar in whole numbers: days since 1970-01-01 ↔ year, month, day, for any year that
/// 32-bit days or 64-bit microseconds reach. Year 0 is 1 BC.
/// </summary>
internal static class CivilCalendar
{
    public const long MicrosPerSecond = 1_000_000;
    public const long MicrosPerMinute = 60 * MicrosPerSecond;
    public const long MicrosPerHour = 60 * MicrosPerMinute;
    public const long MicrosPerDay = 24 * MicrosPerHour;

    /// <summary>Days of 400 years.</summary>
    public const long DaysPerCycle = 146_097;

    // Six million years: more than 32-bit days or 64-bit microseconds reach back.
    private const long CyclesBack = 15_000;

    // Days from 0000-03-01 to 1970-01-01: years that begin in March end with the leap day.
    private const long EpochFromMarch = 719_468;

    /// <summary>
    /// The civil date of a day, by Neri and Schneider's method (Software: Practice and Experience 53, 2023): divisions
    /// by constants only, after moving the origin so far back that nothing is negative.
    /// </summary>
    public static (int Year, int Month, int Day) ToCivil(long day)
    {
        ulong quarters = (4 * (ulong)(day + EpochFromMarch + (CyclesBack * DaysPerCycle))) + 3;
        ulong century = quarters / DaysPerCycle;
        uint dayOfCentury = (uint)(quarters - (century * DaysPerCycle)) / 4;
        ulong product = 2_939_745UL * ((4 * dayOfCentury) + 3);
        uint yearOfCentury = (uint)(product >> 32);
        uint dayOfYear = (uint)product / 2_939_745 / 4;
        uint monthAndDay = (2_141 * dayOfYear) + 197_913;
        bool isNextYear = dayOfYear >= 306;
        int year = (int)((100 * (long)century) + yearOfCentury - (CyclesBack * 400)) + (isNextYear ? 1 : 0);
        int month = (int)(monthAndDay >> 16) - (isNextYear ? 12 : 0);
        return (year, month, (int)((monthAndDay & 0xFFFF) / 2_141) + 1);
    }

    /// <summary>The day of a civil date.</summary>
    public static long FromCivil(long year, int month, int dayOfMonth)
    {
        long shiftedYear = month <= 2 ? year - 1 : year;
        long cycle = FloorDivide(shiftedYear, 400);
        long yearOfCycle = shiftedYear - (cycle * 400);
        long dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + dayOfMonth - 1;
        long dayOfCycle = (yearOfCycle * 365) + (yearOfCycle / 4) - (yearOfCycle / 100) + dayOfYear;
        return (cycle * DaysPerCycle) + dayOfCycle - EpochFromMarch;
    }

    /// <summary>Whether a year has 29 February.</summary>
    public static bool IsLeap(long year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    /// <summary>Days of a month, 1 to 12.</summary>
    public static int DaysInMonth(long year, int month) =>
        month == 2 ? IsLeap(year) ? 29 : 28 : 30 + ((month + (month >> 3)) & 1);

    /// <summary>Whether there is such a date.</summary>
    public static bool IsValid(long year, int month, int dayOfMonth) =>
        month is >= 1 and <= 12 && dayOfMonth >= 1 && dayOfMonth <= DaysInMonth(year, month);

    /// <summary>A day some months later, the day of the month cut to the month's end.</summary>
    public static long AddMonths(long day, long months)
    {
        (int year, int month, int dayOfMonth) = ToCivil(day);
        long total = ((long)year * 12) + (month - 1) + months;
        long newYear = FloorDivide(total, 12);
        int newMonth = (int)(total - (newYear * 12)) + 1;
        return FromCivil(newYear, newMonth, int.Min(dayOfMonth, DaysInMonth(newYear, newMonth)));
    }

    /// <summary>0 = Monday … 6 = Sunday.</summary>
    public static int Weekday(long day)
    {
        long weekday = (day + 3) % 7;
        return (int)(weekday < 0 ? weekday + 7 : weekday);
    }

    /// <summary>1 for 1 January.</summary>
    public static int DayOfYear(long day) => (int)(day - FromCivil(ToCivil(day).Year, 1, 1)) + 1;

    /// <summary>The year that most of the day's week (from Monday) lies in.</summary>
    public static int WeekYear(long day) => ToCivil(day - Weekday(day) + 3).Year;

    /// <summary>The ISO week, 1 to 53.</summary>
    public static int Week(long day)
    {
        long thursday = day - Weekday(day) + 3;
        return ((DayOfYear(thursday) - 1) / 7) + 1;
    }

    /// <summary>The quotient rounded down; the divisor is positive.</summary>
    public static long FloorDivide(long dividend, long divisor)
    {
        long quotient = dividend / divisor;
        return quotient * divisor > dividend ? quotient - 1 : quotient;
    }

    /// <summary>The remainder that is not negative; the divisor is positive.</summary>
    public static long FloorRemainder(long dividend, long divisor)
    {
        long remainder = dividend % divisor;
        return remainder < 0 ? remainder + divisor : remainder;
    }

    /// <summary>The day that a local reading in microseconds lies in.</summary>
    public static long DayOf(long micros) => FloorDivide(micros, MicrosPerDay);

    /// <summary>Microseconds since midnight of a local reading.</summary>
    public static long TimeOf(long micros) => FloorRemainder(micros, MicrosPerDay);
}
