using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Polder.Columns.Values;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: values as members hold them ↔ values as columns hold them. Times finer than a microsecond
/// are cut down to it, towards the past.
/// </summary>
public static class RowConvert
{
    private const int EpochDay = 719_162;
    private const long EpochMicroseconds = DateTimeTicksOfEpoch / TicksPerMicrosecond;
    private const long DateTimeTicksOfEpoch = 621_355_968_000_000_000;
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const long MostMicroseconds = long.MaxValue / TicksPerMicrosecond;

    /// <summary>A member that may not be null is.</summary>
    public static ArgumentException UnexpectedNull(string member) =>
        new($"{member} is null in some row, which its type does not allow: declare it nullable, or give it a value");

    /// <summary>The value, which must be there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Require<T>(T? value, string member)
        where T : class => value ?? throw UnexpectedNull(member);

    /// <summary>The items of an array or list without a copy, of another sequence with one.</summary>
    public static ReadOnlySpan<T> AsSpan<T>(IEnumerable<T> items) => items switch
    {
        T[] array => new ReadOnlySpan<T>(array),
        List<T> list => CollectionsMarshal.AsSpan(list),
        _ => items.ToArray(),
    };

    /// <summary>The items of an array.</summary>
    public static ReadOnlySpan<T> AsSpan<T>(T[] items) => new(items);

    /// <summary>The items of a list, which must not change meanwhile.</summary>
    public static ReadOnlySpan<T> AsSpan<T>(List<T> items) => CollectionsMarshal.AsSpan(items);

    /// <summary>The items of an array that must be there.</summary>
    public static ReadOnlySpan<T> AsSpan<T>(ImmutableArray<T> items, string member) =>
        items.IsDefault ? throw UnexpectedNull(member) : items.AsSpan();

    /// <summary>An array to fill.</summary>
    public static T[] NewArray<T>(int length) => length == 0 ? [] : new T[length];

    /// <summary>A list of values.</summary>
    public static List<T> ToList<T>(ReadOnlySpan<T> values)
    {
        List<T> list = new(values.Length);
        list.AddRange(values);
        return list;
    }

    /// <summary>Days since 1970-01-01.</summary>
    public static int ToDays(DateOnly date) => date.DayNumber - EpochDay;

    /// <summary>Days since 1970-01-01 of a time's date.</summary>
    public static int ToDays(DateTime time) => (int)((time.Ticks - DateTimeTicksOfEpoch) / TimeSpan.TicksPerDay) -
        (time.Ticks < DateTimeTicksOfEpoch && time.Ticks % TimeSpan.TicksPerDay != 0 ? 1 : 0);

    /// <summary>Microseconds since 1970-01-01, whatever the kind: what the clock shows.</summary>
    public static long ToMicroseconds(DateTime time) => (time.Ticks / TicksPerMicrosecond) - EpochMicroseconds;

    /// <summary>Microseconds since 1970-01-01 UTC; a time of no kind is taken to be UTC.</summary>
    public static long ToInstant(DateTime time) =>
        ToMicroseconds(time.Kind == DateTimeKind.Local ? time.ToUniversalTime() : time);

    /// <summary>Microseconds since 1970-01-01 UTC.</summary>
    public static long ToMicroseconds(DateTimeOffset time) =>
        (time.UtcTicks / TicksPerMicrosecond) - EpochMicroseconds;

    /// <summary>Microseconds since midnight.</summary>
    public static long ToMicroseconds(TimeOnly time) => time.Ticks / TicksPerMicrosecond;

    /// <summary>Microseconds.</summary>
    public static long ToMicroseconds(TimeSpan time) => CivilCalendar.FloorDivide(time.Ticks, TicksPerMicrosecond);

    /// <summary>A decimal as the integer that a column holds.</summary>
    /// <exception cref="ArgumentException">It has more digits than the column.</exception>
    public static Int128 ToUnscaled(decimal value, int precision, int scale, string member)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(value, parts);
        int shift = scale - value.Scale;
        Int128 unscaled = (Int128)new UInt128(
            (uint)parts[2], ((ulong)(uint)parts[1] << 32) | (uint)parts[0]);
        if (shift < 0)
        {
            (unscaled, Int128 cut) = Int128.DivRem(unscaled, DecimalMath.Power(-shift));
            if (cut != 0)
            {
                throw Misfit(value, precision, scale, member);
            }
        }
        else if (shift > 0)
        {
            // 96 bits times a power of ten may pass 128 bits; then it passes the precision too.
            if (unscaled > DecimalMath.Power(38) / DecimalMath.Power(shift))
            {
                throw Misfit(value, precision, scale, member);
            }

            unscaled *= DecimalMath.Power(shift);
        }

        return unscaled < DecimalMath.Power(precision)
            ? parts[3] < 0 ? -unscaled : unscaled
            : throw Misfit(value, precision, scale, member);
    }

    /// <summary>An unscaled decimal that must not have more digits than the column.</summary>
    /// <exception cref="ArgumentException">It has.</exception>
    public static Int128 ToUnscaled(Int128 value, int precision, string member) =>
        value < DecimalMath.Power(precision) && value > -DecimalMath.Power(precision)
            ? value
            : throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture, $"{member}: {value} has more than the column's {precision} digits"));

    /// <summary>Appends a character as a string of one.</summary>
    /// <exception cref="ArgumentException">It is half of a surrogate pair.</exception>
    public static void Append(BytesBuilder builder, char value, string member)
    {
        if (char.IsSurrogate(value))
        {
            throw new ArgumentException($"{member}: half of a surrogate pair is no text");
        }

        builder.Append([value]);
    }

    /// <summary>Appends a Guid as its 36 characters.</summary>
    public static void Append(BytesBuilder builder, Guid value) =>
        Invariant.Holds(value.TryFormat(builder.AppendSpan(36), out _), "a Guid is 36 characters");

    /// <summary>Appends a Guid as its 16 bytes, in the order in which it is written.</summary>
    public static void AppendBytes(BytesBuilder builder, Guid value) => Invariant.Holds(
        value.TryWriteBytes(builder.AppendSpan(16), bigEndian: true, out _), "a Guid is 16 bytes");

    /// <summary>An enum's value has no name.</summary>
    public static ArgumentException NoName(object value, string member) => new(
        $"{member}: {value} is no declared value of {value.GetType().Name}, so it has no name to write");

    /// <summary>A date of a day.</summary>
    public static DateOnly ToDateOnly(int days, RowColumn column)
    {
        long day = (long)days + EpochDay;
        return (ulong)day <= (ulong)DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)day)
            : throw column.Misfit($"day {days} since 1970 lies outside the years 1 to 9999");
    }

    /// <summary>Midnight of a day.</summary>
    public static DateTime ToDateTime(int days, RowColumn column) =>
        ToDateOnly(days, column).ToDateTime(default);

    /// <summary>A time.</summary>
    public static DateTime ToDateTime(long microseconds, DateTimeKind kind, RowColumn column)
    {
        long shifted = microseconds + EpochMicroseconds;
        return (ulong)shifted <= (ulong)(DateTime.MaxValue.Ticks / TicksPerMicrosecond)
            ? new DateTime(shifted * TicksPerMicrosecond, kind)
            : throw column.Misfit($"microsecond {microseconds} since 1970 lies outside the years 1 to 9999");
    }

    /// <summary>An instant, at offset zero.</summary>
    public static DateTimeOffset ToDateTimeOffset(long microseconds, RowColumn column) =>
        new(ToDateTime(microseconds, DateTimeKind.Utc, column));

    /// <summary>A time of day.</summary>
    public static TimeOnly ToTimeOnly(long microseconds, RowColumn column) =>
        (ulong)microseconds < (ulong)CivilCalendar.MicrosPerDay
            ? new TimeOnly(microseconds * TicksPerMicrosecond)
            : throw column.Misfit($"microsecond {microseconds} lies outside a day");

    /// <summary>A span of time.</summary>
    public static TimeSpan ToTimeSpan(long microseconds, RowColumn column) =>
        microseconds is >= -MostMicroseconds and <= MostMicroseconds
            ? new TimeSpan(microseconds * TicksPerMicrosecond)
            : throw column.Misfit($"{microseconds} microseconds are more than a TimeSpan holds");

    /// <summary>A decimal, exactly.</summary>
    public static decimal ToDecimal(Int128 unscaled, RowColumn column)
    {
        int scale = column.Type.Scale;
        bool isNegative = unscaled < 0;
        UInt128 magnitude = (UInt128)(isNegative ? -unscaled : unscaled);
        while (scale > 28 || (magnitude >> 96) != 0)
        {
            (UInt128 shorter, UInt128 last) = UInt128.DivRem(magnitude, 10);
            if (scale == 0 || last != 0)
            {
                throw column.Misfit($"the unscaled number {unscaled} has more digits than System.Decimal");
            }

            magnitude = shorter;
            scale--;
        }

        return new decimal(
            (int)(uint)magnitude, (int)(uint)(magnitude >> 32), (int)(uint)(magnitude >> 64), isNegative, (byte)scale);
    }

    /// <summary>An unsigned number.</summary>
    public static byte ToByte(short value, RowColumn column) =>
        (ushort)value <= byte.MaxValue ? (byte)value : throw column.Misfit($"{value} is no byte");

    /// <summary>An unsigned number.</summary>
    public static ushort ToUInt16(int value, RowColumn column) =>
        (uint)value <= ushort.MaxValue ? (ushort)value : throw column.Misfit($"{value} is no ushort");

    /// <summary>An unsigned number.</summary>
    public static uint ToUInt32(long value, RowColumn column) =>
        (ulong)value <= uint.MaxValue ? (uint)value : throw column.Misfit($"{value} is no uint");

    /// <summary>An unsigned number.</summary>
    public static ulong ToUInt64(Int128 value, RowColumn column) =>
        value >= 0 && value <= ulong.MaxValue ? (ulong)value : throw column.Misfit($"{value} is no ulong");

    /// <summary>A half-precision number, exactly.</summary>
    public static Half ToHalf(float value, RowColumn column) =>
        (float)(Half)value == value || float.IsNaN(value)
            ? (Half)value
            : throw column.Misfit(string.Create(CultureInfo.InvariantCulture, $"{value} is no Half"));

    /// <summary>A character.</summary>
    public static char ToChar(ReadOnlySpan<byte> utf8, RowColumn column)
    {
        Span<char> text = stackalloc char[3];
        return utf8.Length is >= 1 and <= 3 && Encoding.UTF8.GetChars(utf8, text) == 1
            ? text[0]
            : throw column.Misfit($"the text '{Encoding.UTF8.GetString(utf8)}' is not one character");
    }

    /// <summary>A Guid of its characters.</summary>
    public static Guid ToGuid(ReadOnlySpan<byte> utf8, RowColumn column) => Guid.TryParse(utf8, out Guid value)
        ? value
        : throw column.Misfit($"the text '{Encoding.UTF8.GetString(utf8)}' is no Guid");

    /// <summary>A Guid of its 16 bytes, in the order in which it is written.</summary>
    public static Guid ToGuidOfBytes(ReadOnlySpan<byte> bytes, RowColumn column) => bytes.Length == 16
        ? new Guid(bytes, bigEndian: true)
        : throw column.Misfit($"{bytes.Length} bytes are no Guid, which has 16");

    /// <summary>No value of an enum has that name.</summary>
    public static RowMismatchException NoValue(ReadOnlySpan<byte> utf8, RowColumn column) =>
        column.Misfit($"the enum has no value '{Encoding.UTF8.GetString(utf8)}'");

    private static ArgumentException Misfit(decimal value, int precision, int scale, string member) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{member}: {value} does not fit decimal({precision},{scale}); PolderColumn.Type can say another"));
}
