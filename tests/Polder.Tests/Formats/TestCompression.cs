using System;
using System.Buffers.Binary;
using System.IO;
using Apache.Arrow.Ipc;
using K4os.Compression.LZ4;
using K4os.Compression.LZ4.Encoders;
using ZstdSharp;

namespace Polder.Tests.Formats;

/// <summary>Compresses as other writers do: zstd, and LZ4 frames of linked blocks with all optional fields.</summary>
internal sealed class TestCompression : ICompressionCodecFactory, ICompressionCodec
{
    private const int BlockBytes = 65_536;

    private CompressionCodecType _type;

    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType) =>
        new TestCompression { _type = compressionCodecType };

    public ICompressionCodec CreateCodec(CompressionCodecType compressionCodecType, int? compressionLevel) =>
        CreateCodec(compressionCodecType);

    public int Decompress(ReadOnlyMemory<byte> source, Memory<byte> destination) => throw new NotSupportedException();

    public void Compress(ReadOnlyMemory<byte> source, Stream destination)
    {
        if (_type == CompressionCodecType.Zstd)
        {
            using Compressor compressor = new();
            destination.Write(compressor.Wrap(source.Span));
            return;
        }

        // Version 1, linked blocks, block checksums, content size, content checksum; blocks of 64 KiB.
        byte[] header = [0x04, 0x22, 0x4D, 0x18, 0b0101_1100, 0x40, .. new byte[8], 0];
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(6), source.Length);
        destination.Write(header);
        using ILZ4Encoder encoder = LZ4Encoder.Create(true, LZ4Level.L00_FAST, BlockBytes, 0);
        byte[] block = new byte[LZ4Codec.MaximumOutputSize(BlockBytes)];
        for (int start = 0; start < source.Length; start += BlockBytes)
        {
            byte[] part = source[start..int.Min(start + BlockBytes, source.Length)].ToArray();
            encoder.Topup(part, 0, part.Length);
            int length = encoder.Encode(block, 0, block.Length, true);
            byte[] size = new byte[4];
            BinaryPrimitives.WriteUInt32LittleEndian(size, length > 0 ? (uint)length : (uint)-length | 0x8000_0000);
            destination.Write(size);
            destination.Write(block, 0, int.Abs(length));
            destination.Write(new byte[4]);
        }

        destination.Write(new byte[8]);
    }

    public void Dispose()
    {
    }
}
