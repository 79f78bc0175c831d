using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Collects which rows are null. There is no bitmap before the first null.</summary>
internal sealed class ValidityBuilder
{
    private byte[]? _bits;

    /// <summary>Rows appended.</summary>
    public int Length { get; private set; }

    /// <summary>Null rows among them.</summary>
    public int NullCount { get; private set; }

    public void AppendValid()
    {
        if (_bits is null)
        {
            Length++;
        }
        else
        {
            AppendRun(1, true);
        }
    }

    public void AppendValid(int count)
    {
        if (_bits is null)
        {
            Length += count;
        }
        else
        {
            AppendRun(count, true);
        }
    }

    public void AppendNulls(int count)
    {
        NullCount += count;
        AppendRun(count, false);
    }

    /// <summary>Makes null those of the last rows, all valid so far, whose flag is false.</summary>
    public void NullLast(ReadOnlySpan<bool> isThere)
    {
        if (!isThere.Contains(false))
        {
            return;
        }

        Reserve(0);
        int start = Length - isThere.Length;
        Span<byte> bits = stackalloc byte[64];
        for (int done = 0; done < isThere.Length; done += 512)
        {
            int count = int.Min(512, isThere.Length - done);
            BitMask.Pack(isThere.Slice(done, count), bits);
            Bitmap.Copy(bits, 0, _bits, start + done, count);
            NullCount += count - Bitmap.CountOnes(bits, 0, count);
        }
    }

    /// <summary>Appends bits of a bitmap, 1 = valid.</summary>
    public void AppendBits(ReadOnlySpan<byte> bits, int bitOffset, int count)
    {
        int nullCount = count - Bitmap.CountOnes(bits, bitOffset, count);
        if (nullCount == 0)
        {
            AppendValid(count);
            return;
        }

        Reserve(count);
        Bitmap.Copy(bits, bitOffset, _bits, Length, count);
        Length += count;
        NullCount += nullCount;
    }

    /// <summary>The bitmap, empty where no row is null; starts anew.</summary>
    public ValidityBuffer Build()
    {
        ValidityBuffer built = default;
        if (NullCount > 0)
        {
            int sizeBytes = Bitmap.SizeBytes(Length);
            byte[] bits = _bits!;
            bits = bits.Length - sizeBytes > int.Max(64, sizeBytes >> 3) ? bits.AsSpan(0, sizeBytes).ToArray() : bits;
            built = new ValidityBuffer(new ArrowBuffer(bits.AsMemory(0, sizeBytes)), NullCount);
        }

        _bits = null;
        Length = 0;
        NullCount = 0;
        return built;
    }

    private void AppendRun(int count, bool value)
    {
        Reserve(count);
        Bitmap.Fill(_bits, Length, count, value);
        Length += count;
    }

    private void Reserve(int additional)
    {
        int needed = Bitmap.SizeBytes(checked(Length + additional));
        if (_bits is null)
        {
            _bits = new byte[int.Max(64, int.Max(needed, 2 * Bitmap.SizeBytes(Length)))];
            Bitmap.Fill(_bits, 0, Length, true);
        }
        else if (needed > _bits.Length)
        {
            System.Array.Resize(ref _bits, int.Max(needed, 2 * _bits.Length));
        }
    }
}
