using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>Null for null, else an operator over fixed-width values.</summary>
internal sealed class UnaryFunction<TInput, TResult, TOperator> : VectorFunction
    where TInput : unmanaged
    where TResult : unmanaged
    where TOperator : struct, IUnaryOperator<TInput, TResult>
{
    private readonly TOperator _operator;
    private readonly Func<TInput, QueryException>? _failure;
    private readonly bool _failureIsNull;

    /// <summary>Makes the function.</summary>
    /// <param name="type">The type of the result.</param>
    /// <param name="op">The operator.</param>
    /// <param name="failure">The error of a value that fails; null where none can.</param>
    /// <param name="failureIsNull">A failure gives null instead.</param>
    public UnaryFunction(
        DataType type, TOperator op, Func<TInput, QueryException>? failure = null, bool failureIsNull = false)
        : base(type)
    {
        _operator = op;
        _failure = failure;
        _failureIsNull = failureIsNull;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null && !_failureIsNull;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        ReadOnlySpan<TInput> inputs = operand.Values<TInput>();
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count * ByteCast.SizeOf<TResult>());
        Span<TResult> results = ByteCast.As<TResult>(bytes.AsSpan());
        bool succeeded = UnaryLoop.TryApplyAll(_operator, inputs, results);
        Nulls nulls = NullsOf(operand);
        if (!succeeded)
        {
            nulls = Fail(inputs, nulls);
        }

        return Vector.FromValues(Type, count, bytes, nulls, operand.IsConstant);
    }

    private Nulls Fail(ReadOnlySpan<TInput> inputs, Nulls nulls)
    {
        byte[] bits = nulls.ToValidBits(inputs.Length);
        TOperator op = _operator;
        for (int row = 0; row < inputs.Length; row++)
        {
            if (nulls.IsNull(row) || op.TryApply(inputs[row], out _))
            {
                continue;
            }

            if (!_failureIsNull)
            {
                throw _failure!(inputs[row]);
            }

            Bitmap.Clear(bits, row);
        }

        return Nulls.FromValidBits(bits, inputs.Length);
    }
}

/// <summary>An operator over the fixed-width values of another kernel.</summary>
internal sealed class UnaryKernel<TInput, TResult, TOperator> : MapKernel
    where TInput : unmanaged
    where TResult : unmanaged
    where TOperator : struct, IUnaryOperator<TInput, TResult>
{
    /// <summary>Makes the kernel; see <see cref="UnaryFunction{TInput, TResult, TOperator}"/>.</summary>
    public UnaryKernel(Kernel operand, DataType type, TOperator op, Func<TInput, QueryException>? failure = null)
        : base(operand, new UnaryFunction<TInput, TResult, TOperator>(type, op, failure))
    {
    }
}
