using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>The dictionary of a chunk of byte arrays, in memory that arrays may keep.</summary>
internal sealed class BytesEntries
{
    private BytesEntries(int count, ReadOnlyMemory<byte> offsets, ReadOnlyMemory<byte> bytes)
    {
        Count = count;
        Offsets = offsets;
        Bytes = bytes;
    }

    /// <summary>Nothing.</summary>
    public static BytesEntries None { get; } = new(0, new byte[sizeof(int)], default);

    /// <summary>Entries.</summary>
    public int Count { get; }

    /// <summary>One more than entries, from 0, 32 bits each.</summary>
    public ReadOnlyMemory<byte> Offsets { get; }

    /// <summary>The entries, one after the other.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>Decodes a dictionary page.</summary>
    /// <exception cref="CorruptFileException">The page has fewer values than it says.</exception>
    public static BytesEntries Decode(int fixedLength, ReadOnlySpan<byte> page, int end, int count)
    {
        ByteArrayReader reader = new(fixedLength);
        ByteArraySink sink = new();
        byte[] offsets = new byte[(count + 1) * sizeof(int)];
        reader.BeginPage(ParquetEncoding.Plain, page, 0, end, count);
        reader.Read(page, ByteCast.As<int>(offsets.AsSpan())[1..], sink);
        return new BytesEntries(count, offsets, sink.Take());
    }

    /// <summary>These entries and more behind them.</summary>
    /// <param name="ends">Where each of the others ends in their bytes.</param>
    /// <param name="bytes">Their bytes.</param>
    public BytesEntries With(ReadOnlySpan<int> ends, ReadOnlySpan<byte> bytes)
    {
        byte[] offsets = GC.AllocateUninitializedArray<byte>(checked((Count + ends.Length + 1) * sizeof(int)));
        byte[] all = GC.AllocateUninitializedArray<byte>(checked(Bytes.Length + bytes.Length));
        Offsets.Span.CopyTo(offsets);
        Bytes.Span.CopyTo(all);
        bytes.CopyTo(all.AsSpan(Bytes.Length));
        Span<int> more = ByteCast.As<int>(offsets.AsSpan())[(Count + 1)..];
        for (int index = 0; index < ends.Length; index++)
        {
            more[index] = Bytes.Length + ends[index];
        }

        return new BytesEntries(Count + ends.Length, offsets, all);
    }

    /// <summary>The entries as an array's buffers.</summary>
    public ArrowBuffer[] ToBuffers() => [ArrowBuffer.Empty, new ArrowBuffer(Offsets), new ArrowBuffer(Bytes)];
}
