using System;
using System.IO.Compression;
using Polder.Bytes;

namespace Polder.Parquet.Compression;

/// <summary>BROTLI: RFC 7932.</summary>
internal static class BrotliCodec
{
    private const int Quality = 4;
    private const int WindowBits = 22;

    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (!BrotliDecoder.TryDecompress(source, destination, out int written))
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"the BROTLI data is damaged or longer than the {destination.Length} bytes its page header says"));
        }

        Lengths.Check("BROTLI", destination.Length, written);
    }

    /// <summary>Appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination)
    {
        Span<byte> room = destination.GetSpan(BrotliEncoder.GetMaxCompressedLength(source.Length));
        bool isDone = BrotliEncoder.TryCompress(source, room, out int written, Quality, WindowBits);
        Invariant.Holds(isDone, "Brotli wanted more room than its own bound");
        destination.Advance(written);
    }
}
