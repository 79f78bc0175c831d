using System;
using System.Buffers.Binary;
using System.IO;
using Apache.Arrow.Ipc;
using K4os.Compression.LZ4;
using ZstdSharp;

namespace Polder.Formats;

/// <summary>Decompresses the buffers of Arrow IPC. What Polder writes is not compressed.</summary>
internal sealed class ArrowCompression : ICompressionCodecFactory
{
    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType) =>
        CreateCodec(compressionCodecType, null);

    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType, int? compressionLevel) =>
        compressionCodecType switch
        {
            CompressionCodecType.Zstd => new Zstandard(),
            CompressionCodecType.Lz4Frame => new Lz4Frame(),
            _ => throw new UnsupportedFeatureException(
                $"Arrow compression {compressionCodecType}", "write the stream with zstd, lz4 or none"),
        };

    private sealed class Zstandard : ICompressionCodec
    {
        private readonly Decompressor _decompressor = new();

        public int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination) =>
            _decompressor.Unwrap(source.Span, destination.Span);

        public void Compress(ReadOnlyMemory<byte> source, Stream destination) => throw new NotSupportedException();

        public void Dispose() => _decompressor.Dispose();
    }

    /// <summary>LZ4 frames (lz4_Frame_format.md): a header, blocks that may refer back, an end mark.</summary>
    private sealed class Lz4Frame : ICompressionCodec
    {
        private const uint Magic = 0x184D2204;
        private const int ChecksumBytes = 4;
        private const int WindowBytes = 64 * 1024;

        public int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination)
        {
            ReadOnlySpan<byte> rest = source.Span;
            int written = 0;
            while (!rest.IsEmpty)
            {
                rest = ReadFrame(rest, destination.Span, ref written);
            }

            return written;
        }

        public void Compress(ReadOnlyMemory<byte> source, Stream destination) => throw new NotSupportedException();

        public void Dispose()
        {
        }

        private static ReadOnlySpan<byte> ReadFrame(
            ReadOnlySpan<byte> frame, Span<byte> destination, scoped ref int written)
        {
            byte flags = frame[4];
            if (BinaryPrimitives.ReadUInt32LittleEndian(frame) != Magic || flags >> 6 != 1)
            {
                throw new CorruptFileException("an LZ4 frame does not begin as one");
            }

            bool hasBlockChecksums = (flags & 0b1_0000) != 0;
            bool hasContentSize = (flags & 0b1000) != 0;
            bool hasContentChecksum = (flags & 0b100) != 0;
            bool hasDictionary = (flags & 0b1) != 0;
            if (hasDictionary)
            {
                throw new UnsupportedFeatureException("LZ4 frames with a dictionary", "Arrow does not allow them");
            }

            // Magic, flags, block size, content size where there is one, header checksum.
            ReadOnlySpan<byte> rest = frame[(4 + 2 + (hasContentSize ? 8 : 0) + 1)..];
            while (true)
            {
                uint header = BinaryPrimitives.ReadUInt32LittleEndian(rest);
                rest = rest[4..];
                if (header == 0)
                {
                    return hasContentChecksum ? rest[ChecksumBytes..] : rest;
                }

                ReadOnlySpan<byte> block = rest[..(int)(header & int.MaxValue)];
                written += ReadBlock(block, isCompressed: header >> 31 == 0, destination, written);
                rest = rest[(block.Length + (hasBlockChecksums ? ChecksumBytes : 0))..];
            }
        }

        private static int ReadBlock(
            ReadOnlySpan<byte> block, bool isCompressed, Span<byte> destination, int written)
        {
            if (!isCompressed)
            {
                block.CopyTo(destination[written..]);
                return block.Length;
            }

            ReadOnlySpan<byte> window = destination[int.Max(0, written - WindowBytes)..written];
            int length = LZ4Codec.Decode(block, destination[written..], window);
            return length >= 0 ? length : throw new CorruptFileException("an LZ4 block is damaged");
        }
    }
}
