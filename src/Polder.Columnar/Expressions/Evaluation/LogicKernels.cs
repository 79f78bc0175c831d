using System;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// AND and OR. The right side is evaluated only where the left does not decide: null does not. What cannot raise is
/// evaluated for all rows unless the left decides most of them.
/// </summary>
internal sealed class ConjunctionKernel : Kernel
{
    // Rows are gathered where fewer than one in so many is left.
    private const int SparseShare = 8;

    private readonly Kernel _left;
    private readonly Kernel _right;
    private readonly bool _isOr;

    public ConjunctionKernel(Kernel left, Kernel right, bool isOr)
        : base(DataType.Boolean)
    {
        _left = left;
        _right = right;
        _isOr = isOr;
    }

    /// <inheritdoc />
    public override bool CanThrow => _left.CanThrow || _right.CanThrow;

    /// <summary>
    /// One bit a row, set where a condition is true. The right side of an AND is evaluated only where the left is true:
    /// a row that is left out all the same cannot fail there.
    /// </summary>
    public static byte[] TrueBits(Kernel condition, Frame frame)
    {
        if (condition is not ConjunctionKernel { _isOr: false } both)
        {
            return TrueBits(condition.Evaluate(frame), frame.Count);
        }

        byte[] bits = TrueBits(both._left, frame);
        int open = Bitmap.CountOnes(bits, 0, frame.Count);
        if (open == 0)
        {
            return bits;
        }

        // What cannot raise is computed for all rows rather than gathered for some, unless those are few.
        if (open == frame.Count || (!both._right.CanThrow && (long)open * SparseShare >= frame.Count))
        {
            Bitmap.And(bits, 0, TrueBits(both._right, frame), 0, bits, frame.Count);
            return bits;
        }

        int[] positions = frame.Positions(bits);
        byte[] hits = TrueBits(both._right, frame.Narrow(positions));
        for (int index = 0; index < positions.Length; index++)
        {
            if (!Bitmap.Get(hits, index))
            {
                Bitmap.Clear(bits, positions[index]);
            }
        }

        return bits;
    }

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        int count = frame.Count;
        Vector left = _left.Evaluate(frame);
        if (left.IsConstant)
        {
            bool decides = left.NullCount == 0 && left.IsTrue(0) == _isOr;
            if (decides)
            {
                return left;
            }

            Vector only = _right.Evaluate(frame);
            return left.NullCount == 0 ? only : Combine(left, only, only.IsConstant ? 1 : count, only.IsConstant);
        }

        byte[] undecided = Undecided(left, count);
        int open = Bitmap.CountOnes(undecided, 0, count);
        if (open == 0)
        {
            return left;
        }

        Vector right = open == count || (!_right.CanThrow && (long)open * SparseShare >= count)
            ? _right.Evaluate(frame)
            : EvaluateWhere(_right, undecided, frame);
        return Combine(left, right, count, false);
    }

    private static byte[] TrueBits(Vector truth, int count)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(count)];
        if (!truth.IsAllNull)
        {
            Bitmap.And(truth.ValidBits(count), 0, truth.TruthBits(count), 0, bits, count);
        }

        return bits;
    }

    private byte[] Undecided(Vector left, int count)
    {
        byte[] decided = new byte[Bitmap.SizeBytes(count)];
        ReadOnlySpan<byte> valid = left.ValidBits(count);
        if (_isOr)
        {
            Bitmap.And(valid, 0, left.TruthBits(count), 0, decided, count);
        }
        else
        {
            Bitmap.AndNot(valid, left.TruthBits(count), decided);
        }

        Bitmap.Not(decided, 0, decided, count);
        return decided;
    }

    // Kleene: a side that is known and decides wins over NULL.
    private Vector Combine(Vector left, Vector right, int count, bool isConstant)
    {
        byte[] truths = new byte[Bitmap.SizeBytes(count)];
        if (left.NullCount == 0 && right.NullCount == 0)
        {
            CombineTruths(left.TruthBits(count), right.TruthBits(count), truths, count);
            return Vector.FromValues(Type, count, truths, default, isConstant);
        }

        byte[] valids = new byte[truths.Length];
        ReadOnlySpan<byte> leftValid = left.ValidBits(count);
        ReadOnlySpan<byte> rightValid = right.ValidBits(count);
        ReadOnlySpan<byte> leftTruth = left.TruthBits(count);
        ReadOnlySpan<byte> rightTruth = right.TruthBits(count);
        for (int index = 0; index < truths.Length; index++)
        {
            int flip = _isOr ? 0 : 0xFF;
            int leftDecides = leftValid[index] & (leftTruth[index] ^ flip);
            int rightDecides = rightValid[index] & (rightTruth[index] ^ flip);
            int decides = leftDecides | rightDecides;
            valids[index] = (byte)((leftValid[index] & rightValid[index]) | decides);
            truths[index] = (byte)(_isOr ? decides : ~decides);
        }

        return Vector.FromValues(Type, count, truths, Nulls.FromValidBits(valids, count), isConstant);
    }

    private void CombineTruths(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> truths, int count)
    {
        if (_isOr)
        {
            Bitmap.Or(left, 0, right, 0, truths, count);
        }
        else
        {
            Bitmap.And(left, 0, right, 0, truths, count);
        }
    }
}

/// <summary>NOT: null for null.</summary>
internal sealed class NotKernel : Kernel
{
    private readonly Kernel _operand;

    public NotKernel(Kernel operand)
        : base(DataType.Boolean)
    {
        _operand = operand;
    }

    /// <inheritdoc />
    public override bool CanThrow => _operand.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector operand = _operand.Evaluate(frame);
        if (operand.IsAllNull)
        {
            return Vector.Null(Type);
        }

        byte[] truths = new byte[Bitmap.SizeBytes(operand.Length)];
        Bitmap.Not(operand.TruthBits(operand.Length), 0, truths, operand.Length);
        return Vector.FromValues(
            Type, operand.Length, truths, operand.ToNulls(operand.Length), operand.IsConstant);
    }
}

/// <summary>IS NULL and IS NOT NULL: never null.</summary>
internal sealed class IsNullKernel : Kernel
{
    private readonly Kernel _operand;
    private readonly bool _wantsNull;

    public IsNullKernel(Kernel operand, bool wantsNull)
        : base(DataType.Boolean)
    {
        _operand = operand;
        _wantsNull = wantsNull;
    }

    /// <inheritdoc />
    public override bool CanThrow => _operand.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector operand = _operand.Evaluate(frame);
        byte[] truths = operand.ValidBits(operand.Length).ToArray();
        if (_wantsNull)
        {
            Bitmap.Not(truths, 0, truths, operand.Length);
        }

        return Vector.FromValues(Type, operand.Length, truths, default, operand.IsConstant);
    }
}
