using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Files;
using Polder.Fuzz.Forge;
using Polder.Parquet;
using Polder.Parquet.Format;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Columns;

namespace Polder.Tests.Parquet.Generated;

/// <summary>
/// A file of one column put together byte by byte: what no writer at hand makes any more, or yet, or rightly.
/// </summary>
internal sealed class GeneratedColumn
{
    private readonly List<ForgedPage> _pages = [];

    /// <summary>Makes a file of one leaf at the top.</summary>
    public GeneratedColumn(
        PhysicalType physical, LogicalType logical = default, int length = 0, bool isNullable = false)
        : this(
        [
            new SchemaElement
            {
                Name = "c",
                Physical = physical,
                TypeLength = length,
                Repetition = isNullable ? Repetition.Optional : Repetition.Required,
                Logical = logical,
            },
        ])
    {
    }

    /// <summary>Makes a file of one leaf, at the end of those elements.</summary>
    public GeneratedColumn(params SchemaElement[] elements)
    {
        Elements = [new SchemaElement { Name = "schema", ChildCount = 1 }, .. elements];
    }

    public List<SchemaElement> Elements { get; }

    public CompressionCodec Codec { get; init; }

    public List<KeyValuePair<string, string?>> KeyValues { get; init; } = [];

    public string? CreatedBy { get; init; }

    /// <summary>A list's schema around a leaf: optional list, repeated entry, optional leaf.</summary>
    public static SchemaElement[] ListOf(PhysicalType physical) =>
    [
        new SchemaElement
        {
            Name = "c", Repetition = Repetition.Optional, ChildCount = 1, Logical = new LogicalType(LogicalKind.List),
        },
        new SchemaElement { Name = "list", Repetition = Repetition.Repeated, ChildCount = 1 },
        new SchemaElement { Name = "element", Repetition = Repetition.Optional, Physical = physical },
    ];

    /// <summary>Adds a dictionary page.</summary>
    public GeneratedColumn Dictionary(
        int count, byte[] plain, ParquetEncoding encoding = ParquetEncoding.PlainDictionary)
    {
        _pages.Add(new ForgedPage(
            new PageHeader
            {
                Type = PageType.DictionaryPage,
                UncompressedSize = 0,
                CompressedSize = 0,
                ValueCount = count,
                Encoding = encoding,
            },
            plain));
        return this;
    }

    /// <summary>Adds a data page of version 1.</summary>
    /// <param name="count">Its slots.</param>
    /// <param name="encoding">The encoding of its values.</param>
    /// <param name="body">Levels and values.</param>
    /// <param name="levels">How levels are encoded.</param>
    public GeneratedColumn Page(
        int count, ParquetEncoding encoding, byte[] body, ParquetEncoding levels = ParquetEncoding.Rle)
    {
        _pages.Add(new ForgedPage(
            new PageHeader
            {
                Type = PageType.DataPage,
                UncompressedSize = 0,
                CompressedSize = 0,
                ValueCount = count,
                Encoding = encoding,
                DefinitionLevelEncoding = levels,
                RepetitionLevelEncoding = levels,
            },
            body));
        return this;
    }

    /// <summary>Adds a page whose header is made by the caller; sizes are mended.</summary>
    public GeneratedColumn Page(PageHeader header, byte[] body)
    {
        _pages.Add(new ForgedPage(header, body));
        return this;
    }

    /// <summary>The file.</summary>
    /// <param name="rowCount">Rows that it claims.</param>
    public byte[] Build(int rowCount)
    {
        ForgedChunk chunk = new()
        {
            Leaf = SchemaTree.Build(Elements, Limits.Default).Leaves[0],
            Codec = Codec,
            ValueCount = _pages.Where(page => page.Header.Type != PageType.DictionaryPage)
                .Sum(page => (long)page.Header.ValueCount),
            Pages = _pages,
        };
        ForgedFile file = new() { Elements = Elements, KeyValues = KeyValues, CreatedBy = CreatedBy };
        file.RowGroups.Add(new ForgedRowGroup { RowCount = rowCount, Chunks = { chunk } });
        return file.Build();
    }

    /// <summary>The rows that a reader finds, each as text.</summary>
    public Task<List<string>> ReadAsync(int rowCount) => ReadAsync(Build(rowCount));

    /// <summary>The rows of a file's first column, each as text, a few at a time.</summary>
    public static async Task<List<string>> ReadAsync(byte[] file)
    {
        MemoryStore store = new();
        StorePath path = new("generated.parquet");
        await store.PutAsync(path, file, PutMode.Create);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(new Engine(), store, path);
        List<string> rows = [];
        await foreach (RecordBatch batch in reader.ReadAsync(new ParquetReadOptions { BatchRows = 7 }))
        {
            DataType type = reader.Footer.Schema.Fields[0].Type;
            rows.AddRange(Enumerable.Range(0, batch.Length)
                .Select(row => RandomColumns.Show(ColumnValues.Get(batch.Column(0), row, type))));
        }

        return rows;
    }

    /// <summary>Levels or positions as one packed run of the hybrid encoding, without a length before it.</summary>
    public static byte[] Packed(int width, params int[] values)
    {
        int groups = (values.Length + 7) / 8;
        byte[] bytes = new byte[groups * width];
        for (int index = 0; index < values.Length; index++)
        {
            for (int bit = 0; bit < width; bit++)
            {
                int at = (index * width) + bit;
                bytes[at / 8] |= (byte)(((values[index] >> bit) & 1) << (at % 8));
            }
        }

        return [(byte)((groups << 1) | 1), .. bytes];
    }

    /// <summary>A part with its length before it, as levels of version 1 and booleans have.</summary>
    public static byte[] WithLength(byte[] bytes) => [.. BitConverter.GetBytes(bytes.Length), .. bytes];

    /// <summary>Byte arrays as PLAIN has them.</summary>
    public static byte[] PlainBytes(params byte[][] values) => [.. values.SelectMany(WithLength)];

    /// <summary>Values of one width as BYTE_STREAM_SPLIT has them.</summary>
    public static byte[] Split(params byte[][] values)
    {
        int width = values[0].Length;
        byte[] bytes = new byte[width * values.Length];
        for (int index = 0; index < values.Length; index++)
        {
            for (int at = 0; at < width; at++)
            {
                bytes[(at * values.Length) + index] = values[index][at];
            }
        }

        return bytes;
    }
}
