using System;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A function of two values; false where it fails for them.</summary>
internal interface IBinaryOperator<TLeft, TRight, TResult>
{
    /// <summary>Computes; must bear any bits, since null slots hold anything.</summary>
    bool TryApply(TLeft left, TRight right, out TResult result);

    /// <summary>
    /// Computes the first rows many at a time, a side of one value standing for all; returns how many. May fail for
    /// what null slots hold, too.
    /// </summary>
    static virtual int Compute(
        ReadOnlySpan<TLeft> left, ReadOnlySpan<TRight> right, Span<TResult> results, ref bool succeeded) => 0;
}

/// <summary>Null where an operand is null, else an operator over fixed-width values.</summary>
internal sealed class BinaryKernel<TLeft, TRight, TResult, TOperator> : Kernel
    where TLeft : unmanaged
    where TRight : unmanaged
    where TResult : unmanaged
    where TOperator : struct, IBinaryOperator<TLeft, TRight, TResult>
{
    private readonly Kernel _left;
    private readonly Kernel _right;
    private readonly TOperator _operator;
    private readonly bool _rightFirst;
    private readonly Func<TLeft, TRight, QueryException>? _failure;

    /// <summary>Makes the kernel.</summary>
    /// <param name="left">The left operand.</param>
    /// <param name="right">The right operand.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="op">The operator.</param>
    /// <param name="failure">The error of values that fail; null where none can.</param>
    /// <param name="rightFirst">The right operand is evaluated first, the left only where it is not null.</param>
    public BinaryKernel(
        Kernel left,
        Kernel right,
        DataType type,
        TOperator op,
        Func<TLeft, TRight, QueryException>? failure = null,
        bool rightFirst = false)
        : base(type)
    {
        _left = left;
        _right = right;
        _operator = op;
        _rightFirst = rightFirst;
        _failure = failure;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null || _left.CanThrow || _right.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector first = (_rightFirst ? _right : _left).Evaluate(frame);
        Vector second = EvaluateSecond(_rightFirst ? _left : _right, first, frame);
        (Vector left, Vector right) = _rightFirst ? (second, first) : (first, second);
        if (left.IsAllNull || right.IsAllNull)
        {
            return Vector.Null(Type);
        }

        bool isConstant = left.IsConstant && right.IsConstant;
        int count = isConstant ? 1 : frame.Count;
        byte[] bytes = NewValues(count, out Span<TResult> results);
        Nulls nulls = Nulls.Union(left, right, count);
        ReadOnlySpan<TLeft> lefts = left.Values<TLeft>();
        ReadOnlySpan<TRight> rights = right.Values<TRight>();
        if (!Compute(lefts, rights, left.Step, right.Step, results))
        {
            ThrowFirst(lefts, rights, left.Step, right.Step, nulls, count);
        }

        return Vector.FromValues(Type, count, bytes, nulls, isConstant);
    }

    private bool Compute(
        ReadOnlySpan<TLeft> lefts, ReadOnlySpan<TRight> rights, int leftStep, int rightStep, Span<TResult> results)
    {
        TOperator op = _operator;
        bool succeeded = true;
        int done = TOperator.Compute(
            leftStep == 0 ? lefts[..1] : lefts, rightStep == 0 ? rights[..1] : rights, results, ref succeeded);
        results = results[done..];
        lefts = lefts[(done * leftStep)..];
        rights = rights[(done * rightStep)..];
        if (leftStep == 0)
        {
            TLeft left = lefts[0];
            for (int row = 0; row < results.Length; row++)
            {
                succeeded &= op.TryApply(left, rights[row * rightStep], out results[row]);
            }
        }
        else if (rightStep == 0)
        {
            TRight right = rights[0];
            lefts = lefts[..results.Length];
            for (int row = 0; row < results.Length; row++)
            {
                succeeded &= op.TryApply(lefts[row], right, out results[row]);
            }
        }
        else
        {
            lefts = lefts[..results.Length];
            rights = rights[..results.Length];
            for (int row = 0; row < results.Length; row++)
            {
                succeeded &= op.TryApply(lefts[row], rights[row], out results[row]);
            }
        }

        return succeeded;
    }

    private void ThrowFirst(
        ReadOnlySpan<TLeft> lefts,
        ReadOnlySpan<TRight> rights,
        int leftStep,
        int rightStep,
        Nulls nulls,
        int count)
    {
        TOperator op = _operator;
        for (int row = 0; row < count; row++)
        {
            TLeft left = lefts[row * leftStep];
            TRight right = rights[row * rightStep];
            if (!nulls.IsNull(row) && !op.TryApply(left, right, out _))
            {
                throw _failure!(left, right);
            }
        }
    }
}
