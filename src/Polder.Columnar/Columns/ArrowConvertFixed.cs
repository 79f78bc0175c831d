using System;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Foreign fixed-width arrays: unsigned numbers, other units of time, other widths of decimals.</summary>
internal static class ArrowConvertFixed
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const long MillisecondsPerDay = 86_400_000;

    public static ArrayData Convert(ArrayData data, IArrowType target) => data.DataType switch
    {
        UInt8Type => Widen<byte, short>(data, target),
        UInt16Type => Widen<ushort, int>(data, target),
        UInt32Type => Widen<uint, long>(data, target),
        UInt64Type => Widen<ulong, Int128>(data, target),
        HalfFloatType => Widen<Half, float>(data, target),
        Decimal32Type => Widen<int, Int128>(data, target),
        Decimal64Type => Widen<long, Int128>(data, target),
        Decimal256Type => Narrow(data, target),
        FixedSizeBinaryType => ArrowConvertBytes.FromFixed(data, target),
        Date64Type => FromDate64(data, target),
        Time32Type time => Rescale(Widen<int, long>(data, target), target, time.Unit),
        Time64Type time => Rescale(data, target, time.Unit),
        DurationType duration => Rescale(data, target, duration.Unit),
        TimestampType timestamp => Rescale(data, target, timestamp.Unit),
        IntervalType { Unit: IntervalUnit.DayTime } => FromDayTime(data, target),
        _ => throw new UnsupportedFeatureException($"Arrow type {data.DataType.Name}", "it has no Spark counterpart"),
    };

    /// <summary>Every value as another type that can hold it.</summary>
    internal static ArrayData Widen<TFrom, TTo>(ArrayData data, IArrowType target)
        where TFrom : unmanaged, INumberBase<TFrom>
        where TTo : unmanaged, INumberBase<TTo>
    {
        byte[] buffer = NewValues<TTo>(data, out Span<TTo> values);
        ReadOnlySpan<TFrom> source = ArrayBuffers.Values<TFrom>(data);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = TTo.CreateTruncating(source[row]);
        }

        return Wrap(data, target, buffer);
    }

    private static ArrayData Rescale(ArrayData data, IArrowType target, TimeUnit unit)
    {
        if (unit == TimeUnit.Microsecond)
        {
            return ArrowConvert.Relabel(data, target, null);
        }

        byte[] buffer = NewValues<long>(data, out Span<long> values);
        ReadOnlySpan<long> source = ArrayBuffers.Values<long>(data);
        Validity validity = Validity.Of(data);
        long factor = unit == TimeUnit.Second ? MicrosecondsPerSecond : 1000;
        for (int row = 0; row < values.Length; row++)
        {
            // What lies under a null may be anything and must not overflow.
            long value = validity.IsValid(row) ? source[row] : 0;
            values[row] = unit == TimeUnit.Nanosecond ? FloorDivide(value, 1000) : MultiplyOrThrow(value, factor, unit);
        }

        return Wrap(data, target, buffer);
    }

    private static ArrayData FromDate64(ArrayData data, IArrowType target)
    {
        byte[] buffer = NewValues<int>(data, out Span<int> values);
        ReadOnlySpan<long> source = ArrayBuffers.Values<long>(data);
        Validity validity = Validity.Of(data);
        for (int row = 0; row < values.Length; row++)
        {
            long days = validity.IsValid(row) ? FloorDivide(source[row], MillisecondsPerDay) : 0;
            values[row] = days is >= int.MinValue and <= int.MaxValue
                ? (int)days
                : throw new OverflowException($"a date of {source[row]} milliseconds does not fit into 32-bit days");
        }

        return Wrap(data, target, buffer);
    }

    private static ArrayData FromDayTime(ArrayData data, IArrowType target)
    {
        byte[] buffer = NewValues<MonthDayNanosecondInterval>(data, out Span<MonthDayNanosecondInterval> values);
        ReadOnlySpan<DayTimeInterval> source = ArrayBuffers.Values<DayTimeInterval>(data);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = new MonthDayNanosecondInterval(0, source[row].Days, source[row].Milliseconds * 1_000_000L);
        }

        return Wrap(data, target, buffer);
    }

    // A decimal of up to 38 digits fits into the low half; the high half repeats its sign.
    private static ArrayData Narrow(ArrayData data, IArrowType target)
    {
        byte[] buffer = NewValues<Int128>(data, out Span<Int128> values);
        ReadOnlySpan<Int128> halves = ByteCast.As<Int128>(ArrayBuffers.Items(data, 32));
        Validity validity = Validity.Of(data);
        for (int row = 0; row < values.Length; row++)
        {
            values[row] = halves[2 * row];
            if (halves[(2 * row) + 1] != (halves[2 * row] >> 127) && validity.IsValid(row))
            {
                throw new OverflowException("a 256-bit decimal does not fit into 38 digits");
            }
        }

        return Wrap(data, target, buffer);
    }

    private static byte[] NewValues<T>(ArrayData data, out Span<T> values)
        where T : unmanaged
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(checked(data.Length * ByteCast.SizeOf<T>()));
        values = ByteCast.As<T>(buffer.AsSpan());
        return buffer;
    }

    private static ArrayData Wrap(ArrayData data, IArrowType target, byte[] values)
    {
        ValidityBuffer validity = Validity.Of(data).ToBuffer();
        return new ArrayData(
            target, data.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(values)], null, null);
    }

    private static long FloorDivide(long value, long divisor) =>
        (value / divisor) - (value % divisor < 0 ? 1 : 0);

    private static long MultiplyOrThrow(long value, long factor, TimeUnit unit)
    {
        long product = unchecked(value * factor);
        return product / factor == value
            ? product
            : throw new OverflowException($"a time of {value} ({unit}) does not fit into 64-bit microseconds");
    }
}
