using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using Polder.Fuzz.Forge;
using Polder.Parquet;
using Polder.Parquet.Format;

namespace Polder.Fuzz.Targets;

/// <summary>
/// A page of one encoding, levels included, in a file that is right around it. The first bytes choose leaf, nesting,
/// page version, counts and dictionary; the rest is the page.
/// </summary>
internal sealed class PageTarget(string name, ParquetEncoding encoding, params int[] leaves) : FuzzTarget(name)
{
    private const int HeaderBytes = 8;

    /// <summary>One target an encoding, and one for what stands before the values.</summary>
    public static IEnumerable<FuzzTarget> All() =>
    [
        new PageTarget("page-plain", ParquetEncoding.Plain, 0, 1, 7, 10, 12, 13, 14, 15),
        new PageTarget("page-rle", ParquetEncoding.Rle, 0),
        new PageTarget("page-dictionary", ParquetEncoding.RleDictionary, 1, 4, 7, 10, 11, 13),
        new PageTarget("page-delta-binary-packed", ParquetEncoding.DeltaBinaryPacked, 1, 2, 4, 5),
        new PageTarget("page-delta-length-byte-array", ParquetEncoding.DeltaLengthByteArray, 10, 11, 12),
        new PageTarget("page-delta-byte-array", ParquetEncoding.DeltaByteArray, 10, 11, 13, 16),
        new PageTarget("page-byte-stream-split", ParquetEncoding.ByteStreamSplit, 1, 4, 8, 9, 13, 15, 17),
        new PageTarget("page-levels", ParquetEncoding.Plain, 1),
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (int leaf in leaves)
        {
            // Values of any bytes behind levels that are right: V1 and V2, each nesting.
            for (int nesting = 0; nesting < 4; nesting++)
            {
                byte kind = (byte)(leaf + (nesting * (LeafKinds.Count / 4)));
                byte[] values = Values();
                yield return [kind, 0, 8, 0, 8, 0, 40, 0, .. new byte[40], .. Levels(nesting, true), .. values];
                yield return
                [
                    kind, 1, 8, 0, 8, (byte)(nesting == 0 ? 0 : 2), 40, (byte)(nesting == 3 ? 2 : 0),
                    .. new byte[40], .. Levels(nesting, false), .. values,
                ];
            }
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        Cursor cursor = new(input);
        int kind = cursor.Byte() % LeafKinds.Count;
        int version = cursor.Byte();
        int valueCount = cursor.Short();
        int dictionaryCount = cursor.Byte();
        int definitionBytes = cursor.Byte();
        int dictionaryBytes = cursor.Byte();
        int repetitionBytes = cursor.Byte();
        ForgedFile file = new() { Elements = [.. LeafKinds.Schema(kind)] };
        ParquetSchema schema = SchemaTree.Build(file.Elements, Limits.Default);
        ForgedChunk chunk = new()
        {
            Leaf = schema.Leaves[0],
            Codec = CompressionCodec.Uncompressed,
            ValueCount = valueCount,
        };
        PageHeader blank = new() { Type = PageType.DictionaryPage, UncompressedSize = 0, CompressedSize = 0 };
        if (encoding == ParquetEncoding.RleDictionary)
        {
            chunk.Pages.Add(new ForgedPage(
                blank with { ValueCount = dictionaryCount }, cursor.Take(dictionaryBytes).ToArray()));
        }
        else
        {
            cursor.Take(dictionaryBytes);
        }

        chunk.Pages.Add(new ForgedPage(
            blank with
            {
                Type = (version & 1) == 0 ? PageType.DataPage : PageType.DataPageV2,
                ValueCount = valueCount,
                RowCount = valueCount,
                Encoding = encoding,
                DefinitionLevelBytes = definitionBytes,
                RepetitionLevelBytes = repetitionBytes,
                DefinitionLevelEncoding = (version & 2) == 0 ? ParquetEncoding.Rle : ParquetEncoding.BitPacked,
                RepetitionLevelEncoding = (version & 4) == 0 ? ParquetEncoding.Rle : ParquetEncoding.BitPacked,
                IsCompressed = (version & 8) == 0,
            },
            cursor.Rest.ToArray()));
        ForgedRowGroup group = new() { RowCount = valueCount };
        group.Chunks.Add(chunk);
        file.RowGroups.Add(group);
        Reading.ReadAll(file.Build());
    }

    // Eight slots, all of the greatest level; lists of one.
    private static byte[] Levels(int nesting, bool hasLengths)
    {
        int maxDefinition = nesting switch { 0 => 0, 1 => 1, 2 => 2, _ => 3 };
        byte[] length = hasLengths ? [2, 0, 0, 0] : [];
        byte[] repetition = nesting == 3 ? [.. length, 16, 0] : [];
        return maxDefinition == 0 ? repetition : [.. repetition, .. length, 16, (byte)maxDefinition];
    }

    private byte[] Values()
    {
        switch (encoding)
        {
            case ParquetEncoding.Rle:
                return [2, 0, 0, 0, 3, 0b1010];
            case ParquetEncoding.RleDictionary:
                return [3, 3, 0b10001000, 0b11000110, 0b11111010];
            case ParquetEncoding.DeltaBinaryPacked:
                return [128, 1, 4, 8, 2, 4, 3, 0, 0, 0, 0x55, 0x55, 0x55, .. new byte[9]];
            case ParquetEncoding.DeltaLengthByteArray:
                return [128, 1, 4, 8, 2, 0, 0, 0, 0, 0, .. "abcdefgh"u8];
            case ParquetEncoding.DeltaByteArray:
                return [128, 1, 4, 8, 0, 0, 0, 0, 0, 0, 128, 1, 4, 8, 2, 0, 0, 0, 0, 0, .. "abcdefgh"u8];
            default:
                byte[] plain = new byte[8 * 16];
                for (int index = 0; index < 8; index++)
                {
                    BinaryPrimitives.WriteInt32LittleEndian(plain.AsSpan(index * 7), 3);
                }

                return plain;
        }
    }
}
