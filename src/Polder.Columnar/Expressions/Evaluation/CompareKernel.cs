using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

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
        RequireOrder(left.Type);
        return Columns.Kernels.Compare.Bits(left.Data, right.Data, relation, count);
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

    private static void RequireOrder(DataType type)
    {
        switch (type.Kind)
        {
            case TypeKind.Variant or TypeKind.CalendarInterval:
                throw QueryException.NotYet($"comparing values of type {type}");
            case TypeKind.Array:
                RequireOrder(type.Element!);
                break;
            case TypeKind.Map:
                RequireOrder(type.Key!);
                RequireOrder(type.Element!);
                break;
            default:
                foreach (StructField field in type.Fields)
                {
                    RequireOrder(field.Type);
                }

                break;
        }
    }
}
