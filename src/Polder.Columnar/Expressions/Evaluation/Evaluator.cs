using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// An expression compiled for evaluation over batches, with Spark's semantics in ANSI mode. Immutable: threads may
/// share one.
/// </summary>
/// <remarks>
/// Columns of a batch are found by position and must be held as <see cref="ArrowTypes"/> says. Results are plain GC
/// memory; they may share buffers with the batch. Where several rows would fail, the error is that of the earliest row
/// and, in it, of what Spark evaluates first.
/// </remarks>
public sealed class Evaluator
{
    private readonly Kernel _kernel;

    private Evaluator(Kernel kernel)
    {
        _kernel = kernel;
    }

    /// <summary>The type of the results.</summary>
    public DataType Type => _kernel.Type;

    /// <summary>Whether any row could make it fail.</summary>
    public bool CanThrow => _kernel.CanThrow;

    /// <summary>Compiles an expression.</summary>
    /// <exception cref="QueryException">The expression holds something that is not done yet.</exception>
    public static Evaluator Create(Expression expression, EvaluationContext? context = null)
    {
        ArgumentNullException.ThrowIfNull(expression);
        return CreateAll([expression], context)[0];
    }

    /// <summary>
    /// Compiles expressions that <see cref="EvaluateAll"/> evaluates together: what they have in common is computed
    /// once.
    /// </summary>
    /// <exception cref="QueryException">An expression holds something that is not done yet.</exception>
    public static Evaluator[] CreateAll(IReadOnlyList<Expression> expressions, EvaluationContext? context = null)
    {
        context ??= EvaluationContext.Default;
        Expression[] folded = [.. expressions.Select(expression => ConstantFolder.Fold(expression, context))];
        KernelCompiler compiler = new(context, folded);
        return [.. folded.Select(expression => new Evaluator(compiler.Compile(expression)))];
    }

    /// <summary>Compiles an expression as it stands.</summary>
    internal static Evaluator CreateUnfolded(Expression expression, EvaluationContext context) =>
        new(new KernelCompiler(context, [expression]).Compile(expression));

    /// <summary>
    /// The values of several expressions for the chosen rows of a batch. The error is that of the earliest failing row
    /// and, in it, of the first expression that fails.
    /// </summary>
    /// <exception cref="QueryException">A chosen row fails, with Spark's condition.</exception>
    public static IArrowArray[] EvaluateAll(IReadOnlyList<Evaluator> evaluators, RecordBatch batch, Selection rows)
    {
        Frame frame = Frame.Of(batch, rows);
        try
        {
            return [.. evaluators.Select(evaluator =>
                evaluator.ToArray(evaluator._kernel.Evaluate(frame), frame.Count))];
        }
        catch (QueryException) when (frame.Count > 1)
        {
            return Replay(evaluators, frame);
        }
    }

    /// <summary>One value for each row of a batch.</summary>
    /// <exception cref="QueryException">A row fails, with Spark's condition.</exception>
    public IArrowArray Evaluate(RecordBatch batch) => ToArray(Evaluate(Frame.Of(batch)), batch.Length);

    /// <summary>One value for each chosen row of a batch, in their order; the other rows cannot fail.</summary>
    /// <exception cref="QueryException">A chosen row fails, with Spark's condition.</exception>
    public IArrowArray Evaluate(RecordBatch batch, Selection rows) =>
        ToArray(Evaluate(Frame.Of(batch, rows)), rows.Count);

    /// <summary>The rows of a batch for which a boolean expression is true, neither false nor null.</summary>
    public Selection Filter(RecordBatch batch) => Filter(Frame.Of(batch), Selection.All(batch.Length), batch.Length);

    /// <summary>The chosen rows of a batch for which a boolean expression is true.</summary>
    public Selection Filter(RecordBatch batch, Selection rows) => Filter(Frame.Of(batch, rows), rows, batch.Length);

    /// <summary>The value for a frame, constants unexpanded.</summary>
    internal Vector Evaluate(Frame frame)
    {
        try
        {
            return _kernel.Evaluate(frame);
        }
        catch (QueryException) when (frame.Count > 1)
        {
            return Vector.Flat(Type, Replay([this], frame)[0].Data);
        }
    }

    // A kernel works column by column, so the first error met need not be the first row's.
    private static IArrowArray[] Replay(IReadOnlyList<Evaluator> evaluators, Frame frame)
    {
        List<IArrowArray>[] rows = [.. evaluators.Select(_ => new List<IArrowArray>(frame.Count))];
        Span<int> row = stackalloc int[1];
        for (int position = 0; position < frame.Count; position++)
        {
            row[0] = position;
            Frame single = frame.Narrow(row);
            for (int index = 0; index < rows.Length; index++)
            {
                Evaluator evaluator = evaluators[index];
                rows[index].Add(evaluator.ToArray(evaluator._kernel.Evaluate(single), 1));
            }
        }

        return [.. rows.Select(Concat.Arrays)];
    }

    // A branch may yield a nested column whose elements cannot be null where the whole expression's can.
    private IArrowArray ToArray(Vector values, int rowCount) =>
        (Type.IsNested ? values.WithType(Type) : values).ToArray(rowCount);

    private Selection Filter(Frame frame, Selection rows, int batchRows)
    {
        if (Type.Kind is not (TypeKind.Boolean or TypeKind.Void))
        {
            throw new InvalidOperationException($"a filter of type {Type}");
        }

        if (frame.Count == 0)
        {
            return rows;
        }

        byte[] bits = TrueBits(frame);
        if (rows.IsAll && rows.Count == batchRows)
        {
            return Selection.FromBits(bits, batchRows);
        }

        int[] found = frame.Positions(bits);
        if (found.Length == frame.Count)
        {
            return rows;
        }

        ReadOnlySpan<int> chosen = rows.Rows;
        for (int index = 0; index < found.Length; index++)
        {
            found[index] = chosen[found[index]];
        }

        return Selection.From(found, found.Length, batchRows);
    }

    private byte[] TrueBits(Frame frame)
    {
        try
        {
            return ConjunctionKernel.TrueBits(_kernel, frame);
        }
        catch (QueryException) when (frame.Count > 1)
        {
            Vector truth = Vector.Flat(Type, Replay([this], frame)[0].Data);
            return ConjunctionKernel.TrueBits(new ConstantKernel(truth), frame);
        }
    }
}
