using System;
using System.Collections.Generic;
using System.Globalization;
using System.Numerics;
using System.Text;
using Polder.Columns.Values;
using Xunit;

namespace Polder.Tests.Columns.Values;

/// <summary>The texts of values against .NET's own where it has the value, and there and back beyond.</summary>
public sealed class ValueTextTests
{
    [Fact]
    public void Dates_and_timestamps_are_written_as_NET_writes_them()
    {
        Random random = Seed(71);
        for (int round = 0; round < 5_000; round++)
        {
            long micros = random.NextInt64(
                -DateTime.UnixEpoch.Ticks / 10, (DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks) / 10);
            micros = round % 3 == 0 ? micros / 1_000_000 * 1_000_000 : round % 3 == 1 ? micros / 1000 * 1000 : micros;
            DateTime time = DateTime.UnixEpoch.AddTicks(micros * 10);
            Assert.Equal(Text(time, "yyyy-MM-dd"), TemporalText.FormatDate(CivilCalendar.DayOf(micros)));
            Assert.Equal(Text(time, "yyyy-MM-ddTHH:mm:ss.ffffff"), TemporalText.FormatTimestamp(micros, 'T'));
            Assert.Equal(Text(time, "yyyy-MM-dd HH:mm:ss.fff"), TemporalText.FormatTimestamp(micros, ' ', 3));
            Assert.Equal(Text(time, "yyyy-MM-dd HH:mm:ss"), TemporalText.FormatTimestamp(micros, ' ', 0));
            Assert.Equal(
                Text(time, "yyyy-MM-dd HH:mm:ss.FFFFFF"),
                TextSink.ToText(sink => TemporalText.WriteTimestamp(micros, sink)));
        }
    }

    [Theory]
    [InlineData(2932897, "+10000-01-01", "10000-01-01")]
    [InlineData(-719529, "-0001-12-31", "-0001-12-31")]
    [InlineData(-719528, "0000-01-01", "0000-01-01")]
    [InlineData(int.MaxValue, "+5881580-07-11", "5881580-07-11")]
    [InlineData(int.MinValue, "-5877641-06-23", "-5877641-06-23")]
    public void Years_of_other_than_four_digits_have_a_sign(int day, string signed, string bare)
    {
        Span<byte> text = stackalloc byte[TemporalText.MaxBytes];
        Assert.Equal(signed, TemporalText.FormatDate(day));
        Assert.Equal(bare, Encoding.UTF8.GetString(text[..TemporalText.WriteDate(text, day, plus: false)]));
        Assert.True(TemporalParser.TryParseDate(Encoding.UTF8.GetBytes(signed), out int again));
        Assert.Equal(day, again);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(86_400_000_000L)]
    public void Any_bits_have_a_text_as_a_time_of_day(long micros)
    {
        string text = TextSink.ToText(sink => TemporalText.WriteTime(micros, sink));
        BigInteger magnitude = BigInteger.Abs(micros);
        string fraction = (magnitude % 1_000_000).ToString("000000", CultureInfo.InvariantCulture).TrimEnd('0');
        BigInteger seconds = magnitude / 1_000_000;
        string expected = FormattableString.Invariant(
            $"{(micros < 0 ? "-" : "")}{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}");
        Assert.Equal(expected + (fraction.Length > 0 ? "." + fraction : ""), text);
    }

    [Fact]
    public void Decimals_are_written_with_their_scale_and_read_back_exactly()
    {
        Random random = Seed(72);
        List<Int128> values =
            [0, 1, -1, 9, 10, long.MaxValue, long.MinValue, ulong.MaxValue, DecimalMath.Power(38) - 1];
        for (int round = 0; round < 2_000; round++)
        {
            Int128 magnitude = new Int128((ulong)random.NextInt64(), (ulong)random.NextInt64()) %
                DecimalMath.Power(random.Next(1, 39));
            values.Add(random.Next(2) == 0 ? magnitude : -magnitude);
        }

        foreach (Int128 value in values)
        {
            int scale = random.Next(0, 39);
            string text = DecimalText.Format(value, scale);
            Assert.Equal(DecimalText.Format((BigInteger)value, scale), text);
            byte[] utf8 = Encoding.UTF8.GetBytes(text);
            Assert.True(DecimalParser.TryParseExact(utf8, DecimalMath.MaxPrecision, scale, out Int128 exact));
            Assert.Equal(value, exact);
            Assert.True(DecimalParser.TryParse(utf8, DecimalMath.MaxPrecision, scale, out Int128 rounded));
            Assert.Equal(value, rounded);
        }
    }

    [Theory]
    [InlineData("1.5", 10, 0, false, 2)]
    [InlineData("-1.5", 10, 0, false, -2)]
    [InlineData("1.50", 10, 1, true, 15)]
    [InlineData("1.05", 10, 1, false, 11)]
    [InlineData("15e-1", 10, 1, true, 15)]
    [InlineData("1e-1000", 10, 1, false, 0)]
    [InlineData("0e-1000", 10, 1, true, 0)]
    [InlineData("123456789012345678901234567890.5", 38, 0, false, null)]
    [InlineData("123456789012345678901234567890.50", 38, 1, true, null)]
    public void Reading_exactly_refuses_what_reading_rounds(
        string text, int precision, int scale, bool isExact, int? expected)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Assert.Equal(isExact, DecimalParser.TryParseExact(utf8, precision, scale, out Int128 exact));
        Assert.True(DecimalParser.TryParse(utf8, precision, scale, out Int128 rounded));
        Assert.True(expected is null || rounded == expected);
        Assert.True(!isExact || exact == rounded);
    }

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);

    private static Random Seed(int seed)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"seed {seed}"));
        return new Random(seed);
    }
}
