using System;
using System.Buffers.Binary;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Parquet.Write;

/// <summary>What a stored type of fixed width means: its order, its bytes, its literals.</summary>
/// <typeparam name="T">The values as they are kept: floating point as its bits.</typeparam>
internal interface IStoredFormat<T>
    where T : unmanaged
{
    /// <summary>The bounds of some values; false where none of them has an order (all are NaN).</summary>
    static abstract bool TryFindBounds(ReadOnlySpan<T> values, out T minimum, out T maximum);

    /// <summary>The order of two values that are not NaN.</summary>
    static abstract int Compare(T left, T right);

    /// <summary>How many values are NaN; -1 where that cannot be.</summary>
    static abstract int CountNaN(ReadOnlySpan<T> values);

    /// <summary>Appends values in PLAIN encoding, each in <paramref name="typeLength"/> bytes.</summary>
    static abstract void PutPlain(ReadOnlySpan<T> values, int typeLength, BufferBuilder target);

    /// <summary>A value from its PLAIN bytes.</summary>
    static abstract T ReadPlain(ReadOnlySpan<byte> bytes);

    /// <summary>The value as a literal of a type.</summary>
    static abstract object ToLiteral(T value, DataType type);

    /// <summary>A minimum as readers expect it: zero may stand for either zero.</summary>
    static abstract T ToMinimum(T minimum);

    /// <summary>A maximum as readers expect it: zero may stand for either zero.</summary>
    static abstract T ToMaximum(T maximum);
}

/// <summary>INT32.</summary>
internal readonly struct Int32Format : IStoredFormat<int>
{
    public static bool TryFindBounds(ReadOnlySpan<int> values, out int minimum, out int maximum)
    {
        MinMax.OfIntegers(values, out minimum, out maximum);
        return true;
    }

    public static int Compare(int left, int right) => left.CompareTo(right);

    public static int CountNaN(ReadOnlySpan<int> values) => -1;

    public static void PutPlain(ReadOnlySpan<int> values, int typeLength, BufferBuilder target) =>
        target.Write(ByteCast.ToBytes(values));

    public static int ReadPlain(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    // Boxed arm by arm: a common numeric type would swallow the others.
    public static object ToLiteral(int value, DataType type) => type.Kind switch
    {
        TypeKind.Byte => (object)(sbyte)value,
        TypeKind.Short => (short)value,
        TypeKind.Decimal => (Int128)value,
        _ => value,
    };

    public static int ToMinimum(int minimum) => minimum;

    public static int ToMaximum(int maximum) => maximum;
}

/// <summary>INT64.</summary>
internal readonly struct Int64Format : IStoredFormat<long>
{
    public static bool TryFindBounds(ReadOnlySpan<long> values, out long minimum, out long maximum)
    {
        MinMax.OfIntegers(values, out minimum, out maximum);
        return true;
    }

    public static int Compare(long left, long right) => left.CompareTo(right);

    public static int CountNaN(ReadOnlySpan<long> values) => -1;

    public static void PutPlain(ReadOnlySpan<long> values, int typeLength, BufferBuilder target) =>
        target.Write(ByteCast.ToBytes(values));

    public static long ReadPlain(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    public static object ToLiteral(long value, DataType type) =>
        type.Kind == TypeKind.Decimal ? (object)(Int128)value : value;

    public static long ToMinimum(long minimum) => minimum;

    public static long ToMaximum(long maximum) => maximum;
}

/// <summary>FLOAT, kept as its bits.</summary>
internal readonly struct FloatFormat : IStoredFormat<int>
{
    public static bool TryFindBounds(ReadOnlySpan<int> values, out int minimum, out int maximum)
    {
        MinMax.OfNumbers(ByteCast.Reinterpret<int, float>(values), out float least, out float greatest);
        minimum = BitConverter.SingleToInt32Bits(least);
        maximum = BitConverter.SingleToInt32Bits(greatest);
        return !float.IsNaN(least);
    }

    public static int Compare(int left, int right) => Value(left).CompareTo(Value(right));

    public static int CountNaN(ReadOnlySpan<int> values) =>
        MinMax.CountNaN(ByteCast.Reinterpret<int, float>(values));

    public static void PutPlain(ReadOnlySpan<int> values, int typeLength, BufferBuilder target) =>
        target.Write(ByteCast.ToBytes(values));

    public static int ReadPlain(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt32LittleEndian(bytes);

    public static object ToLiteral(int value, DataType type) => Value(value);

    public static int ToMinimum(int minimum) => Value(minimum) == 0 ? BitConverter.SingleToInt32Bits(-0f) : minimum;

    public static int ToMaximum(int maximum) => Value(maximum) == 0 ? 0 : maximum;

    private static float Value(int bits) => BitConverter.Int32BitsToSingle(bits);
}

/// <summary>DOUBLE, kept as its bits.</summary>
internal readonly struct DoubleFormat : IStoredFormat<long>
{
    public static bool TryFindBounds(ReadOnlySpan<long> values, out long minimum, out long maximum)
    {
        MinMax.OfNumbers(ByteCast.Reinterpret<long, double>(values), out double least, out double greatest);
        minimum = BitConverter.DoubleToInt64Bits(least);
        maximum = BitConverter.DoubleToInt64Bits(greatest);
        return !double.IsNaN(least);
    }

    public static int Compare(long left, long right) => Value(left).CompareTo(Value(right));

    public static int CountNaN(ReadOnlySpan<long> values) =>
        MinMax.CountNaN(ByteCast.Reinterpret<long, double>(values));

    public static void PutPlain(ReadOnlySpan<long> values, int typeLength, BufferBuilder target) =>
        target.Write(ByteCast.ToBytes(values));

    public static long ReadPlain(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    public static object ToLiteral(long value, DataType type) => Value(value);

    public static long ToMinimum(long minimum) => Value(minimum) == 0 ? BitConverter.DoubleToInt64Bits(-0d) : minimum;

    public static long ToMaximum(long maximum) => Value(maximum) == 0 ? 0 : maximum;

    private static double Value(long bits) => BitConverter.Int64BitsToDouble(bits);
}

/// <summary>FIXED_LEN_BYTE_ARRAY of a decimal: two's complement, the highest byte first.</summary>
internal readonly struct DecimalFormat : IStoredFormat<Int128>
{
    public static bool TryFindBounds(ReadOnlySpan<Int128> values, out Int128 minimum, out Int128 maximum)
    {
        MinMax.OfIntegers(values, out minimum, out maximum);
        return true;
    }

    public static int Compare(Int128 left, Int128 right) => left.CompareTo(right);

    public static int CountNaN(ReadOnlySpan<Int128> values) => -1;

    public static void PutPlain(ReadOnlySpan<Int128> values, int typeLength, BufferBuilder target)
    {
        Span<byte> span = target.GetSpan(values.Length * typeLength);
        Span<byte> whole = stackalloc byte[16];
        for (int index = 0; index < values.Length; index++)
        {
            BinaryPrimitives.WriteInt128BigEndian(whole, values[index]);
            whole[(16 - typeLength)..].CopyTo(span[(index * typeLength)..]);
        }

        target.Advance(values.Length * typeLength);
    }

    public static Int128 ReadPlain(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[16];
        whole.Fill((bytes[0] & 0x80) != 0 ? (byte)0xFF : (byte)0);
        bytes.CopyTo(whole[(16 - bytes.Length)..]);
        return BinaryPrimitives.ReadInt128BigEndian(whole);
    }

    public static object ToLiteral(Int128 value, DataType type) => value;

    public static Int128 ToMinimum(Int128 minimum) => minimum;

    public static Int128 ToMaximum(Int128 maximum) => maximum;
}
