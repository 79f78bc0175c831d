using Polder.Bytes;
using Polder.Parquet.Compression;

namespace Polder.Parquet.Write;

/// <summary>Compresses page bodies by the codec of a file.</summary>
internal static class PageCompressor
{
    /// <summary>Throws for codecs that are not written.</summary>
    /// <exception cref="UnsupportedFeatureException">The codec is read only, or not at all.</exception>
    public static void CheckSupported(CompressionCodec codec)
    {
        if (codec is not (CompressionCodec.Uncompressed or CompressionCodec.Snappy or CompressionCodec.Gzip
            or CompressionCodec.Brotli or CompressionCodec.Zstd or CompressionCodec.Lz4Raw))
        {
            throw new UnsupportedFeatureException($"writing Parquet with {codec}", "choose zstd, snappy or lz4_raw");
        }
    }

    /// <summary>The bytes that go into the file: <paramref name="body"/> itself where nothing is compressed.</summary>
    public static BufferBuilder Compress(
        BufferBuilder body, BufferBuilder compressed, CodecContext context, ParquetWriteOptions options)
    {
        if (options.Codec == CompressionCodec.Uncompressed)
        {
            return body;
        }

        compressed.Clear();
        switch (options.Codec)
        {
            case CompressionCodec.Snappy:
                SnappyCodec.Compress(body.Span, compressed);
                break;
            case CompressionCodec.Gzip:
                GzipCodec.Compress(body.Span, compressed);
                break;
            case CompressionCodec.Brotli:
                BrotliCodec.Compress(body.Span, compressed);
                break;
            case CompressionCodec.Lz4Raw:
                Lz4Codec.Compress(body.Span, compressed);
                break;
            default:
                ZstdCodec.Compress(body.Span, compressed, context, options.CompressionLevel);
                break;
        }

        return compressed;
    }
}
