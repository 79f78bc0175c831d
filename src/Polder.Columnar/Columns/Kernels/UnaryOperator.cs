using System;

namespace Polder.Columns.Kernels;

/// <summary>A function of one value; false where it fails for that value.</summary>
internal interface IUnaryOperator<TInput, TResult>
{
    /// <summary>Computes; must bear any bits, since null slots hold anything.</summary>
    bool TryApply(TInput input, out TResult result);
}

/// <summary>An operator that is faster over many values at once.</summary>
internal interface ISpanOperator<TInput, TResult> : IUnaryOperator<TInput, TResult>
{
    /// <summary>Computes all; false where any fails. What stands where one fails is that of one value.</summary>
    bool TryApplyAll(ReadOnlySpan<TInput> inputs, Span<TResult> results);
}

/// <summary>Runs operators over columns.</summary>
internal static class UnaryLoop
{
    /// <summary>Computes all; false where any fails.</summary>
    public static bool TryApplyAll<TInput, TResult, TOperator>(
        TOperator op, ReadOnlySpan<TInput> inputs, Span<TResult> results)
        where TOperator : struct, IUnaryOperator<TInput, TResult>
    {
        if (op is ISpanOperator<TInput, TResult> spans)
        {
            return spans.TryApplyAll(inputs, results);
        }

        bool succeeded = true;
        for (int row = 0; row < inputs.Length && row < results.Length; row++)
        {
            succeeded &= op.TryApply(inputs[row], out results[row]);
        }

        return succeeded;
    }
}
