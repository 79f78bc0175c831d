using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Fuzz.Forge;
using Polder.Parquet;
using Polder.Parquet.Format;
using Xunit;

namespace Polder.Fuzz;

/// <summary>What input may ask for is limited, and each limit bites, before memory is taken.</summary>
public sealed class LimitsTests
{
    private static readonly SchemaElement Long = new()
    {
        Name = "n", Physical = PhysicalType.Int64, Repetition = Repetition.Required,
    };

    public static TheoryData<string, string> Small => new()
    {
        { "FooterBytes", "the footer claims" },
        { "PageBytes", "bytes uncompressed, the most here is 100" },
        { "ListItems", "a list of" },
        { "StringBytes", "a string of" },
    };

    [Theory]
    [MemberData(nameof(Small))]
    public void A_file_that_asks_for_more_than_a_limit_is_refused(string limit, string expected)
    {
        Limits limits = limit switch
        {
            "FooterBytes" => new Limits { FooterBytes = 100 },
            "PageBytes" => new Limits { PageBytes = 100 },
            "ListItems" => new Limits { ListItems = 2 },
            _ => new Limits { StringBytes = 3 },
        };
        byte[] file = SampleFiles.All().ElementAt(1);
        Reading.ReadAll(file);

        Assert.Contains(expected, Refusal(file, limits), StringComparison.Ordinal);
    }

    [Fact]
    public void A_schema_may_nest_as_deep_as_the_limit_and_no_deeper()
    {
        foreach (int depth in (int[])[20, 70])
        {
            List<SchemaElement> elements = [Group(null)];
            elements.AddRange(Enumerable.Repeat(Group(Repetition.Required), depth));
            elements.Add(Long);
            byte[] file = File(elements, new byte[8], 1);
            if (depth < Limits.Default.NestingDepth)
            {
                Reading.ReadAll(file);
            }
            else
            {
                Assert.Contains("nested deeper than 64", Refusal(file, Limits.Default), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void A_page_header_may_not_grow_without_end()
    {
        ChunkStatistics statistics = new() { MinimumBytes = new byte[5000], MaximumBytes = new byte[5000] };
        byte[] file = File([Group(null), Long], new byte[8], 1, statistics);
        Reading.ReadAll(file);

        string refusal = Refusal(file, new Limits { PageHeaderBytes = 2000 });
        Assert.Contains("a page header of more than 2000 bytes", refusal, StringComparison.Ordinal);
        Assert.Contains("row group 0, column 'n', page 0", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_page_may_not_come_from_next_to_nothing()
    {
        byte[] file = File([Group(null), Long], new byte[20 << 20], (20 << 20) / 8);
        Assert.True(file.Length < 10_000);

        Assert.Contains("Limits.DecompressionRatio", Refusal(file, Limits.Default), StringComparison.Ordinal);
        Reading.ReadAll(file, Reading.WithLimits(new Limits { DecompressionRatio = 1_000_000 }));
    }

    [Fact]
    public void Text_that_repeats_a_long_entry_takes_no_more_than_a_batch_may()
    {
        const int RowCount = 60_000, TextBytes = 1 << 20;
        SchemaElement text = Long with { Name = "s", Physical = PhysicalType.ByteArray };
        List<SchemaElement> elements = [Group(null), text];
        PageHeader header = new()
        {
            Type = PageType.DictionaryPage, UncompressedSize = 0, CompressedSize = 0, ValueCount = 1,
        };

        // One entry of a mebibyte, and a run of its index for every row.
        ForgedPage dictionary = new(header, [0, 0, TextBytes >> 16, 0, .. new byte[TextBytes]]);
        ForgedPage data = new(
            header with { Type = PageType.DataPage, ValueCount = RowCount, Encoding = ParquetEncoding.RleDictionary },
            [0, 0xC0, 0xA9, 0x07]);
        byte[] file = File(elements, RowCount, dictionary, data);
        Assert.True(file.Length < 5_000);

        long before = GC.GetTotalAllocatedBytes();
        UnsupportedFeatureException refusal = Assert.Throws<UnsupportedFeatureException>(() => Reading.ReadAll(file));
        Assert.Contains("Limits.RepeatedBytes", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("row group 0, column 's'", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 100L << 20);
    }

    [Fact]
    public void A_run_of_levels_does_not_make_a_list_of_any_length()
    {
        // One row, a list of nulls: a repetition level of 0 and then of 1, one definition level for all.
        List<SchemaElement> elements = [.. LeafKinds.Schema((LeafKinds.Count / 4 * 3) + 1)];
        const int EntryCount = 1_000_000_000;
        PageHeader header = new()
        {
            Type = PageType.DataPage, UncompressedSize = 0, CompressedSize = 0, ValueCount = EntryCount,
        };
        byte[] first = [2, 0];
        byte[] rest = [.. Varint((EntryCount - 1) * 2L), 1];
        byte[] definition = [.. Varint(EntryCount * 2L), 2];
        byte[] file = File(elements, 1, new ForgedPage(
            header,
            [(byte)(first.Length + rest.Length), 0, 0, 0, .. first, .. rest, (byte)definition.Length, 0, 0, 0,
                .. definition]));

        long before = GC.GetTotalAllocatedBytes();
        UnsupportedFeatureException refusal = Assert.Throws<UnsupportedFeatureException>(
            () => Reading.ReadAll(file, Reading.WithLimits(new Limits { ListEntries = 1 << 20 })));
        Assert.Contains("Limits.ListEntries", refusal.Message, StringComparison.Ordinal);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 50L << 20);
    }

    [Fact]
    public void Commits_are_bounded()
    {
        byte[] commit = Encoding.UTF8.GetBytes(TableLog.FirstLines);
        Engine engine = Reading.WithLimits(new Limits { CommitBytes = 200 });

        CorruptFileException refusal = Assert.ThrowsAny<CorruptFileException>(
            () => TableLog.Open(TableLog.Store(TableLog.File(0, "json"), commit), engine));
        Assert.Contains("Limits.CommitBytes", refusal.Message, StringComparison.Ordinal);
    }

    private static string Refusal(byte[] file, Limits limits) =>
        Assert.Throws<CorruptFileException>(() => Reading.ReadAll(file, Reading.WithLimits(limits))).Message;

    private static List<byte> Varint(long number)
    {
        List<byte> bytes = [];
        for (; number >= 0x80; number >>= 7)
        {
            bytes.Add((byte)(number | 0x80));
        }

        bytes.Add((byte)number);
        return bytes;
    }

    private static SchemaElement Group(Repetition? repetition) =>
        new() { Name = "g", Repetition = repetition, ChildCount = 1 };

    private static byte[] File(
        List<SchemaElement> elements, byte[] values, int rowCount, ChunkStatistics? statistics = null)
    {
        PageHeader header = new()
        {
            Type = PageType.DataPage,
            UncompressedSize = 0,
            CompressedSize = 0,
            ValueCount = rowCount,
            Statistics = statistics,
        };
        return File(elements, rowCount, new ForgedPage(header, values));
    }

    private static byte[] File(List<SchemaElement> elements, int rowCount, params ForgedPage[] pages)
    {
        ForgedChunk chunk = new()
        {
            Leaf = SchemaTree.Build(elements, new Limits { NestingDepth = 1000 }).Leaves[0],
            Codec = CompressionCodec.Zstd,
            ValueCount = pages[^1].Header.ValueCount,
        };
        chunk.Pages.AddRange(pages);
        ForgedRowGroup group = new() { RowCount = rowCount };
        group.Chunks.Add(chunk);
        ForgedFile file = new() { Elements = elements };
        file.RowGroups.Add(group);
        return file.Build();
    }
}
