using System;
using System.IO;
using System.Linq;
using Polder.Bytes;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Format;
using Polder.Tests.Parquet.Footer;
using Xunit;

namespace Polder.Tests.Parquet.Format;

/// <summary>Damaged headers and indexes decode or are corrupt; nothing else happens.</summary>
public sealed class DamagedThriftTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Damaged_headers_and_indexes_are_corrupt_and_nothing_else(int seed)
    {
        Random random = new(seed);
        string path = Corpus.Path("data", "flights-3m.parquet");
        byte[] file = File.ReadAllBytes(path);
        ColumnChunkMetadata chunk = FooterDecoderTests.Decode(file).RowGroups[0].Columns[0];
        byte[] header = file.AsSpan((int)chunk.StartOffset, 64).ToArray();
        byte[] columnIndex = Index(writer => writer.EncodeColumnIndex);
        byte[] offsetIndex = Index(writer => writer.EncodeOffsetIndex);
        for (int round = 0; round < 20_000; round++)
        {
            Try(() => PageHeader.TryDecode(Damaged(random, header), Limits.Default, 0, out _));
            Try(() => ColumnIndex.Decode(Damaged(random, columnIndex), Limits.Default, 0));
            Try(() => OffsetIndex.Decode(Damaged(random, offsetIndex), Limits.Default, 0));
        }
    }

    private delegate void Encode(ref CompactWriter writer);

    private static byte[] Index(Func<Indexes, Encode> choose)
    {
        using BufferBuilder target = new();
        CompactWriter writer = new(target);
        choose(new Indexes())(ref writer);
        return target.Span.ToArray();
    }

    private static byte[] Damaged(Random random, byte[] bytes)
    {
        byte[] damaged = [.. bytes.Take(random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length)];
        for (int flips = random.Next(1, 4); flips > 0 && damaged.Length > 0; flips--)
        {
            damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
        }

        return damaged;
    }

    private static void Try(Action decode)
    {
        try
        {
            decode();
        }
        catch (CorruptFileException)
        {
            // The right answer to damage; any other exception fails the test.
        }
    }

    private sealed class Indexes
    {
        private readonly Polder.Parquet.Write.PageIndexBuilder _builder = new();

        public Indexes()
        {
            for (int page = 0; page < 20; page++)
            {
                _builder.Add(new(page * 100, 100), page * 10, 10, 1, new([(byte)page], [(byte)(page + 1)]), 5);
            }
        }

        public void EncodeColumnIndex(ref CompactWriter writer) =>
            _builder.EncodeColumnIndex(ref writer, (left, right) => left[0] - right[0]);

        public void EncodeOffsetIndex(ref CompactWriter writer) => _builder.EncodeOffsetIndex(ref writer, 4);
    }
}
