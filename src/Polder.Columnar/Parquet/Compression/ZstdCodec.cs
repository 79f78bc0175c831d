using System;
using Polder.Bytes;
using ZstdSharp;

namespace Polder.Parquet.Compression;

/// <summary>ZSTD: one or more Zstandard frames.</summary>
internal static class ZstdCodec
{
    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination, CodecContext context)
    {
        int written;
        try
        {
            written = context.ZstdDecompressor.Unwrap(source, destination);
        }
        catch (Exception exception) when (exception is ZstdException or ArgumentException)
        {
            throw new CorruptFileException("the ZSTD data is damaged", innerException: exception);
        }

        Lengths.Check("ZSTD", destination.Length, written);
    }

    /// <summary>Appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination, CodecContext context, int level)
    {
        Span<byte> room = destination.GetSpan(Compressor.GetCompressBound(source.Length));
        destination.Advance(context.ZstdCompressor(level).Wrap(source, room));
    }
}
