using System;
using System.Numerics;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>What a comparison asks; the greater ones are these with the sides swapped.</summary>
internal enum Relation
{
    /// <summary>left = right.</summary>
    Equal,

    /// <summary>left &lt; right.</summary>
    Less,

    /// <summary>left ≤ right.</summary>
    LessOrEqual,
}

/// <summary>
/// =, &lt;, ≤, &gt;, ≥ and &lt;=&gt; over two operands of one type. NaN equals NaN and is the greatest, -0.0 equals
/// 0.0, text and binary compare by bytes, null inside a nested value comes first.
/// </summary>
internal sealed class CompareKernel : Kernel
{
    private readonly Kernel _left;
    private readonly Kernel _right;
    private readonly Relation _relation;
    private readonly bool _swap;
    private readonly bool _nullSafe;

    public CompareKernel(Kernel left, Kernel right, Relation relation, bool swap, bool nullSafe)
        : base(DataType.Boolean)
    {
        _left = left;
        _right = right;
        _relation = relation;
        _swap = swap;
        _nullSafe = nullSafe;
    }

    /// <inheritdoc />
    public override bool CanThrow => _left.CanThrow || _right.CanThrow;

    /// <summary>Compares two columns of one type; the bits of null rows are unspecified.</summary>
    public static byte[] Compare(Vector left, Vector right, Relation relation, int count)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(count)];
        switch (left.Type.Kind)
        {
            case TypeKind.Boolean:
                CompareBooleans(left.TruthBits(count), right.TruthBits(count), relation, bits);
                break;
            case TypeKind.Byte:
                CompareNumbers<sbyte>(left, right, relation, count, bits);
                break;
            case TypeKind.Short:
                CompareNumbers<short>(left, right, relation, count, bits);
                break;
            case TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval:
                CompareNumbers<int>(left, right, relation, count, bits);
                break;
            case TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
                TypeKind.DayTimeInterval:
                CompareNumbers<long>(left, right, relation, count, bits);
                break;
            case TypeKind.Decimal when left.Type.Precision <= 18:
                CompareShortDecimals(Physical<Int128>(left), Physical<Int128>(right), relation, count, bits);
                break;
            case TypeKind.Decimal:
                CompareNumbers<Int128>(left, right, relation, count, bits);
                break;
            case TypeKind.Float:
                CompareFloats<float>(left, right, relation, count, bits);
                break;
            case TypeKind.Double:
                CompareFloats<double>(left, right, relation, count, bits);
                break;
            case TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary:
                CompareBytes(left, right, relation, count, bits);
                break;
            default:
                CompareRows(left, right, relation, count, bits);
                break;
        }

        return bits;
    }

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector left = _left.Evaluate(frame);
        Vector right = _nullSafe ? _right.Evaluate(frame) : EvaluateSecond(_right, left, frame);
        bool isConstant = left.IsConstant && right.IsConstant;
        int count = isConstant ? 1 : frame.Count;
        if (left.IsAllNull || right.IsAllNull)
        {
            return _nullSafe ? CompareNulls(left, right, null, count, isConstant) : Vector.Null(Type);
        }

        (Vector first, Vector second) = _swap ? (right, left) : (left, right);
        byte[] bits = Compare(first, second, _relation, count);
        return _nullSafe && (left.NullCount > 0 || right.NullCount > 0)
            ? CompareNulls(left, right, bits, count, isConstant)
            : Vector.FromValues(Type, count, bits, Nulls.Union(left, right, count), isConstant);
    }

    private Vector CompareNulls(Vector left, Vector right, byte[]? equal, int count, bool isConstant)
    {
        ReadOnlySpan<byte> leftValid = left.ValidBits(count);
        ReadOnlySpan<byte> rightValid = right.ValidBits(count);
        byte[] bits = new byte[Bitmap.SizeBytes(count)];
        for (int index = 0; index < bits.Length; index++)
        {
            int bothNull = ~(leftValid[index] | rightValid[index]);
            int same = equal is null ? 0 : equal[index] & leftValid[index] & rightValid[index];
            bits[index] = (byte)(bothNull | same);
        }

        return Vector.FromValues(Type, count, bits, default, isConstant);
    }

    private static void CompareNumbers<T>(Vector left, Vector right, Relation relation, int count, byte[] bits)
        where T : unmanaged, IComparisonOperators<T, T, bool>
    {
        ReadOnlySpan<T> lefts = Physical<T>(left);
        ReadOnlySpan<T> rights = Physical<T>(right);
        switch (relation)
        {
            case Relation.Equal:
                CompareKernels.Compare<T, EqualOperator<T>>(lefts, rights, count, bits);
                break;
            case Relation.Less:
                CompareKernels.Compare<T, LessOperator<T>>(lefts, rights, count, bits);
                break;
            default:
                CompareKernels.Compare<T, LessOrEqualOperator<T>>(lefts, rights, count, bits);
                break;
        }
    }

    private static void CompareShortDecimals(
        ReadOnlySpan<Int128> left, ReadOnlySpan<Int128> right, Relation relation, int count, byte[] bits)
    {
        switch (relation)
        {
            case Relation.Equal:
                CompareKernels.Compare<Int128, LowHalfOperator<EqualOperator<long>>>(left, right, count, bits);
                break;
            case Relation.Less:
                CompareKernels.Compare<Int128, LowHalfOperator<LessOperator<long>>>(left, right, count, bits);
                break;
            default:
                CompareKernels.Compare<Int128, LowHalfOperator<LessOrEqualOperator<long>>>(left, right, count, bits);
                break;
        }
    }

    private static void CompareFloats<T>(Vector left, Vector right, Relation relation, int count, byte[] bits)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> lefts = Physical<T>(left);
        ReadOnlySpan<T> rights = Physical<T>(right);
        switch (relation)
        {
            case Relation.Equal:
                CompareKernels.Compare<T, FloatEqualOperator<T>>(lefts, rights, count, bits);
                break;
            case Relation.Less:
                CompareKernels.Compare<T, FloatLessOperator<T>>(lefts, rights, count, bits);
                break;
            default:
                CompareKernels.Compare<T, FloatLessOrEqualOperator<T>>(lefts, rights, count, bits);
                break;
        }
    }

    private static ReadOnlySpan<T> Physical<T>(Vector vector)
        where T : unmanaged => vector.IsConstant ? vector.Values<T>()[..1] : vector.Values<T>();

    private static void CompareBooleans(
        ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Relation relation, Span<byte> bits)
    {
        for (int index = 0; index < bits.Length; index++)
        {
            bits[index] = (byte)(relation switch
            {
                Relation.Equal => ~(left[index] ^ right[index]),
                Relation.Less => ~left[index] & right[index],
                _ => ~left[index] | right[index],
            });
        }
    }

    private static void CompareBytes(Vector left, Vector right, Relation relation, int count, Span<byte> bits)
    {
        ReadOnlySpan<int> leftOffsets = left.Offsets;
        ReadOnlySpan<int> rightOffsets = right.Offsets;
        ReadOnlySpan<byte> leftBytes = left.ByteValues;
        ReadOnlySpan<byte> rightBytes = right.ByteValues;
        int leftStep = left.Step;
        int rightStep = right.Step;
        for (int row = 0; row < count; row++)
        {
            int leftRow = row * leftStep;
            int rightRow = row * rightStep;
            ReadOnlySpan<byte> leftValue = leftBytes[leftOffsets[leftRow]..leftOffsets[leftRow + 1]];
            ReadOnlySpan<byte> rightValue = rightBytes[rightOffsets[rightRow]..rightOffsets[rightRow + 1]];
            bool holds = relation switch
            {
                Relation.Equal => leftValue.SequenceEqual(rightValue),
                Relation.Less => leftValue.SequenceCompareTo(rightValue) < 0,
                _ => leftValue.SequenceCompareTo(rightValue) <= 0,
            };
            if (holds)
            {
                Bitmap.Set(bits, row);
            }
        }
    }

    private static void CompareRows(Vector left, Vector right, Relation relation, int count, Span<byte> bits)
    {
        RowOrder order = RowOrder.Create(left, right);
        for (int row = 0; row < count; row++)
        {
            if (left.IsNull(row * left.Step) || right.IsNull(row * right.Step))
            {
                continue;
            }

            int compared = order.Compare(row * left.Step, row * right.Step);
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
}
