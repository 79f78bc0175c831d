using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Xunit;

namespace Polder.Tests.Parquet.Footer;

public sealed class FooterDecoderTests
{
    [Fact]
    public void Footers_of_the_corpus_decode_or_are_refused_by_name()
    {
        int decoded = 0, refused = 0;
        List<string> corrupt = [];
        foreach (string path in CorpusFiles())
        {
            try
            {
                ParquetFooter footer = Decode(File.ReadAllBytes(path));
                if (footer.RowCount != footer.RowGroups.Sum(group => group.RowCount))
                {
                    corrupt.Add($"{Path.GetFileName(path)}: {footer.RowCount} rows, groups disagree");
                }

                Assert.All(footer.RowGroups, group => Assert.Equal(footer.Schema.Leaves.Count, group.Columns.Count));
                decoded++;
            }
            catch (UnsupportedFeatureException)
            {
                refused++;
            }
            catch (CorruptFileException e)
            {
                corrupt.Add($"{Path.GetFileName(path)}: {e.Message}");
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{decoded} decoded, {refused} refused, {corrupt.Count} corrupt:\n{string.Join('\n', corrupt)}");
        Assert.True(decoded > 100, $"only {decoded} footers decoded");
    }

    [Fact]
    public void A_footer_of_many_columns_is_opened_without_decoding_those_nobody_asks_for()
    {
        const int LeafCount = 10_000;
        byte[] tail = WideFooter.Make(LeafCount, rowGroupCount: 4);
        ParquetFooter footer = FooterDecoder.Decode(tail, 1L << 40, Limits.Default, out _)!;
        long before = GC.GetAllocatedBytesForCurrentThread();
        ColumnChunkMetadata last = footer.RowGroups[3].Columns[LeafCount - 1];
        long one = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal((4 * LeafCount) - 1 + 4, last.DataPageOffset);
        Assert.Same(last, footer.RowGroups[3].Columns[LeafCount - 1]);
        Assert.InRange(one, 100, 2000);

        before = GC.GetAllocatedBytesForCurrentThread();
        long sum = footer.RowGroups.Sum(rowGroup => rowGroup.Columns.Sum(chunk => chunk.DataPageOffset));
        long all = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.Equal(Enumerable.Range(4, 4 * LeafCount).Sum(offset => (long)offset), sum);
        Assert.InRange(all, one * ((4 * LeafCount) - 1), 2 * one * 4 * LeafCount);
    }

    [Fact]
    public void Chunks_are_stepped_over_as_carefully_as_they_are_decoded()
    {
        byte[] tail = WideFooter.Make(30, rowGroupCount: 1);
        for (int cut = 1; cut < 300; cut++)
        {
            byte[] damaged = [.. tail.AsSpan(0, tail.Length - 8 - cut), .. tail.AsSpan(tail.Length - 8)];
            BitConverter.TryWriteBytes(damaged.AsSpan(damaged.Length - 8), damaged.Length - 8);
            Assert.Throws<CorruptFileException>(() => FooterDecoder.Decode(damaged, 1L << 40, Limits.Default, out _));
        }
    }

    [Fact]
    public void A_damaged_footer_is_corrupt_and_nothing_else()
    {
        Random random = new(20261124);
        foreach (string path in CorpusFiles().Where(path => new FileInfo(path).Length < 200_000))
        {
            byte[] file = File.ReadAllBytes(path);
            if (file.Length < 12)
            {
                continue;
            }

            int footerBytes = int.Min(BitConverter.ToInt32(file, file.Length - 8), file.Length - 12);
            for (int round = 0; round < 20 && footerBytes > 0; round++)
            {
                byte[] damaged = (byte[])file.Clone();
                int at = file.Length - 8 - footerBytes + random.Next(footerBytes);
                damaged[at] = (byte)random.Next(256);
                AssertOkOrCorrupt(damaged, path);
            }
        }
    }

    [Fact]
    public void A_truncated_footer_is_corrupt_and_nothing_else()
    {
        byte[] file = ReadCorpusFile("nested_structs");
        int footerBytes = BitConverter.ToInt32(file, file.Length - 8);
        for (int length = 0; length < footerBytes; length++)
        {
            byte[] cut = file.AsSpan(file.Length - 8 - footerBytes, length).ToArray();
            Assert.Throws<CorruptFileException>(() => FooterDecoder.DecodeMetadata(cut, 0, Limits.Default));
        }
    }

    [Fact]
    public void A_short_tail_asks_for_more()
    {
        byte[] file = ReadCorpusFile("alltypes_plain");
        Assert.Null(FooterDecoder.Decode(file.AsSpan(^8..), file.Length, Limits.Default, out int needed));
        ParquetFooter? footer = FooterDecoder.Decode(file.AsSpan(^needed..), file.Length, Limits.Default, out _);
        Assert.Equal(needed, footer!.SizeBytes);
    }

    [Fact]
    public void What_is_encoded_decodes_to_the_same()
    {
        int compared = 0;
        foreach (string path in CorpusFiles())
        {
            ParquetFooter footer;
            try
            {
                footer = Decode(File.ReadAllBytes(path));
            }
            catch (Exception e) when (e is CorruptFileException or UnsupportedFeatureException)
            {
                continue;
            }

            byte[] first = Encode(footer);
            byte[] second = Encode(FooterDecoder.DecodeMetadata(first, 0, Limits.Default));
            Assert.Equal(first, second);
            compared++;
        }

        Assert.True(compared > 100);
    }

    internal static ParquetFooter Decode(byte[] file)
    {
        ParquetFooter footer = FooterDecoder.Decode(file, file.Length, Limits.Default, out _)!;

        // Chunks are decoded where they are looked at: here, all of them.
        Assert.DoesNotContain(null, footer.RowGroups.SelectMany(rowGroup => rowGroup.Columns));
        return footer;
    }

    private static byte[] Encode(ParquetFooter footer)
    {
        using BufferBuilder target = new();
        FooterEncoder.EncodeMetadata(footer, target);
        return target.Span.ToArray();
    }

    private static void AssertOkOrCorrupt(byte[] file, string path)
    {
        try
        {
            ParquetFooter footer = Decode(file);
            _ = footer.Schema.Fields.Count(field => field.IsSupported);
        }
        catch (Exception e) when (e is CorruptFileException or UnsupportedFeatureException)
        {
            // Either is an answer; anything else fails the test with the path.
        }
        catch (Exception e)
        {
            Assert.Fail($"{path}: {e}");
        }
    }

    private static byte[] ReadCorpusFile(string namePart) =>
        File.ReadAllBytes(CorpusFiles().First(path => path.Contains(namePart, StringComparison.Ordinal)));

    private static IEnumerable<string> CorpusFiles() =>
        Directory.EnumerateFiles(Corpus.Path("corpus", "parquet"), "*.parquet*", SearchOption.AllDirectories)
            .Where(path => !path.EndsWith("json", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);
}
