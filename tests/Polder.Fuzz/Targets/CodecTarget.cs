using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Compression;
using Polder.Parquet.Pages;
using Polder.Parquet.Write;

namespace Polder.Fuzz.Targets;

/// <summary>A compressed page body; the first three bytes are the length it claims to have uncompressed.</summary>
internal sealed class CodecTarget(string name, CompressionCodec codec) : FuzzTarget(name)
{
    private static readonly CodecContext Context = new();

    /// <summary>One target a codec.</summary>
    public static IEnumerable<FuzzTarget> All() => Enum.GetValues<CompressionCodec>()
        .Where(codec => codec != CompressionCodec.Lzo)
        .Select(codec => new CodecTarget($"codec-{codec.ToString().ToLowerInvariant()}", codec));

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (int length in (int[])[0, 1, 300, 5000])
        {
            byte[] plain = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, length)))[..length];
            byte[] claim = [(byte)length, (byte)(length >> 8), 0];
            byte[] compressed = Compress(plain);
            yield return [.. claim, .. compressed];
            if (codec == CompressionCodec.Gzip)
            {
                // RFC 1952: members may follow each other.
                yield return [(byte)(2 * length), (byte)(2 * length >> 8), 0, .. compressed, .. compressed];
            }
            else if (codec == CompressionCodec.Lz4)
            {
                // Hadoop's frame: both lengths, big-endian.
                yield return
                [
                    .. claim, 0, 0, claim[1], claim[0], 0, 0, (byte)(compressed.Length >> 8), (byte)compressed.Length,
                    .. compressed,
                ];
            }
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 3)
        {
            return;
        }

        byte[] destination = new byte[input[0] | (input[1] << 8) | ((input[2] & 0x0F) << 16)];
        PageDecompressor.Decompress(codec, input[3..].ToArray(), destination, Context);
    }

    private byte[] Compress(byte[] plain)
    {
        using BufferBuilder source = new();
        using BufferBuilder compressed = new();
        source.Write(plain);
        ParquetWriteOptions options = new()
        {
            Codec = codec == CompressionCodec.Lz4 ? CompressionCodec.Lz4Raw : codec,
        };
        return PageCompressor.Compress(source, compressed, Context, options).Span.ToArray();
    }
}
