using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Flat;

/// <summary>Which rows are not null, in a form that can be kept: <see cref="Validity"/> is borrowed.</summary>
internal readonly struct RowBits
{
    private readonly ReadOnlyMemory<byte> _bits;
    private readonly int _offset;

    private RowBits(ReadOnlyMemory<byte> bits, int offset)
    {
        _bits = bits;
        _offset = offset;
    }

    public bool HasNulls => !_bits.IsEmpty;

    public bool IsNull(int row) => !_bits.IsEmpty && !Bitmap.Get(_bits.Span, _offset + row);

    /// <summary>The rows of an array whose bitmap is already checked.</summary>
    public static RowBits Of(ArrayData data) => data.GetNullCount() == 0 || data.Buffers[0].IsEmpty
        ? default
        : new RowBits(data.Buffers[0].Memory, data.Offset);

    /// <summary>The rows that are valid in both.</summary>
    public RowBits And(RowBits other, int rowCount)
    {
        if (!HasNulls || !other.HasNulls)
        {
            return HasNulls ? this : other;
        }

        byte[] both = new byte[Bitmap.SizeBytes(rowCount)];
        Bitmap.And(_bits.Span, _offset, other._bits.Span, other._offset, both, rowCount);
        return new RowBits(both, 0);
    }
}
