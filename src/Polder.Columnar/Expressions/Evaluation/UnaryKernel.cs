using System;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A function of one value; false where it fails for that value.</summary>
internal interface IUnaryOperator<TInput, TResult>
{
    /// <summary>Computes; must bear any bits, since null slots hold anything.</summary>
    bool TryApply(TInput input, out TResult result);
}

/// <summary>Null for null, else an operator over fixed-width values.</summary>
internal sealed class UnaryKernel<TInput, TResult, TOperator> : Kernel
    where TInput : unmanaged
    where TResult : unmanaged
    where TOperator : struct, IUnaryOperator<TInput, TResult>
{
    private readonly Kernel _operand;
    private readonly TOperator _operator;
    private readonly Func<TInput, QueryException>? _failure;
    private readonly bool _failureIsNull;

    /// <summary>Makes the kernel.</summary>
    /// <param name="operand">The value.</param>
    /// <param name="type">The type of the result.</param>
    /// <param name="op">The operator.</param>
    /// <param name="failure">The error of a value that fails; null where none can.</param>
    /// <param name="failureIsNull">A failure gives null instead.</param>
    public UnaryKernel(
        Kernel operand,
        DataType type,
        TOperator op,
        Func<TInput, QueryException>? failure = null,
        bool failureIsNull = false)
        : base(type)
    {
        _operand = operand;
        _operator = op;
        _failure = failure;
        _failureIsNull = failureIsNull;
    }

    /// <inheritdoc />
    public override bool CanThrow => _operand.CanThrow || (_failure is not null && !_failureIsNull);

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector operand = _operand.Evaluate(frame);
        if (operand.IsAllNull)
        {
            return Vector.Null(Type);
        }

        int count = operand.Length;
        ReadOnlySpan<TInput> inputs = operand.Values<TInput>();
        byte[] bytes = NewValues(count, out Span<TResult> results);
        bool succeeded = true;
        TOperator op = _operator;
        for (int row = 0; row < count && row < results.Length; row++)
        {
            succeeded &= op.TryApply(inputs[row], out results[row]);
        }

        Nulls nulls = FlatNulls(operand);
        if (!succeeded)
        {
            nulls = Fail(operand, inputs, nulls);
        }

        return Vector.FromValues(Type, count, bytes, nulls, operand.IsConstant);
    }

    private static Nulls FlatNulls(Vector operand) =>
        operand.NullCount == 0 ? default : new Nulls(operand.ValidBits(operand.Length).ToArray(), operand.NullCount);

    private Nulls Fail(Vector operand, ReadOnlySpan<TInput> inputs, Nulls nulls)
    {
        byte[] bits = nulls.ToValidBits(operand.Length);
        TOperator op = _operator;
        for (int row = 0; row < inputs.Length; row++)
        {
            if (!nulls.IsNull(row) && !op.TryApply(inputs[row], out _))
            {
                if (!_failureIsNull)
                {
                    throw _failure!(inputs[row]);
                }

                Bitmap.Clear(bits, row);
            }
        }

        return Nulls.FromValidBits(bits, operand.Length);
    }
}
