using System;
using System.Globalization;
using System.Numerics;
using System.Text;
using Polder.Columns.Values;
using Xunit;

namespace Polder.Tests.Expressions.Evaluation;

/// <summary>Wide integers and decimals against BigInteger, which is slow and simple.</summary>
public sealed class ArithmeticPropertyTests
{
    private const int Seed = 20261124;

    [Fact]
    public void Products_and_quotients_of_256_bits_are_those_of_BigInteger()
    {
        Random random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            UInt128 left = AnyMagnitude(random);
            UInt128 right = AnyMagnitude(random);
            UInt128 other = AnyMagnitude(random);
            UInt256 product = UInt256.Multiply(left, right);
            Assert.Equal((BigInteger)left * right, product.ToBigInteger());
            UInt256 divisor = random.Next(2) == 0
                ? new UInt256(UInt128.Zero, other | 1)
                : UInt256.Multiply(other | 1, (UInt128)random.Next(1, 1000));
            UInt256 quotient = UInt256.DivRem(product, divisor, out UInt256 remainder);
            BigInteger expected = BigInteger.DivRem(
                product.ToBigInteger(), divisor.ToBigInteger(), out BigInteger expectedRemainder);
            Assert.Equal(expected, quotient.ToBigInteger());
            Assert.Equal(expectedRemainder, remainder.ToBigInteger());
            bool fits = UInt256.TryMultiply(product, other, out UInt256 wide);
            BigInteger exact = product.ToBigInteger() * other;
            Assert.Equal(exact < BigInteger.Pow(2, 256), fits);
            Assert.True(!fits || wide.ToBigInteger() == exact);
        }
    }

    [Fact]
    public void Decimal_operations_round_half_up_once()
    {
        Random random = new(Seed);
        for (int round = 0; round < 20_000; round++)
        {
            int leftScale = random.Next(39);
            int rightScale = random.Next(39);
            int scale = random.Next(39);
            int precision = random.Next(int.Max(scale, 1), 39);
            Int128 left = AnyDecimal(random);
            Int128 right = AnyDecimal(random);
            Check(
                Round((BigInteger)left * right, leftScale + rightScale, scale),
                precision,
                DecimalMath.TryMultiply(left, leftScale, right, rightScale, precision, scale, out Int128 product),
                product);
            int common = int.Max(leftScale, rightScale);
            BigInteger sum = ((BigInteger)left * BigInteger.Pow(10, common - leftScale)) +
                ((BigInteger)right * BigInteger.Pow(10, common - rightScale));
            Check(
                Round(sum, common, scale),
                precision,
                DecimalMath.TryAdd(left, leftScale, right, rightScale, precision, scale, out Int128 total),
                total);
            Check(
                Round(left, leftScale, scale),
                precision,
                DecimalMath.TryRescale(left, leftScale, precision, scale, out Int128 rescaled),
                rescaled);
            if (right != 0)
            {
                CheckQuotients(left, leftScale, right, rightScale, precision, scale);
            }
        }
    }

    [Fact]
    public void Doubles_print_the_shortest_text_that_reads_back()
    {
        Random random = new(Seed);
        Span<byte> bits = stackalloc byte[8];
        for (int round = 0; round < 20_000; round++)
        {
            random.NextBytes(bits);
            double value = round % 2 == 0
                ? BitConverter.ToDouble(bits)
                : (random.Next(-1_000_000, 1_000_000) / Math.Pow(10, random.Next(12)));
            string text = TextSink.ToText(sink => NumberText.Write(value, sink));
            Assert.True(NumberParser.TryParseDouble(Encoding.UTF8.GetBytes(text), out double back), text);
            Assert.Equal(value, back);
            float single = (float)value;
            text = TextSink.ToText(sink => NumberText.Write(single, sink));
            Assert.True(NumberParser.TryParseFloat(Encoding.UTF8.GetBytes(text), out float singleBack), text);
            Assert.Equal(single, singleBack);
        }
    }

    [Theory]
    [InlineData(1.0, "1.0")]
    [InlineData(0.001, "0.001")]
    [InlineData(0.00099, "9.9E-4")]
    [InlineData(9999999.0, "9999999.0")]
    [InlineData(1e7, "1.0E7")]
    [InlineData(-123456.789, "-123456.789")]
    [InlineData(4.9e-324, "4.9E-324")]
    [InlineData(2e-323, "2.0E-323")]
    [InlineData(1.7976931348623157e308, "1.7976931348623157E308")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(100.0, "100.0")]
    public void Doubles_print_in_Javas_layout(double value, string expected) =>
        Assert.Equal(expected, TextSink.ToText(sink => NumberText.Write(value, sink)));

    [Theory]
    [InlineData("0x1.8p1", 3.0)]
    [InlineData("0x.8P0", 0.5)]
    [InlineData("0x1p-1074", 4.9e-324)]
    [InlineData("0x1.fffffffffffff8p1023", double.PositiveInfinity)]
    [InlineData("0x1.00000000000008p0", 1.0)]
    [InlineData("0x1.000000000000081p0", 1.0000000000000002)]
    [InlineData(" 1.5f ", 1.5)]
    [InlineData("1e3D", 1000.0)]
    [InlineData(".5", 0.5)]
    [InlineData("5.", 5.0)]
    [InlineData("-Infinity", double.NegativeInfinity)]
    public void Doubles_are_read_as_Java_does(string text, double expected)
    {
        Assert.True(NumberParser.TryParseDouble(Encoding.UTF8.GetBytes(text), out double value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1e")]
    [InlineData("1.5fd")]
    [InlineData("0x1")]
    [InlineData("0x1.8")]
    [InlineData("1_000")]
    [InlineData("1,5")]
    [InlineData("--1")]
    [InlineData("nanx")]
    [InlineData("1 2")]
    public void What_Java_does_not_read_is_no_double(string text) =>
        Assert.False(NumberParser.TryParseDouble(Encoding.UTF8.GetBytes(text), out _));

    private static void CheckQuotients(
        Int128 left, int leftScale, Int128 right, int rightScale, int precision, int scale)
    {
        // As a fraction: left × 10^(scale + rightScale) over right × 10^leftScale.
        BigInteger dividend = (BigInteger)left * BigInteger.Pow(10, scale + rightScale);
        BigInteger divisor = (BigInteger)right * BigInteger.Pow(10, leftScale);
        BigInteger quotient = BigInteger.DivRem(dividend, divisor, out BigInteger rest);
        if (BigInteger.Abs(rest) * 2 >= BigInteger.Abs(divisor))
        {
            quotient += dividend.Sign * divisor.Sign;
        }

        Check(
            quotient,
            precision,
            DecimalMath.TryDivide(left, leftScale, right, rightScale, precision, scale, out Int128 result),
            result);
        int common = int.Max(leftScale, rightScale);
        BigInteger remainder = BigInteger.Remainder(
            (BigInteger)left * BigInteger.Pow(10, common - leftScale),
            (BigInteger)right * BigInteger.Pow(10, common - rightScale));
        Check(
            Round(remainder, common, scale),
            precision,
            DecimalMath.TryRemainder(left, leftScale, right, rightScale, precision, scale, out Int128 modulo),
            modulo);
    }

    private static void Check(BigInteger expected, int precision, bool succeeded, Int128 actual)
    {
        Assert.Equal(BigInteger.Abs(expected) < BigInteger.Pow(10, precision), succeeded);
        Assert.True(!succeeded || (BigInteger)actual == expected, string.Create(
            CultureInfo.InvariantCulture, $"expected {expected}, got {actual}"));
    }

    private static BigInteger Round(BigInteger value, int scale, int newScale)
    {
        if (newScale >= scale)
        {
            return value * BigInteger.Pow(10, newScale - scale);
        }

        BigInteger unit = BigInteger.Pow(10, scale - newScale);
        BigInteger quotient = BigInteger.DivRem(value, unit, out BigInteger rest);
        return BigInteger.Abs(rest) * 2 >= unit ? quotient + value.Sign : quotient;
    }

    private static UInt128 AnyMagnitude(Random random) =>
        new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64()) >>
            random.Next(128);

    private static Int128 AnyDecimal(Random random)
    {
        Int128 value = (Int128)(AnyMagnitude(random) >> 1) % DecimalMath.Power(38);
        return random.Next(2) == 0 ? value : -value;
    }
}
