using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Expressions.Evaluation;

/// <summary>
/// Which rows of a result are null: none (the default), or a bitmap with a one for every row that is not.
/// </summary>
internal readonly struct Nulls
{
    private readonly byte[]? _validBits;

    public Nulls(byte[] validBits, int nullCount)
    {
        _validBits = nullCount == 0 ? null : validBits;
        Count = nullCount;
    }

    /// <summary>Null rows.</summary>
    public int Count { get; }

    /// <summary>A result that is null wherever an operand is.</summary>
    public static Nulls Union(Vector left, Vector right, int rowCount)
    {
        if (left.NullCount == 0)
        {
            return right.ToNulls(rowCount);
        }

        if (right.NullCount == 0)
        {
            return left.ToNulls(rowCount);
        }

        byte[] bits = new byte[Bitmap.SizeBytes(rowCount)];
        Bitmap.And(left.ValidBits(rowCount), 0, right.ValidBits(rowCount), 0, bits, rowCount);
        return FromValidBits(bits, rowCount);
    }

    /// <summary>Nulls of a bitmap that this takes over.</summary>
    public static Nulls FromValidBits(byte[] bits, int rowCount) =>
        new(bits, rowCount - Bitmap.CountOnes(bits, 0, rowCount));

    /// <summary>Whether a row is null.</summary>
    public bool IsNull(int row) => _validBits is not null && !Bitmap.Get(_validBits, row);

    /// <summary>A copy with room for more nulls.</summary>
    public byte[] ToValidBits(int rowCount)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(rowCount)];
        if (_validBits is null)
        {
            bits.AsSpan().Fill(0xFF);
        }
        else
        {
            _validBits.AsSpan(0, bits.Length).CopyTo(bits);
        }

        return bits;
    }

    /// <summary>Arrow's validity buffer.</summary>
    public ArrowBuffer ToBuffer(int rowCount) =>
        _validBits is null ? ArrowBuffer.Empty : new ArrowBuffer(
            _validBits.AsMemory(0, Bitmap.SizeBytes(rowCount)));
}
