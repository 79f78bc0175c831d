using System;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A node of the compiled tree: one virtual call a batch. Stateless, so that threads may share it.</summary>
internal abstract class Kernel
{
    protected Kernel(DataType type)
    {
        Type = type;
    }

    /// <summary>The type of the result.</summary>
    public DataType Type { get; }

    /// <summary>
    /// Whether any value could make it raise. What cannot is evaluated for all rows of a frame even where only some
    /// are wanted.
    /// </summary>
    public abstract bool CanThrow { get; }

    /// <summary>The values for the rows of a frame: as many, or one for all.</summary>
    public Vector Evaluate(Frame frame) => frame.Count == 0 ? Vector.Empty(Type) : EvaluateRows(frame);

    /// <summary>The values for at least one row.</summary>
    protected abstract Vector EvaluateRows(Frame frame);

    /// <summary>
    /// Evaluates the operand that comes second only where the first is not null, as Spark does: elsewhere it must not
    /// raise.
    /// </summary>
    protected static Vector EvaluateSecond(Kernel second, Vector first, Frame frame)
    {
        if (first.NullCount == 0 || !second.CanThrow)
        {
            return second.Evaluate(frame);
        }

        if (first.IsAllNull)
        {
            return Vector.Null(second.Type);
        }

        ReadOnlySpan<byte> valid = first.ValidBits(frame.Count);
        return EvaluateWhere(second, valid, frame);
    }

    /// <summary>Evaluates for the rows whose bit is set; null elsewhere.</summary>
    protected static Vector EvaluateWhere(Kernel kernel, ReadOnlySpan<byte> bits, Frame frame)
    {
        int[] positions = frame.Positions(bits);
        if (positions.Length == frame.Count)
        {
            return kernel.Evaluate(frame);
        }

        return positions.Length == 0
            ? Vector.Null(kernel.Type)
            : kernel.Evaluate(frame.Narrow(positions)).Scatter(positions, frame.Count);
    }

    /// <summary>The bytes of a fixed-width result, all of whose values are to be written.</summary>
    protected static byte[] NewValues<T>(int count, out Span<T> values)
        where T : unmanaged
    {
        byte[] bytes = GC.AllocateUninitializedArray<byte>(count * ByteCast.SizeOf<T>());
        values = ByteCast.As<T>(bytes.AsSpan());
        return bytes;
    }
}
