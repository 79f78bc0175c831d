using System;
using System.Linq;
using System.Numerics;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Polder.Bytes;
using Polder.Columns.Values;

namespace Polder.Columns;

/// <summary>Reads values out of canonical arrays: one at a time as objects, or whole columns as spans.</summary>
public static class ColumnValues
{
    /// <summary>
    /// One value in the form of <c>Literal.Value</c>, null where it is null; an array or struct as <c>object?[]</c>, a
    /// map as <c>(object?, object?)[]</c>, a variant as <c>object?[]</c> of its two binaries, a wide decimal as
    /// <see cref="BigInteger"/> of all its digits. Not for hot loops.
    /// </summary>
    public static object? Get(IArrowArray array, int row, DataType type)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, array.Length);
        return Get(array.Data, row, type);
    }

    /// <summary>The values of a fixed-width column, those of null rows too (undefined); borrowed.</summary>
    public static ReadOnlySpan<T> Fixed<T>(IArrowArray array)
        where T : unmanaged => ArrayBuffers.Values<T>(array.Data);

    /// <summary>The offsets of a string, binary, list or map column: one more than rows; borrowed.</summary>
    public static ReadOnlySpan<int> Offsets(IArrowArray array) => ArrayBuffers.Offsets(array.Data);

    /// <summary>The bytes of a string or binary column, which <see cref="Offsets"/> point into; borrowed.</summary>
    public static ReadOnlySpan<byte> Bytes(IArrowArray array) => array.Data.Buffers[2].Span;

    /// <summary>A value of a boolean column.</summary>
    public static bool Boolean(IArrowArray array, int row) =>
        Bitmap.Get(array.Data.Buffers[1].Span, array.Data.Offset + row);

    private static object? Get(ArrayData data, int row, DataType type)
    {
        if (Validity.Of(data).IsNull(row))
        {
            return null;
        }

        return type.Kind switch
        {
            TypeKind.Boolean => Bitmap.Get(data.Buffers[1].Span, data.Offset + row),
            TypeKind.Byte => ArrayBuffers.Values<sbyte>(data)[row],
            TypeKind.Short => ArrayBuffers.Values<short>(data)[row],
            TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval => ArrayBuffers.Values<int>(data)[row],
            TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
                TypeKind.DayTimeInterval => ArrayBuffers.Values<long>(data)[row],
            TypeKind.Float => ArrayBuffers.Values<float>(data)[row],
            TypeKind.Double => ArrayBuffers.Values<double>(data)[row],
            TypeKind.Decimal => ArrayBuffers.Values<Int128>(data)[row],
            TypeKind.WideDecimal => Int256.ToBigInteger(ArrayBuffers.Items(data, Int256.SizeBytes), row),
            TypeKind.CalendarInterval => ToInterval(ArrayBuffers.Values<MonthDayNanosecondInterval>(data)[row]),
            TypeKind.String or TypeKind.Char or TypeKind.Varchar =>
                Encoding.UTF8.GetString(ArrayBuffers.BytesAt(data, row)),
            TypeKind.Binary => ArrayBuffers.BytesAt(data, row).ToArray(),
            TypeKind.Array => GetList(data, row, type),
            TypeKind.Map => GetMap(data, row, type),
            TypeKind.Variant => new[]
            {
                GetField(data, row, 0, DataType.Binary), GetField(data, row, 1, DataType.Binary),
            },
            _ => type.Fields.Select((field, fieldIndex) => GetField(data, row, fieldIndex, field.Type)).ToArray(),
        };
    }

    private static object?[] GetList(ArrayData data, int row, DataType type)
    {
        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        object?[] elements = new object?[offsets[row + 1] - offsets[row]];
        for (int index = 0; index < elements.Length; index++)
        {
            elements[index] = Get(data.Children[0], offsets[row] + index, type.Element!);
        }

        return elements;
    }

    private static (object? Key, object? Value)[] GetMap(ArrayData data, int row, DataType type)
    {
        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        ArrayData pairs = data.Children[0];
        (object? Key, object? Value)[] entries = new (object?, object?)[offsets[row + 1] - offsets[row]];
        for (int index = 0; index < entries.Length; index++)
        {
            int pair = offsets[row] + index;
            entries[index] = (GetField(pairs, pair, 0, type.Key!), GetField(pairs, pair, 1, type.Element!));
        }

        return entries;
    }

    private static object? GetField(ArrayData data, int row, int fieldIndex, DataType type) =>
        Get(ArrayBuffers.StructField(data, fieldIndex), row, type);

    private static CalendarInterval ToInterval(MonthDayNanosecondInterval value) =>
        new(value.Months, value.Days, value.Nanoseconds / 1000);
}
