using System;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Xunit;

namespace Polder.Tests.Parquet.Compression;

/// <summary>Every codec gives back what it took, and refuses anything else.</summary>
public sealed class CodecTests
{
    private delegate void DecompressBytes(
        ReadOnlyMemory<byte> source, Memory<byte> destination, CodecContext context);

    private delegate void CompressBytes(ReadOnlySpan<byte> source, BufferBuilder destination, CodecContext context);

    public static TheoryData<string> Codecs => ["snappy", "zstd", "lz4", "gzip", "brotli", "none"];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void What_was_compressed_comes_back(string codec)
    {
        using CodecContext context = new();
        foreach (int length in (int[])[0, 1, 15, 1000, 100_000])
        {
            byte[] original = Sample(length);
            byte[] compressed = Compress(codec, original, context);
            byte[] result = new byte[length];
            Decompress(codec)(compressed, result, context);
            Assert.Equal(original, result);
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Another_length_than_expected_is_corrupt(string codec)
    {
        using CodecContext context = new();
        byte[] compressed = Compress(codec, Sample(1000), context);
        foreach (int length in (int[])[0, 1, 999, 1001, 5000])
        {
            Assert.Throws<CorruptFileException>(() => Decompress(codec)(compressed, new byte[length], context));
        }
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Damaged_bytes_give_a_clean_error_or_bytes_never_another_exception(string codec)
    {
        const int Seed = 7;
        Console.WriteLine($"seed {Seed}");
        Random random = new(Seed);
        using CodecContext context = new();
        byte[] compressed = Compress(codec, Sample(1000), context);
        byte[] result = new byte[1000];
        for (int round = 0; round < 2000; round++)
        {
            byte[] damaged = (byte[])compressed.Clone();
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            int kept = round % 3 == 0 ? random.Next(damaged.Length) : damaged.Length;
            try
            {
                Decompress(codec)(damaged.AsMemory(0, kept), result, context);
            }
            catch (CorruptFileException)
            {
            }
        }
    }

    [Fact]
    public void Gzip_members_are_read_to_the_last()
    {
        using CodecContext context = new();
        byte[] original = Sample(3000);
        byte[] members =
        [
            .. Compress("gzip", Sample(1000), context),
            .. Compress("gzip", original.AsSpan(1000).ToArray(), context),
        ];
        byte[] result = new byte[3000];
        GzipCodec.Decompress(members, result, context);
        Assert.Equal(original, result);
    }

    [Fact]
    public void Old_lz4_is_read_in_its_three_forms()
    {
        using CodecContext context = new();
        byte[] original = Sample(2000);
        byte[] block = Compress("lz4", original, context);
        byte[] hadoop = [0, 0, 0x07, 0xD0, 0, 0, (byte)(block.Length >> 8), (byte)block.Length, .. block];
        byte[] frame =
        [
            0x04, 0x22, 0x4D, 0x18, 0x60, 0x40, 0x82,
            (byte)block.Length, (byte)(block.Length >> 8), 0, 0, .. block, 0, 0, 0, 0,
        ];
        foreach (byte[] form in (byte[][])[block, hadoop, frame])
        {
            byte[] result = new byte[2000];
            Lz4Codec.DecompressLegacy(form, result);
            Assert.Equal(original, result);
            Assert.Throws<CorruptFileException>(
                () => Lz4Codec.DecompressLegacy(form.AsSpan(0, form.Length - 5), new byte[2000]));
        }
    }

    private static byte[] Sample(int length) =>
        [.. Enumerable.Range(0, length).Select(index => (byte)((index * index / 7 % 23) + (index % 3)))];

    private static byte[] Compress(string codec, byte[] original, CodecContext context)
    {
        using BufferBuilder builder = new();
        Compressor(codec)(original, builder, context);
        return builder.Span.ToArray();
    }

    private static CompressBytes Compressor(string codec) => codec switch
    {
        "snappy" => (source, destination, _) => SnappyCodec.Compress(source, destination),
        "zstd" => (source, destination, context) => ZstdCodec.Compress(source, destination, context, 1),
        "lz4" => (source, destination, _) => Lz4Codec.Compress(source, destination),
        "gzip" => (source, destination, _) => GzipCodec.Compress(source, destination),
        "brotli" => (source, destination, _) => BrotliCodec.Compress(source, destination),
        _ => (source, destination, _) => UncompressedCodec.Compress(source, destination),
    };

    private static DecompressBytes Decompress(string codec) => codec switch
    {
        "snappy" => SnappyCodec.Decompress,
        "zstd" => (source, destination, context) => ZstdCodec.Decompress(source.Span, destination.Span, context),
        "lz4" => (source, destination, _) => Lz4Codec.Decompress(source.Span, destination.Span),
        "gzip" => (source, destination, context) => GzipCodec.Decompress(source.Span, destination.Span, context),
        "brotli" => (source, destination, _) => BrotliCodec.Decompress(source.Span, destination.Span),
        _ => (source, destination, _) => UncompressedCodec.Decompress(source.Span, destination.Span),
    };
}
