using System;
using System.Buffers.Binary;
using K4os.Compression.LZ4;
using Polder.Bytes;

namespace Polder.Parquet.Compression;

/// <summary>
/// LZ4_RAW (one block without framing) and the deprecated LZ4, under whose name writers put three different things.
/// </summary>
internal static class Lz4Codec
{
    private const uint FrameMagic = 0x184D2204;
    private const int HadoopPrefixBytes = 8;

    /// <summary>LZ4_RAW: decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination) =>
        Lengths.Check("LZ4_RAW", destination.Length, DecodeBlock(source, destination));

    /// <summary>LZ4_RAW: appends the compressed bytes.</summary>
    public static void Compress(ReadOnlySpan<byte> source, BufferBuilder destination)
    {
        Span<byte> room = destination.GetSpan(LZ4Codec.MaximumOutputSize(source.Length));
        destination.Advance(LZ4Codec.Encode(source, room));
    }

    /// <summary>
    /// LZ4 (deprecated): Hadoop's blocks, else one raw block, else an LZ4 frame; the first that gives exactly
    /// <paramref name="destination"/>.
    /// </summary>
    /// <exception cref="CorruptFileException">None of them does.</exception>
    public static void DecompressLegacy(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        bool isDecoded = TryDecodeHadoop(source, destination) ||
            DecodeBlock(source, destination) == destination.Length ||
            TryDecodeFrame(source, destination);
        if (!isDecoded)
        {
            throw new CorruptFileException(
                "the LZ4 data is neither Hadoop's blocks nor a raw block nor an LZ4 frame, of the length that its " +
                "page header says");
        }
    }

    /// <summary>Bytes decoded, or a negative number for damaged data or too small a destination.</summary>
    private static int DecodeBlock(ReadOnlySpan<byte> source, Span<byte> destination) =>
        destination.IsEmpty && source.Length <= 1 ? 0 : LZ4Codec.Decode(source, destination);

    // Hadoop's BlockCompressorStream: big-endian raw length, big-endian compressed length, one block; repeated.
    private static bool TryDecodeHadoop(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        while (source.Length >= HadoopPrefixBytes)
        {
            uint rawLength = BinaryPrimitives.ReadUInt32BigEndian(source);
            uint compressedLength = BinaryPrimitives.ReadUInt32BigEndian(source[4..]);
            source = source[HadoopPrefixBytes..];
            if (rawLength > destination.Length || compressedLength > source.Length ||
                DecodeBlock(source[..(int)compressedLength], destination[..(int)rawLength]) != rawLength)
            {
                return false;
            }

            source = source[(int)compressedLength..];
            destination = destination[(int)rawLength..];
        }

        return source.IsEmpty && destination.IsEmpty;
    }

    // lz4_Frame_format.md: magic, FLG, BD, [content size], [dictionary id], header checksum, blocks, end mark.
    private static bool TryDecodeFrame(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        if (source.Length < 7 || BinaryPrimitives.ReadUInt32LittleEndian(source) != FrameMagic)
        {
            return false;
        }

        int flags = source[4];
        bool isIndependent = (flags & 0x20) != 0;
        int blockChecksumBytes = (flags & 0x10) != 0 ? 4 : 0;
        int headerBytes = 7 + ((flags & 0x08) != 0 ? 8 : 0) + ((flags & 0x01) != 0 ? 4 : 0);
        if (source.Length < headerBytes)
        {
            return false;
        }

        source = source[headerBytes..];
        int written = 0;
        while (source.Length >= 4)
        {
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(source);
            source = source[4..];
            if (size == 0)
            {
                return written == destination.Length;
            }

            bool isStored = (size & 0x80000000) != 0;
            int length = (int)(size & 0x7FFFFFFF);
            if (length > source.Length - blockChecksumBytes || (!isIndependent && written > 0 && !isStored))
            {
                return false;
            }

            int count = DecodeFrameBlock(source[..length], destination[written..], isStored);
            if (count < 0)
            {
                return false;
            }

            written += count;
            source = source[(length + blockChecksumBytes)..];
        }

        return false;
    }

    private static int DecodeFrameBlock(ReadOnlySpan<byte> block, Span<byte> destination, bool isStored)
    {
        if (!isStored)
        {
            return LZ4Codec.Decode(block, destination);
        }

        return block.TryCopyTo(destination) ? block.Length : -1;
    }
}
