using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Format;

namespace Polder.Fuzz.Targets;

/// <summary>The header before a page.</summary>
internal sealed class PageHeaderTarget() : FuzzTarget("page-header")
{
    public override IEnumerable<byte[]> Seeds() =>
        ((PageHeader[])
        [
            Of(PageType.DataPage) with { ValueCount = 1000, Crc = 0x12345678 },
            Of(PageType.DictionaryPage) with { ValueCount = 30, Encoding = ParquetEncoding.PlainDictionary },
            Of(PageType.DataPageV2) with
            {
                ValueCount = 1000, RowCount = 1000, NullCount = 7, DefinitionLevelBytes = 20, IsCompressed = false,
            },
        ]).Select(Encode);

    public override void Run(ReadOnlySpan<byte> input) =>
        PageHeader.TryDecode(input.ToArray(), Limits.Default, 0, out _);

    private static PageHeader Of(PageType type) =>
        new() { Type = type, UncompressedSize = 5000, CompressedSize = 3000 };

    private static byte[] Encode(PageHeader header)
    {
        using BufferBuilder target = new();
        CompactWriter writer = new(target);
        PageHeaderCodec.Encode(ref writer, header);
        return target.Span.ToArray();
    }
}
