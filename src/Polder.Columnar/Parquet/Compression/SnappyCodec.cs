using System;
using System.IO;
using Polder.Bytes;
using Snappier;

namespace Polder.Parquet.Compression;

/// <summary>SNAPPY: the raw block format, without the framing of its streams.</summary>
internal static class SnappyCodec
{
    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        int written;
        try
        {
            int length = Snappy.GetUncompressedLength(source);
            if (length != destination.Length)
            {
                throw Lengths.Mismatch("SNAPPY", destination.Length, length);
            }

            written = Snappy.Decompress(source, destination);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new CorruptFileException("the SNAPPY data is damaged", innerException: exception);
        }

        Lengths.Check("SNAPPY", destination.Length, written);
    }

    /// <summary>Appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination)
    {
        Span<byte> room = destination.GetSpan(Snappy.GetMaxCompressedLength(source.Length));
        destination.Advance(Snappy.Compress(source, room));
    }
}
