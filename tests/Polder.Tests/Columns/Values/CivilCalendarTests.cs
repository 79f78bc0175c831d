using System;
using System.Globalization;
using System.Text;
using Polder.Columns.Values;
using Xunit;

namespace Polder.Tests.Columns.Values;

/// <summary>The calendar against .NET's where that reaches, and against itself beyond.</summary>
public sealed class CivilCalendarTests
{
    [Fact]
    public void Days_are_those_of_DateTime()
    {
        for (DateTime date = new(1, 1, 1); date < new DateTime(9999, 12, 1); date = date.AddDays(17))
        {
            long day = (date - DateTime.UnixEpoch).Days;
            Assert.Equal((date.Year, date.Month, date.Day), CivilCalendar.ToCivil(day));
            Assert.Equal(day, CivilCalendar.FromCivil(date.Year, date.Month, date.Day));
            Assert.Equal(date.DayOfYear, CivilCalendar.DayOfYear(day));
            Assert.Equal(((int)date.DayOfWeek + 6) % 7, CivilCalendar.Weekday(day));
            Assert.Equal(ISOWeek.GetWeekOfYear(date), CivilCalendar.Week(day));
            Assert.Equal(ISOWeek.GetYear(date), CivilCalendar.WeekYear(day));
            Assert.Equal(DateTime.DaysInMonth(date.Year, date.Month), CivilCalendar.DaysInMonth(date.Year, date.Month));
            DateTime later = date < new DateTime(9990, 1, 1) ? date.AddMonths(13) : date;
            Assert.True(later == date || (later - DateTime.UnixEpoch).Days == CivilCalendar.AddMonths(day, 13));
        }
    }

    [Fact]
    public void All_32_bit_days_come_back()
    {
        for (long day = int.MinValue; day <= int.MaxValue; day += 9_973)
        {
            (int year, int month, int dayOfMonth) = CivilCalendar.ToCivil(day);
            Assert.True(CivilCalendar.IsValid(year, month, dayOfMonth));
            Assert.Equal(day, CivilCalendar.FromCivil(year, month, dayOfMonth));
        }

        Assert.Equal((-5877641, 6, 23), CivilCalendar.ToCivil(int.MinValue));
        Assert.Equal((5881580, 7, 11), CivilCalendar.ToCivil(int.MaxValue));
    }

    [Theory]
    [InlineData("America/New_York", "2020-03-08 02:30:00", "2020-03-08 07:30:00")] // skipped: moved on by the gap
    [InlineData("America/New_York", "2020-11-01 01:30:00", "2020-11-01 05:30:00")] // twice: the earlier
    [InlineData("Europe/Amsterdam", "2024-07-01 12:00:00", "2024-07-01 10:00:00")]
    [InlineData("+05:30", "2024-07-01 12:00:00", "2024-07-01 06:30:00")]
    [InlineData("UTC-8", "2024-07-01 12:00:00", "2024-07-01 20:00:00")]
    [InlineData("PST", "2024-01-01 12:00:00", "2024-01-01 20:00:00")]
    [InlineData("America/New_York", "12020-07-01 12:00:00", "12020-07-01 16:00:00")]
    public void Local_readings_become_instants(string zone, string local, string instant)
    {
        Zone found = Zone.Find(zone)!;
        long expected = Parse(instant);
        Assert.Equal(expected, found.ToInstant(Parse(local)));
        Assert.True(zone == "America/New_York" || found.ToLocal(expected) == Parse(local));
    }

    [Theory]
    [InlineData("Nowhere/City")]
    [InlineData("+19:00")]
    [InlineData("+5:")]
    [InlineData("")]
    [InlineData("utc+")]
    public void Other_names_are_no_zones(string zone) => Assert.Null(Zone.Find(zone));

    private static long Parse(string text)
    {
        Assert.True(TemporalParser.TryParseTimestampNtz(Encoding.UTF8.GetBytes(text), out long micros));
        return micros;
    }
}
