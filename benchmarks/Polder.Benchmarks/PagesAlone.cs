using System;
using System.IO;
using System.Threading;
using Polder.Parquet;
using Polder.Parquet.Compression;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Parquet.Pages;

namespace Polder.Benchmarks;

/// <summary>
/// What the codec alone takes: every page of a file, in memory from the first run on, decompressed and nothing else.
/// </summary>
internal static class PagesAlone
{
    private static readonly Lock Once = new();
    private static (string Path, byte[] Bytes) _file = ("", []);

    /// <summary>Decompresses all pages; returns their bytes.</summary>
    public static long Decompress(string path)
    {
        byte[] file = Read(path);
        ParquetFooter footer = FooterDecoder.Decode(file, file.Length, Limits.Default, out _)!;
        using CodecContext context = new();
        byte[] target = [];
        long total = 0;
        foreach (RowGroupMetadata rowGroup in footer.RowGroups)
        {
            foreach (ColumnChunkMetadata chunk in rowGroup.Columns)
            {
                int position = (int)chunk.StartOffset, end = (int)chunk.EndOffset(file.Length);
                while (position < end)
                {
                    PageHeader header = PageHeader.TryDecode(
                        file.AsMemory(position, end - position), Limits.Default, position, out int length)!;
                    int levels = header.DefinitionLevelBytes + header.RepetitionLevelBytes;
                    if (target.Length < header.UncompressedSize)
                    {
                        target = new byte[2 * header.UncompressedSize];
                    }

                    PageDecompressor.Decompress(
                        chunk.Codec,
                        file.AsMemory(position + length + levels, header.CompressedSize - levels),
                        target.AsMemory(levels, header.UncompressedSize - levels),
                        context);
                    position += length + header.CompressedSize;
                    total += header.UncompressedSize;
                }
            }
        }

        return total;
    }

    private static byte[] Read(string path)
    {
        lock (Once)
        {
            if (_file.Path != path)
            {
                _file = (path, File.ReadAllBytes(path));
            }

            return _file.Bytes;
        }
    }
}
