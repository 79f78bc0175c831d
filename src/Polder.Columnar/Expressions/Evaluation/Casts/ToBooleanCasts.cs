using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to boolean: numbers that are not zero, and words.</summary>
internal static class ToBooleanCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create(CastRequest request) => request.From.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar =>
            new ParseBooleanFunction(request.To, request.InvalidInput()),
        TypeKind.Byte => new NotZeroFunction<sbyte>(),
        TypeKind.Short => new NotZeroFunction<short>(),
        TypeKind.Integer => new NotZeroFunction<int>(),
        TypeKind.Long => new NotZeroFunction<long>(),
        TypeKind.Float => new NotZeroFunction<float>(),
        TypeKind.Double => new NotZeroFunction<double>(),
        TypeKind.Decimal => new NotZeroFunction<Int128>(),
        _ => throw request.Unknown(),
    };
}

/// <summary>Whether a number is not zero; NaN is not.</summary>
internal sealed class NotZeroFunction<T> : VectorFunction
    where T : unmanaged, INumber<T>
{
    public NotZeroFunction()
        : base(DataType.Boolean)
    {
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        ReadOnlySpan<T> values = operand.Values<T>();
        byte[] bits = new byte[Bitmap.SizeBytes(values.Length)];
        for (int row = 0; row < values.Length; row++)
        {
            if (values[row] != T.Zero)
            {
                Bitmap.Set(bits, row);
            }
        }

        return Vector.FromValues(Type, values.Length, bits, NullsOf(operand), operand.IsConstant);
    }
}

/// <summary>One value for true and one for false.</summary>
internal sealed class BooleanToFixedFunction<T> : VectorFunction
    where T : unmanaged
{
    private readonly T _whenTrue;

    public BooleanToFixedFunction(DataType type, T whenTrue)
        : base(type)
    {
        _whenTrue = whenTrue;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        byte[] bytes = new byte[count * ByteCast.SizeOf<T>()];
        Span<T> values = ByteCast.As<T>(bytes.AsSpan());
        for (int row = 0; row < count; row++)
        {
            values[row] = operand.IsTrue(row) ? _whenTrue : default;
        }

        return Vector.FromValues(Type, count, bytes, NullsOf(operand), operand.IsConstant);
    }
}

/// <summary>The error of true where the target cannot hold one: <c>decimal(1,1)</c>.</summary>
internal sealed class TrueOutOfRangeFunction : VectorFunction
{
    private readonly Func<QueryException>? _failure;

    public TrueOutOfRangeFunction(DataType type, Func<QueryException>? failure)
        : base(type)
    {
        _failure = failure;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        byte[] valid = NullsOf(operand).ToValidBits(count);
        for (int row = 0; row < count; row++)
        {
            if (Bitmap.Get(valid, row) && operand.IsTrue(row))
            {
                if (_failure is not null)
                {
                    throw _failure();
                }

                Bitmap.Clear(valid, row);
            }
        }

        byte[] zeros = new byte[count * ByteCast.SizeOf<Int128>()];
        return Vector.FromValues(Type, count, zeros, Nulls.FromValidBits(valid, count), operand.IsConstant);
    }
}
