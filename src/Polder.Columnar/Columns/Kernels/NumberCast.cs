using System;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Kernels;

/// <summary>What becomes of a number that the target does not hold.</summary>
public enum NumberOverflow
{
    /// <summary>An <see cref="OverflowException"/>, as in Spark's ANSI mode.</summary>
    Throw,

    /// <summary>Null, as in Spark's try_cast.</summary>
    Null,

    /// <summary>Its lowest bits, as casts of C# and Java do; between whole numbers only.</summary>
    Wrap,
}

/// <summary>Turns columns of numbers into columns of other numbers.</summary>
public static class NumberCast
{
    /// <summary>
    /// The column as another type of number: tinyint to bigint, decimals, float, double. Decimals round half up,
    /// floating point is cut to its whole part for integers and read from its shortest text for decimals; null stays
    /// null.
    /// </summary>
    /// <param name="column">Numbers in canonical form.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="overflow">What becomes of a value that does not fit.</param>
    /// <exception cref="ArgumentException">
    /// Either type is no number, or wrapping is asked for between others than whole numbers.
    /// </exception>
    /// <exception cref="OverflowException">A value does not fit, and that is what was asked for.</exception>
    public static IArrowArray To(IArrowArray column, DataType type, NumberOverflow overflow = NumberOverflow.Throw)
    {
        DataType from = ArrowTypes.FromArrow(column.Data.DataType);
        return from.Equals(type) ? column : from.Kind switch
        {
            TypeKind.Byte => FromInteger<sbyte>(column, type, overflow),
            TypeKind.Short => FromInteger<short>(column, type, overflow),
            TypeKind.Integer => FromInteger<int>(column, type, overflow),
            TypeKind.Long => FromInteger<long>(column, type, overflow),
            TypeKind.Float => FromFloat<float>(column, type, overflow),
            TypeKind.Double => FromFloat<double>(column, type, overflow),
            TypeKind.Decimal => FromDecimal(column, from, type, overflow),
            _ => throw NoNumber(from),
        };
    }

    private static IArrowArray FromInteger<T>(IArrowArray column, DataType type, NumberOverflow overflow)
        where T : unmanaged, IBinaryInteger<T> => type.Kind switch
    {
        TypeKind.Byte => Map<T, sbyte, IntegerToInteger<T, sbyte>>(column, type, default, overflow),
        TypeKind.Short => Map<T, short, IntegerToInteger<T, short>>(column, type, default, overflow),
        TypeKind.Integer => Map<T, int, IntegerToInteger<T, int>>(column, type, default, overflow),
        TypeKind.Long => Map<T, long, IntegerToInteger<T, long>>(column, type, default, overflow),
        _ when overflow == NumberOverflow.Wrap => throw NoWrap(type),
        TypeKind.Float => Map<T, float, NumberToFloat<T, float>>(column, type, default, overflow),
        TypeKind.Double => Map<T, double, NumberToFloat<T, double>>(column, type, default, overflow),
        TypeKind.Decimal => Map<T, Int128, IntegerToDecimal<T>>(
            column, type, new IntegerToDecimal<T>(type.Precision, type.Scale), overflow),
        _ => throw NoNumber(type),
    };

    private static IArrowArray FromFloat<T>(IArrowArray column, DataType type, NumberOverflow overflow)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => type.Kind switch
    {
        _ when overflow == NumberOverflow.Wrap => throw NoWrap(type),
        TypeKind.Byte => Map<T, sbyte, FloatToInteger<T, sbyte>>(column, type, default, overflow),
        TypeKind.Short => Map<T, short, FloatToInteger<T, short>>(column, type, default, overflow),
        TypeKind.Integer => Map<T, int, FloatToInteger<T, int>>(column, type, default, overflow),
        TypeKind.Long => Map<T, long, FloatToInteger<T, long>>(column, type, default, overflow),
        TypeKind.Float => Map<T, float, NumberToFloat<T, float>>(column, type, default, overflow),
        TypeKind.Double => Map<T, double, NumberToFloat<T, double>>(column, type, default, overflow),
        TypeKind.Decimal => Map<T, Int128, FloatToDecimal<T>>(
            column, type, new FloatToDecimal<T>(type.Precision, type.Scale), overflow),
        _ => throw NoNumber(type),
    };

    private static IArrowArray FromDecimal(
        IArrowArray column, DataType from, DataType type, NumberOverflow overflow) => type.Kind switch
    {
        _ when overflow == NumberOverflow.Wrap => throw NoWrap(type),
        TypeKind.Byte => Map<Int128, sbyte, DecimalToInteger<sbyte>>(column, type, new(from.Scale), overflow),
        TypeKind.Short => Map<Int128, short, DecimalToInteger<short>>(column, type, new(from.Scale), overflow),
        TypeKind.Integer => Map<Int128, int, DecimalToInteger<int>>(column, type, new(from.Scale), overflow),
        TypeKind.Long => Map<Int128, long, DecimalToInteger<long>>(column, type, new(from.Scale), overflow),
        TypeKind.Float => Map<Int128, float, DecimalToFloat>(column, type, new(from.Scale), overflow),
        TypeKind.Double => Map<Int128, double, DecimalToDouble>(column, type, new(from.Scale), overflow),
        TypeKind.Decimal => Map<Int128, Int128, DecimalToDecimal>(
            column, type, new(from.Scale, type.Precision, type.Scale), overflow),
        _ => throw NoNumber(type),
    };

    private static IArrowArray Map<TFrom, TTo, TOperator>(
        IArrowArray column, DataType type, TOperator op, NumberOverflow overflow)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TOperator : struct, IUnaryOperator<TFrom, TTo>
    {
        ReadOnlySpan<TFrom> inputs = ArrayBuffers.Values<TFrom>(column.Data);
        byte[] bytes = GC.AllocateUninitializedArray<byte>(checked(inputs.Length * ByteCast.SizeOf<TTo>()));
        ValidityBuffer validity = Validity.Of(column).ToBuffer();
        bool succeeded = UnaryLoop.TryApplyAll(op, inputs, ByteCast.As<TTo>(bytes.AsSpan()));
        if (!succeeded && overflow != NumberOverflow.Wrap)
        {
            validity = Fail<TFrom, TTo, TOperator>(column, type, op, overflow);
        }

        return ArrowArrayFactory.BuildArray(new ArrayData(
            ArrowTypes.ToArrow(type), column.Length, validity.NullCount, 0, [validity.Bits, new ArrowBuffer(bytes)]));
    }

    // What lies under a null may be anything and is no failure.
    private static ValidityBuffer Fail<TFrom, TTo, TOperator>(
        IArrowArray column, DataType type, TOperator op, NumberOverflow overflow)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TOperator : struct, IUnaryOperator<TFrom, TTo>
    {
        ReadOnlySpan<TFrom> inputs = ArrayBuffers.Values<TFrom>(column.Data);
        Validity before = Validity.Of(column);
        byte[] bits = new byte[Bitmap.SizeBytes(inputs.Length)];
        int validCount = 0;
        for (int row = 0; row < inputs.Length; row++)
        {
            if (before.IsNull(row))
            {
                continue;
            }

            if (op.TryApply(inputs[row], out _))
            {
                Bitmap.Set(bits, row);
                validCount++;
            }
            else if (overflow == NumberOverflow.Throw)
            {
                throw new OverflowException(
                    FormattableString.Invariant($"the value {inputs[row]} of row {row} does not fit {type}"));
            }
        }

        return validCount == inputs.Length
            ? default
            : new ValidityBuffer(new ArrowBuffer(bits), inputs.Length - validCount);
    }

    private static ArgumentException NoNumber(DataType type) => new($"{type} is no type of numbers");

    private static ArgumentException NoWrap(DataType type) =>
        new($"wrapping around is for whole numbers, and one side of a cast to {type} has others");
}
