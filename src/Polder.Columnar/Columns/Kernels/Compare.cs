using System;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>What a comparison asks.</summary>
public enum Relation
{
    /// <summary>left = right.</summary>
    Equal,

    /// <summary>left ≠ right.</summary>
    NotEqual,

    /// <summary>left &lt; right.</summary>
    Less,

    /// <summary>left ≤ right.</summary>
    LessOrEqual,

    /// <summary>left &gt; right.</summary>
    Greater,

    /// <summary>left ≥ right.</summary>
    GreaterOrEqual,
}

/// <summary>
/// Compares columns value by value, with Spark's order: NaN equals NaN and is the greatest, -0.0 equals 0.0, text and
/// binary compare by bytes, nested values element by element with null first. Null on either side gives null.
/// </summary>
public static class Compare
{
    /// <summary>Compares two columns of one type, in canonical form.</summary>
    /// <exception cref="ArgumentException">Types or lengths differ.</exception>
    /// <exception cref="UnsupportedFeatureException">Values of the type have no order.</exception>
    public static BooleanArray Columns(IArrowArray left, IArrowArray right, Relation relation)
    {
        if (left.Length != right.Length || !ArrowConvert.AreSame(left.Data.DataType, right.Data.DataType))
        {
            throw new ArgumentException(
                $"{left.Length} values of {left.Data.DataType.Name} and {right.Length} of {right.Data.DataType.Name}");
        }

        return Wrap(left, right, Bits(left.Data, right.Data, relation, left.Length));
    }

    /// <summary>Compares a column in canonical form with one value.</summary>
    /// <param name="left">The column.</param>
    /// <param name="value">In the form of <c>Literal.Value</c>; null gives null for every row.</param>
    /// <param name="relation">What is asked.</param>
    public static BooleanArray Value(IArrowArray left, object? value, Relation relation)
    {
        IArrowArray right = Constants.Repeat(value, ArrowTypes.FromArrow(left.Data.DataType), 1);
        return value is null
            ? (BooleanArray)Constants.Repeat(null, DataType.Boolean, left.Length)
            : Wrap(left, null, Bits(left.Data, right.Data, relation, left.Length));
    }

    /// <summary>Whether each string or binary begins with some bytes.</summary>
    /// <exception cref="ArgumentException">The column holds neither strings nor binaries.</exception>
    public static BooleanArray StartsWith(IArrowArray column, ReadOnlySpan<byte> prefix)
    {
        if (ArrayBuffers.LayoutOf(column.Data.DataType) != ArrayLayout.Bytes)
        {
            throw new ArgumentException($"a column of {column.Data.DataType.Name} has no bytes to begin with");
        }

        byte[] bits = new byte[Bitmap.SizeBytes(column.Length)];
        ByteStringKernels.StartsWith(ArrayBuffers.Strings(column.Data), prefix, bits);
        return Wrap(column, null, bits);
    }

    /// <summary>
    /// Compares two columns of one type, either of them one row that stands for all; the bits of null rows are
    /// unspecified.
    /// </summary>
    internal static byte[] Bits(ArrayData left, ArrayData right, Relation relation, int count)
    {
        switch (relation)
        {
            case Relation.Greater or Relation.GreaterOrEqual:
                Relation mirrored = relation == Relation.Greater ? Relation.Less : Relation.LessOrEqual;
                return Bits(right, left, mirrored, count);
            case Relation.NotEqual:
                byte[] equal = Bits(left, right, Relation.Equal, count);
                Bitmap.Not(equal, 0, equal, count);
                return equal;
            default:
                byte[] bits = new byte[Bitmap.SizeBytes(count)];
                Fill(left, right, relation, count, bits);
                return bits;
        }
    }

    private static void Fill(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
    {
        switch (left.DataType)
        {
            case BooleanType:
                Booleans(left, right, relation, count, bits);
                break;
            case FloatType:
                Floats<float>(left, right, relation, count, bits);
                break;
            case DoubleType:
                Floats<double>(left, right, relation, count, bits);
                break;
            case Decimal128Type { Precision: <= 18 }:
                ShortDecimals(left, right, relation, count, bits);
                break;
            case Decimal128Type:
                Numbers<Int128>(left, right, relation, count, bits);
                break;
            case StringType or BinaryType:
                Strings(left, right, relation, count, bits);
                break;
            case FixedWidthType fixedWidth when RowOrder.IsInteger(fixedWidth):
                Integers(left, right, fixedWidth.BitWidth, relation, count, bits);
                break;
            default:
                Rows(left, right, relation, count, bits);
                break;
        }
    }

    private static void Integers(
        ArrayData left, ArrayData right, int bitWidth, Relation relation, int count, byte[] bits)
    {
        switch (bitWidth)
        {
            case 8:
                Numbers<sbyte>(left, right, relation, count, bits);
                break;
            case 16:
                Numbers<short>(left, right, relation, count, bits);
                break;
            case 32:
                Numbers<int>(left, right, relation, count, bits);
                break;
            default:
                Numbers<long>(left, right, relation, count, bits);
                break;
        }
    }

    private static void Numbers<T>(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
        where T : unmanaged, IComparisonOperators<T, T, bool> =>
        Run<T, EqualOperator<T>, LessOperator<T>, LessOrEqualOperator<T>>(left, right, relation, count, bits);

    private static void Floats<T>(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        Run<T, FloatEqualOperator<T>, FloatLessOperator<T>, FloatLessOrEqualOperator<T>>(
            left, right, relation, count, bits);

    private static void ShortDecimals(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits) =>
        Run<Int128, LowHalfOperator<EqualOperator<long>>, LowHalfOperator<LessOperator<long>>,
            LowHalfOperator<LessOrEqualOperator<long>>>(left, right, relation, count, bits);

    private static void Run<T, TEqual, TLess, TLessOrEqual>(
        ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
        where T : unmanaged
        where TEqual : struct, ICompareOperator<T>
        where TLess : struct, ICompareOperator<T>
        where TLessOrEqual : struct, ICompareOperator<T>
    {
        ReadOnlySpan<T> lefts = ArrayBuffers.Values<T>(left);
        ReadOnlySpan<T> rights = ArrayBuffers.Values<T>(right);
        switch (relation)
        {
            case Relation.Equal:
                CompareKernels.Compare<T, TEqual>(lefts, rights, count, bits);
                break;
            case Relation.Less:
                CompareKernels.Compare<T, TLess>(lefts, rights, count, bits);
                break;
            default:
                CompareKernels.Compare<T, TLessOrEqual>(lefts, rights, count, bits);
                break;
        }
    }

    private static void Booleans(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
    {
        ReadOnlySpan<byte> lefts = TruthBits(left, count);
        ReadOnlySpan<byte> rights = TruthBits(right, count);
        for (int index = 0; index < bits.Length; index++)
        {
            bits[index] = (byte)(relation switch
            {
                Relation.Equal => ~(lefts[index] ^ rights[index]),
                Relation.Less => ~lefts[index] & rights[index],
                _ => ~lefts[index] | rights[index],
            });
        }
    }

    private static byte[] TruthBits(ArrayData data, int count)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(count)];
        if (data.Length == 1 && count != 1)
        {
            Bitmap.Fill(bits, 0, count, Bitmap.Get(data.Buffers[1].Span, data.Offset));
        }
        else if (count > 0)
        {
            Bitmap.Copy(data.Buffers[1].Span, data.Offset, bits, 0, count);
        }

        return bits;
    }

    private static void Strings(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
    {
        ByteStrings lefts = ArrayBuffers.Strings(left);
        ByteStrings rights = ArrayBuffers.Strings(right);
        if (relation == Relation.Equal)
        {
            ByteStringKernels.Equal(lefts, rights, count, bits);
        }
        else
        {
            ByteStringKernels.Less(lefts, rights, relation == Relation.LessOrEqual, count, bits);
        }
    }

    private static void Rows(ArrayData left, ArrayData right, Relation relation, int count, byte[] bits)
    {
        RowOrder order = RowOrder.Create(left, right);
        int leftStep = left.Length == 1 ? 0 : 1;
        int rightStep = right.Length == 1 ? 0 : 1;
        for (int row = 0; row < count; row++)
        {
            int compared = order.Compare(row * leftStep, row * rightStep);
            bool holds = relation switch
            {
                Relation.Equal => compared == 0,
                Relation.Less => compared < 0,
                _ => compared <= 0,
            };
            if (holds)
            {
                Bitmap.Set(bits, row);
            }
        }
    }

    private static BooleanArray Wrap(IArrowArray left, IArrowArray? right, byte[] bits)
    {
        ValidityBuffer validity = right is null ? Validity.Of(left).ToBuffer() : Validity.Intersect(left, right);
        ArrayData data = new(
            BooleanType.Default, left.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(bits)]);
        return new BooleanArray(data);
    }
}
