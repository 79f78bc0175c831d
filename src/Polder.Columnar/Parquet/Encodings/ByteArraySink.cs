using System;

namespace Polder.Parquet.Encodings;

/// <summary>
/// Bytes of values, one after the other: what byte arrays are decoded into. Grows; used again, or its array taken.
/// </summary>
internal sealed class ByteArraySink
{
    /// <summary>Bytes writable past the last value.</summary>
    public const int Slack = 64;

    private const int SmallestCapacity = 4096;
    private byte[] _bytes = [];

    /// <summary>Bytes of all values so far.</summary>
    public int Length { get; private set; }

    /// <summary>All that is reserved: the values, then room with its slack.</summary>
    public Span<byte> Room => _bytes;

    /// <summary>The values so far.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>Forgets the values.</summary>
    public void Clear() => Length = 0;

    /// <summary>
    /// The array with the values, no longer this sink's, and <see cref="Length"/> of them; a copy where the array is
    /// much longer.
    /// </summary>
    public ReadOnlyMemory<byte> Take()
    {
        ReadOnlyMemory<byte> taken = _bytes.Length - Slack - Length > Length / 8
            ? Written.ToArray()
            : _bytes.AsMemory(0, Length);
        _bytes = [];
        Length = 0;
        return taken;
    }

    /// <summary>Makes room for more bytes and the slack.</summary>
    /// <exception cref="UnsupportedFeatureException">The values of a batch exceed what offsets can hold.</exception>
    public void Reserve(long additional)
    {
        long needed = Length + additional + Slack;
        if (needed <= _bytes.Length)
        {
            return;
        }

        if (needed > Array.MaxLength)
        {
            throw new UnsupportedFeatureException(
                "more than 2 GiB of byte arrays in one batch", "ask for batches of fewer rows");
        }

        long grown = _bytes.Length == 0
            ? needed
            : long.Max(needed, long.Max(SmallestCapacity, (long)_bytes.Length * 2));
        byte[] bytes = GC.AllocateUninitializedArray<byte>((int)long.Min(grown, Array.MaxLength));
        Written.CopyTo(bytes);
        _bytes = bytes;
    }

    /// <summary>Bytes that values which the file does not hold as often as they occur may take; see Limits.</summary>
    public long MostRepeatedBytes { get; set; } = long.MaxValue;

    /// <summary>Makes room for values that stand in the file once and may occur any number of times.</summary>
    /// <exception cref="UnsupportedFeatureException">They exceed their limit, and there is more than one.</exception>
    public void ReserveRepeated(long additional, int valueCount)
    {
        if (Length + additional > MostRepeatedBytes && (Length > 0 || valueCount > 1))
        {
            throw new UnsupportedFeatureException(
                $"more than {MostRepeatedBytes} bytes of repeated text in one batch (Limits.RepeatedBytes)",
                "ask for batches of fewer rows");
        }

        Reserve(additional);
    }

    /// <summary>Counts bytes written into <see cref="Room"/> after the others.</summary>
    public void Advance(int count) => Length += count;

    /// <summary>Appends bytes.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }
}
