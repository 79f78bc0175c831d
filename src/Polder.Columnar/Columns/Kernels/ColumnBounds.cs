using System;
using System.Numerics;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>The least and the greatest value of a column, and how many of its rows are null.</summary>
/// <param name="Minimum">
/// In the form of <c>Literal.Value</c>; null where every value is null or NaN, or where the type has no order. NaN is
/// no bound; -0.0 is below 0.0.
/// </param>
/// <param name="Maximum">Likewise.</param>
/// <param name="NullCount">Null rows.</param>
/// <param name="NaNCount">Rows that are NaN.</param>
public sealed record ColumnBounds(object? Minimum, object? Maximum, int NullCount, int NaNCount)
{
    /// <summary>The bounds of a column in canonical form, or of a dictionary or views of such; text by bytes.</summary>
    public static ColumnBounds Of(IArrowArray column)
    {
        ArrayData data = ArrowConvert.ToCanonical(column).Data;
        return Find(data, ArrowTypes.FromArrow(data.DataType), Validity.Of(data));
    }

    private static ColumnBounds Find(ArrayData data, DataType type, Validity validity)
    {
        if (validity.NullCount == data.Length)
        {
            return new ColumnBounds(null, null, validity.NullCount, 0);
        }

        return data.DataType switch
        {
            BooleanType => OfBooleans(data, validity),
            FloatType => OfFloats<float>(data, validity),
            DoubleType => OfFloats<double>(data, validity),
            Decimal128Type => OfIntegers<Int128>(data, validity),
            StringType or BinaryType => OfStrings(data, type, validity),
            FixedWidthType fixedWidth when RowOrder.IsInteger(fixedWidth) => fixedWidth.BitWidth switch
            {
                8 => OfIntegers<sbyte>(data, validity),
                16 => OfIntegers<short>(data, validity),
                32 => OfIntegers<int>(data, validity),
                _ => OfIntegers<long>(data, validity),
            },
            _ => new ColumnBounds(null, null, validity.NullCount, 0),
        };
    }

    private static ColumnBounds OfBooleans(ArrayData data, Validity validity)
    {
        byte[] truths = new byte[Bitmap.SizeBytes(data.Length)];
        Bitmap.Copy(data.Buffers[1].Span, data.Offset, truths, 0, data.Length);
        if (validity.HasNulls)
        {
            Bitmap.And(truths, 0, validity.Bits, validity.BitOffset, truths, data.Length);
        }

        int trueCount = Bitmap.CountOnes(truths, 0, data.Length);
        return new ColumnBounds(
            trueCount == data.Length - validity.NullCount, trueCount > 0, validity.NullCount, 0);
    }

    private static ColumnBounds OfIntegers<T>(ArrayData data, Validity validity)
        where T : unmanaged, IBinaryInteger<T>
    {
        MinMax.OfIntegers(ArrayBuffers.Values<T>(data), validity.Bits, validity.BitOffset, out T least, out T greatest);
        return new ColumnBounds(least, greatest, validity.NullCount, 0);
    }

    private static ColumnBounds OfFloats<T>(ArrayData data, Validity validity)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        int notNumbers = MinMax.OfNumbers(
            ArrayBuffers.Values<T>(data), validity.Bits, validity.BitOffset, out T least, out T greatest);
        return new ColumnBounds(
            T.IsNaN(least) ? null : least, T.IsNaN(greatest) ? null : greatest, validity.NullCount, notNumbers);
    }

    private static ColumnBounds OfStrings(ArrayData data, DataType type, Validity validity)
    {
        (int least, int greatest) = ByteStringKernels.FindBounds(
            ArrayBuffers.Strings(data), validity.Bits, validity.BitOffset);
        IArrowArray array = ArrowArrayFactory.BuildArray(data);
        return new ColumnBounds(
            ColumnValues.Get(array, least, type), ColumnValues.Get(array, greatest, type), validity.NullCount, 0);
    }
}
