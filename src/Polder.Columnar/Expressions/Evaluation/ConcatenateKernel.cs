using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>Strings or binaries joined; null where one is. All operands are evaluated for every row.</summary>
internal sealed class ConcatenateKernel : Kernel
{
    private readonly Kernel[] _operands;

    public ConcatenateKernel(Kernel[] operands, DataType type)
        : base(type)
    {
        _operands = operands;
    }

    /// <inheritdoc />
    public override bool CanThrow => Array.Exists(_operands, operand => operand.CanThrow);

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector[] parts = Array.ConvertAll(_operands, operand => operand.Evaluate(frame));
        if (Array.Exists(parts, part => part.IsAllNull))
        {
            return Vector.Null(Type);
        }

        bool isConstant = Array.TrueForAll(parts, part => part.IsConstant);
        int count = isConstant ? 1 : frame.Count;
        byte[] valid = default(Nulls).ToValidBits(count);
        foreach (Vector part in parts)
        {
            if (part.NullCount > 0)
            {
                Bitmap.And(valid, 0, part.ValidBits(count), 0, valid, count);
            }
        }

        byte[] offsets = NewValues(count + 1, out Span<int> ends);
        ends[0] = 0;
        TextSink sink = new();
        for (int row = 0; row < count; row++)
        {
            if (Bitmap.Get(valid, row))
            {
                foreach (Vector part in parts)
                {
                    sink.Write(part.BytesAt(row * part.Step));
                }
            }

            ends[row + 1] = sink.Length;
        }

        Nulls nulls = Nulls.FromValidBits(valid, count);
        return Vector.FromBytes(Type, count, offsets, sink.ToMemory(), nulls, isConstant);
    }
}
