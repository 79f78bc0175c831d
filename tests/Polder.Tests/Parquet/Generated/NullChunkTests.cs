using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Files;
using Polder.Fuzz.Forge;
using Polder.Parquet;
using Polder.Parquet.Format;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Columns;
using Polder.Tests.Files;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Parquet.Generated;

/// <summary>Columns of nothing but nulls: the footer says so, and no byte of them is read.</summary>
public sealed class NullChunkTests
{
    private const int RowCount = 500;

    [Theory]
    [InlineData(StringForm.Offsets)]
    [InlineData(StringForm.Dictionary)]
    [InlineData(StringForm.Views)]
    public async Task Nulls_of_every_type_are_there_without_a_read(StringForm form)
    {
        StructField[] nullable = [.. WriteValues.EveryType.Fields
            .Where(field => !field.Type.IsNested)
            .Select((field, index) => new StructField($"n{index}", field.Type))];
        DataType inner = DataType.Struct([.. nullable.Take(2)]);
        DataType schema = DataType.Struct(
        [
            new StructField("id", DataType.Integer, false), .. nullable,
            new StructField("nothing", inner), new StructField("empty", inner),
        ]);
        object?[][] columns =
        [
            [.. Enumerable.Range(0, RowCount).Cast<object?>()],
            .. nullable.Select(_ => new object?[RowCount]),
            new object?[RowCount],
            [.. Enumerable.Range(0, RowCount).Select(_ => new object?[2])],
        ];
        byte[] file = await WriteAsync(schema, columns);
        CountingStore store = new(file);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            new Engine(), store, CountingStore.Path);
        store.Reads.Clear();
        int row = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(
            new ParquetReadOptions { BatchRows = 64, Strings = form }))
        {
            for (int column = 1; column < batch.ColumnCount; column++)
            {
                IArrowArray array = batch.Column(column);
                bool isEmpty = schema.Fields[column].Name == "empty";
                Assert.Equal(isEmpty ? 0 : batch.Length, array.NullCount);
                Assert.All(
                    isEmpty ? ((StructArray)array).Fields : [],
                    part => Assert.Equal(batch.Length, part.NullCount));
            }

            Assert.Equal(
                Enumerable.Range(row, batch.Length),
                ((Int32Array)batch.Column("id")).Values.ToArray());
            row += batch.Length;
        }

        Assert.Equal(RowCount, row);
        long start = reader.Footer.RowGroups[0].Columns[0].StartOffset;
        long end = reader.Footer.RowGroups[0].Columns[0].EndOffset(file.Length);
        Assert.NotEmpty(store.Reads);
        Assert.All(store.Reads, read => Assert.True(read.Offset >= start && read.End <= end, $"{read}"));
    }

    [Fact]
    public async Task Of_what_Arrow_cpp_wrote_the_same_is_read()
    {
        using PeerReaders.TemporaryFolder folder = new();
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Integer), new StructField("s", DataType.String),
            new StructField("t", DataType.Struct(new StructField("x", DataType.Long))));
        object?[][] columns =
            [new object?[RowCount], new object?[RowCount],
                [.. Enumerable.Range(0, RowCount).Select(row => row % 2 == 0 ? null : new object?[1])]];
        RecordBatch batch = new(
            ArrowTypes.ToSchema(schema),
            schema.Fields.Select((field, index) =>
                RandomColumns.Build(field.Type, columns[index], new Random(1))),
            RowCount);
        using (ParquetSharp.Arrow.FileWriter writer = new(folder.File("a.parquet"), batch.Schema))
        {
            writer.WriteRecordBatch(batch);
            writer.Close();
        }

        CountingStore store = new(await File.ReadAllBytesAsync(folder.File("a.parquet")));
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            new Engine(), store, CountingStore.Path);
        await ArrowRows.SameAsArrowCppAsync(folder.File("a.parquet"), reader.ReadAsync());
    }

    [Theory]
    [InlineData(1L << 40, true)]
    [InlineData(20, false)]
    public async Task The_word_of_a_footer_alone_makes_no_rows(long rowCount, bool hasPage)
    {
        List<SchemaElement> elements = new GeneratedColumn(PhysicalType.Int32, isNullable: true).Elements;
        ForgedChunk chunk = new()
        {
            Leaf = SchemaTree.Build(elements, Limits.Default).Leaves[0],
            Codec = CompressionCodec.Uncompressed,
            ValueCount = rowCount,
            Statistics = new ChunkStatistics { NullCount = rowCount },
        };
        if (hasPage)
        {
            PageHeader header = new()
            {
                Type = PageType.DataPage, UncompressedSize = 0, CompressedSize = 0, ValueCount = 20,
            };
            chunk.Pages.Add(new ForgedPage(header, GeneratedColumn.WithLength([40, 0])));
        }

        ForgedFile file = new() { Elements = elements };
        file.RowGroups.Add(new ForgedRowGroup { RowCount = rowCount, Chunks = { chunk } });
        CorruptFileException damage = await Assert.ThrowsAsync<CorruptFileException>(
            () => GeneratedColumn.ReadAsync(file.Build()));
        Assert.Contains("the column ends after", damage.Message, StringComparison.Ordinal);
    }

    private static async Task<byte[]> WriteAsync(DataType schema, object?[][] columns)
    {
        MemoryStore store = new();
        StorePath path = new("nulls.parquet");
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            new Engine(), store, path, schema, ParquetWriteOptions.Default))
        {
            await writer.WriteAsync(new RecordBatch(
                ArrowTypes.ToSchema(schema),
                schema.Fields.Select((field, index) =>
                    RandomColumns.Build(field.Type, columns[index], new Random(1))),
                RowCount));
            await writer.CompleteAsync();
        }

        using BufferSlice body = await store.ReadAsync(path);
        return body.Span.ToArray();
    }
}
