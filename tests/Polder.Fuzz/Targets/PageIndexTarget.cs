using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Parquet;
using Polder.Parquet.Footer;

namespace Polder.Fuzz.Targets;

/// <summary>Column index and offset index, told apart by the first byte.</summary>
internal sealed class PageIndexTarget() : FuzzTarget("page-index")
{
    public override IEnumerable<byte[]> Seeds() => Corpus.ParquetFiles(30_000).SelectMany(IndexesOf).Take(60);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
        {
            return;
        }

        if (input[0] == 0)
        {
            ColumnIndex.Decode(input[1..].ToArray(), Limits.Default, 0);
        }
        else
        {
            OffsetIndex.Decode(input[1..], Limits.Default, 0);
        }
    }

    private static IEnumerable<byte[]> IndexesOf(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        ColumnChunkMetadata[] chunks;
        try
        {
            ParquetFooter footer = FooterDecoder.Decode(bytes, bytes.Length, Limits.Default, out _)!;
            chunks = [.. footer.RowGroups.SelectMany(group => group.Columns).Take(2)];
        }
        catch (Exception exception) when (exception is CorruptFileException or UnsupportedFeatureException)
        {
            yield break;
        }

        foreach (ColumnChunkMetadata chunk in chunks)
        {
            if (chunk.ColumnIndex.Length > 0 && chunk.ColumnIndex.Offset + chunk.ColumnIndex.Length <= bytes.Length)
            {
                yield return [0, .. bytes.AsSpan((int)chunk.ColumnIndex.Offset, chunk.ColumnIndex.Length)];
            }

            if (chunk.OffsetIndex.Length > 0 && chunk.OffsetIndex.Offset + chunk.OffsetIndex.Length <= bytes.Length)
            {
                yield return [1, .. bytes.AsSpan((int)chunk.OffsetIndex.Offset, chunk.OffsetIndex.Length)];
            }
        }
    }
}
