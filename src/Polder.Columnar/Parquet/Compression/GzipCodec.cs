using System;
using System.IO;
using System.IO.Compression;
using Polder.Bytes;

namespace Polder.Parquet.Compression;

/// <summary>GZIP: RFC 1952, one or more members.</summary>
internal static class GzipCodec
{
    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination, CodecContext context)
    {
        // Inflating costs tens of times this copy; the framework inflates from streams only.
        byte[] scratch = context.Scratch(source.Length);
        source.CopyTo(scratch);
        try
        {
            using MemoryStream compressed = new(scratch, 0, source.Length, writable: false);
            using GZipStream inflating = new(compressed, CompressionMode.Decompress);
            int written = inflating.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
            Lengths.Check("GZIP", destination.Length, written);
            if (source.Length > 0 && inflating.ReadByte() >= 0)
            {
                throw Lengths.Mismatch("GZIP", destination.Length, destination.Length + 1L);
            }
        }
        catch (InvalidDataException exception)
        {
            throw new CorruptFileException("the GZIP data is damaged", innerException: exception);
        }
    }

    /// <summary>Appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination)
    {
        using MemoryStream compressed = new(source.Length / 2);
        using (GZipStream deflating = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            deflating.Write(source);
        }

        destination.Write(compressed.GetBuffer().AsSpan(0, (int)compressed.Length));
    }
}
