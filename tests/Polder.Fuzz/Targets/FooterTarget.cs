using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Read;

namespace Polder.Fuzz.Targets;

/// <summary>The end of a file: FileMetaData, its length, the magic.</summary>
internal sealed class FooterTarget() : FuzzTarget("footer")
{
    private const long FileSizeBytes = 1 << 20;

    public override IEnumerable<byte[]> Seeds() => Corpus.ParquetFiles(30_000).Take(60).Select(Tail);

    public override void Run(ReadOnlySpan<byte> input)
    {
        ParquetFooter? footer = FooterDecoder.Decode(
            input, long.Max(FileSizeBytes, input.Length), Limits.Default, out int needed);
        if (footer is null)
        {
            if (needed <= input.Length)
            {
                throw new BrokenContractException("asks for bytes that it has");
            }

            return;
        }

        // What is decoded later than the rest must be no surprise either.
        foreach (RowGroupMetadata group in footer.RowGroups)
        {
            foreach (ColumnChunkMetadata chunk in group.Columns)
            {
                _ = chunk.Statistics;
                _ = chunk.Leaf.DottedPath;
            }
        }

        _ = ReadPlan.Create(footer.Schema, null);
    }

    private static byte[] Tail(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        int length = bytes.Length < 8 ? bytes.Length : BitConverter.ToInt32(bytes, bytes.Length - 8) + 8;
        return length < 8 || length > bytes.Length ? bytes : bytes[^length..];
    }
}
