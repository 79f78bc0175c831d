using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// substring(text, start, length) by code points, of a binary by bytes. Start 1 is the first, 0 counts as 1, a negative
/// one counts from the end; what lies before the beginning is cut off the length.
/// </summary>
internal sealed class SubstringKernel : Kernel
{
    private readonly Kernel _text;
    private readonly Kernel _start;
    private readonly Kernel _length;

    public SubstringKernel(Kernel text, Kernel start, Kernel length, DataType type)
        : base(type)
    {
        _text = text;
        _start = start;
        _length = length;
    }

    /// <inheritdoc />
    public override bool CanThrow => _text.CanThrow || _start.CanThrow || _length.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector text = _text.Evaluate(frame);
        Vector start = EvaluateSecond(_start, text, frame);
        Vector length = EvaluateSecond(_length, start, frame);
        if (text.IsAllNull || start.IsAllNull || length.IsAllNull)
        {
            return Vector.Null(Type);
        }

        bool isConstant = text.IsConstant && start.IsConstant && length.IsConstant;
        int count = isConstant ? 1 : frame.Count;
        byte[] valid = Nulls.Union(text, start, count).ToValidBits(count);
        Bitmap.And(valid, 0, length.ValidBits(count), 0, valid, count);
        Nulls nulls = Nulls.FromValidBits(valid, count);
        ReadOnlySpan<int> starts = start.Values<int>();
        ReadOnlySpan<int> lengths = length.Values<int>();
        byte[] offsets = NewValues(count + 1, out Span<int> ends);
        ends[0] = 0;
        TextSink sink = new();
        bool isBinary = text.Type.Kind == TypeKind.Binary;
        for (int row = 0; row < count; row++)
        {
            if (!nulls.IsNull(row))
            {
                ReadOnlySpan<byte> value = text.BytesAt(row * text.Step);
                sink.Write(Slice(value, starts[row * start.Step], lengths[row * length.Step], isBinary));
            }

            ends[row + 1] = sink.Length;
        }

        return Vector.FromBytes(Type, count, offsets, sink.ToMemory(), nulls, isConstant);
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> value, int start, int length, bool isBinary)
    {
        if (isBinary)
        {
            return SliceBytes(value, start, length);
        }

        int total = start < 0 ? Utf8.CountCharacters(value) : 0;
        long first = start > 0 ? start - 1L : start < 0 ? total + (long)start : 0;
        long end = first + length;
        first = long.Max(first, 0);
        if (end <= first)
        {
            return default;
        }

        ReadOnlySpan<byte> rest = value[Utf8.Skip(value, first)..];
        return rest[..Utf8.Skip(rest, end - first)];
    }

    // In 32 bits and wrapping, which a start near the smallest int shows.
    private static ReadOnlySpan<byte> SliceBytes(ReadOnlySpan<byte> value, int start, int length)
    {
        if (start > value.Length)
        {
            return default;
        }

        int first = start > 0 ? start - 1 : start < 0 ? value.Length + start : 0;
        int end = unchecked(value.Length - first) < length ? value.Length : unchecked(first + length);
        first = int.Max(first, 0);
        return end <= first ? default : value[first..end];
    }
}
