using System;
using System.Buffers;
using System.IO;
using Polder.Bytes;
using Snappier;

namespace Polder.Parquet.Compression;

/// <summary>SNAPPY: the raw block format, without the framing of its streams.</summary>
internal static class SnappyCodec
{
    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination, CodecContext context)
    {
        FixedWriter writer = context.Writer;
        writer.Begin(destination);
        try
        {
            int length = Snappy.GetUncompressedLength(source.Span);
            if (length != destination.Length)
            {
                throw Lengths.Mismatch("SNAPPY", destination.Length, length);
            }

            // Snappier's method over spans decompresses into an array of a pool, copies and clears it.
            Snappy.Decompress(new ReadOnlySequence<byte>(source), writer);
        }
        catch (Exception exception) when (exception is InvalidDataException or ArgumentException)
        {
            throw new CorruptFileException("the SNAPPY data is damaged", innerException: exception);
        }
        finally
        {
            writer.End();
        }

        Lengths.Check("SNAPPY", destination.Length, writer.Written);
    }

    /// <summary>Appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination)
    {
        Span<byte> room = destination.GetSpan(Snappy.GetMaxCompressedLength(source.Length));
        destination.Advance(Snappy.Compress(source, room));
    }
}
