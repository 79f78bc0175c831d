using System;
using Polder.Bytes;

namespace Polder.Parquet.Compression;

/// <summary>UNCOMPRESSED.</summary>
internal static class UncompressedCodec
{
    /// <summary>Copies to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The lengths differ.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        Lengths.Check("UNCOMPRESSED", destination.Length, source.Length);
        source.CopyTo(destination);
    }

    /// <summary>Appends the bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination) => destination.Write(source);
}
