using System;
using Polder.Parquet.Compression;

namespace Polder.Parquet.Pages;

/// <summary>Which codec a chunk's number means.</summary>
internal static class PageDecompressor
{
    /// <summary>Above this a page must be of a size that its compressed bytes can give.</summary>
    private const int LargestUnquestioned = 16 << 20;

    /// <summary>Decompresses to exactly <paramref name="destination"/>.</summary>
    /// <exception cref="CorruptFileException">The bytes are damaged or of another length.</exception>
    public static void Decompress(
        CompressionCodec codec, ReadOnlyMemory<byte> source, Memory<byte> destination, CodecContext context)
    {
        if (source.IsEmpty && destination.IsEmpty)
        {
            // Writers leave out the compressed form of nothing.
            return;
        }

        switch (codec)
        {
            case CompressionCodec.Uncompressed:
                UncompressedCodec.Decompress(source.Span, destination.Span);
                break;
            case CompressionCodec.Snappy:
                SnappyCodec.Decompress(source, destination, context);
                break;
            case CompressionCodec.Gzip:
                GzipCodec.Decompress(source.Span, destination.Span, context);
                break;
            case CompressionCodec.Brotli:
                BrotliCodec.Decompress(source.Span, destination.Span);
                break;
            case CompressionCodec.Lz4:
                Lz4Codec.DecompressLegacy(source.Span, destination.Span);
                break;
            case CompressionCodec.Zstd:
                ZstdCodec.Decompress(source.Span, destination.Span, context);
                break;
            case CompressionCodec.Lz4Raw:
                Lz4Codec.Decompress(source.Span, destination.Span);
                break;
            default:
                throw Unsupported(codec);
        }
    }

    /// <summary>Throws for a codec that no reader here knows.</summary>
    public static void Check(CompressionCodec codec)
    {
        if (codec == CompressionCodec.Lzo || !Enum.IsDefined(codec))
        {
            throw Unsupported(codec);
        }
    }

    /// <summary>Throws for a page that no compressed bytes of that length can give.</summary>
    public static void CheckRatio(
        CompressionCodec codec, int compressedSize, int uncompressedSize, Limits limits)
    {
        int most = codec switch
        {
            CompressionCodec.Uncompressed => 1,
            CompressionCodec.Snappy => int.Min(64, limits.DecompressionRatio),
            CompressionCodec.Lz4 or CompressionCodec.Lz4Raw => int.Min(256, limits.DecompressionRatio),
            _ => limits.DecompressionRatio,
        };
        if (uncompressedSize > LargestUnquestioned && uncompressedSize / most > compressedSize)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a page claims {uncompressedSize} bytes, of {codec} {compressedSize} may give {most} times as many ") +
                "(Limits.DecompressionRatio)");
        }
    }

    private static UnsupportedFeatureException Unsupported(CompressionCodec codec) => new(
        $"Parquet compression {codec}", "rewrite the file with zstd, snappy, gzip, brotli or lz4_raw");
}
