using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Which rows of an array are not null: a borrowed view that honours the array's offset.</summary>
public readonly ref struct Validity
{
    private readonly ReadOnlySpan<byte> _bits;
    private readonly int _offset;

    private Validity(ReadOnlySpan<byte> bits, int offset, int length, int nullCount)
    {
        _bits = bits;
        _offset = offset;
        Length = length;
        NullCount = nullCount;
    }

    /// <summary>Number of rows.</summary>
    public int Length { get; }

    /// <summary>Number of null rows.</summary>
    public int NullCount { get; }

    /// <summary>Whether any row is null.</summary>
    public bool HasNulls => NullCount > 0;

    /// <summary>The bitmap, empty where every row is valid (or every row null).</summary>
    public ReadOnlySpan<byte> Bits => _bits;

    /// <summary>The bit of row 0.</summary>
    public int BitOffset => _offset;

    /// <summary>The validity of an array.</summary>
    public static Validity Of(IArrowArray array) => Of(array.Data);

    /// <summary>The validity of an array.</summary>
    public static Validity Of(ArrayData data)
    {
        if (data.DataType.TypeId == Apache.Arrow.Types.ArrowTypeId.Null)
        {
            return new Validity([], 0, data.Length, data.Length);
        }

        int nullCount = data.GetNullCount();
        return nullCount == 0 || data.Buffers[0].IsEmpty
            ? new Validity([], 0, data.Length, 0)
            : new Validity(data.Buffers[0].Span, data.Offset, data.Length, nullCount);
    }

    /// <summary>Whether a row is not null.</summary>
    public bool IsValid(int row) => NullCount == 0 || (!_bits.IsEmpty && Bitmap.Get(_bits, _offset + row));

    /// <summary>Whether a row is null.</summary>
    public bool IsNull(int row) => !IsValid(row);

    /// <summary>The bitmap as a buffer that starts at bit 0; empty where no row is null.</summary>
    public ValidityBuffer ToBuffer()
    {
        if (NullCount == 0)
        {
            return default;
        }

        byte[] bits = new byte[Bitmap.SizeBytes(Length)];
        if (!_bits.IsEmpty)
        {
            Bitmap.Copy(_bits, _offset, bits, 0, Length);
        }

        return new ValidityBuffer(new ArrowBuffer(bits), NullCount);
    }

    /// <summary>The rows that are valid in both of two arrays of the same length.</summary>
    public static ValidityBuffer Intersect(IArrowArray left, IArrowArray right)
    {
        Validity first = Of(left);
        Validity second = Of(right);
        if (!first.HasNulls || second.NullCount == second.Length)
        {
            return second.ToBuffer();
        }

        if (!second.HasNulls || first.NullCount == first.Length)
        {
            return first.ToBuffer();
        }

        byte[] bits = new byte[Bitmap.SizeBytes(first.Length)];
        Bitmap.And(first._bits, first._offset, second._bits, second._offset, bits, first.Length);
        return new ValidityBuffer(
            new ArrowBuffer(bits), first.Length - Bitmap.CountOnes(bits, 0, first.Length));
    }
}

/// <summary>A validity bitmap from bit 0, and how many of its rows are null; the default value means none.</summary>
/// <param name="Bits">The bitmap, empty where no row is null.</param>
/// <param name="NullCount">Number of null rows.</param>
public readonly record struct ValidityBuffer(ArrowBuffer Bits, int NullCount);
