using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>What a reader can ask for besides names: fields by id, text that must be text.</summary>
public sealed class ReadOptionsTests
{
    private static readonly DataType Schema = DataType.Struct(
        Field("a", 1, DataType.Integer),
        Field("s", 2, DataType.Struct(
            Field("x", 3, DataType.String), Field("y", 4, DataType.Struct(Field("z", 5, DataType.Long))))),
        Field("l", 6, DataType.Array(DataType.Struct(
            Field("p", 7, DataType.Integer), Field("q", 8, DataType.Long)))),
        new StructField("none", DataType.Integer));

    [Theory]
    [InlineData(new[] { 1 }, "struct<a:int>")]
    [InlineData(new[] { 5 }, "struct<s:struct<y:struct<z:bigint>>>")]
    [InlineData(new[] { 8, 1, 3 }, "struct<l:array<struct<q:bigint>>,a:int,s:struct<x:string>>")]
    [InlineData(new[] { 2 }, "struct<s:struct<x:string,y:struct<z:bigint>>>")]
    public async Task Fields_are_found_by_id_however_deep(int[] ids, string expected)
    {
        await using ParquetFileReader reader = await OpenAsync(Row());
        List<RecordBatch> batches = await reader.ReadAsync(new ParquetReadOptions { FieldIds = ids }).ToListAsync();
        Assert.Equal(expected, ArrowTypes.FromSchema(batches.Single().Schema).ToString());
        Assert.Equal(1, batches.Single().Length);
    }

    [Fact]
    public async Task Names_come_before_ids_and_an_id_of_nobody_is_misuse()
    {
        await using ParquetFileReader reader = await OpenAsync(Row());
        ParquetReadOptions both = new() { Columns = ["none"], FieldIds = [7] };
        RecordBatch batch = await reader.ReadAsync(both).SingleAsync();
        Assert.Equal("struct<none:int,l:array<struct<p:int>>>", ArrowTypes.FromSchema(batch.Schema).ToString());
        await Assert.ThrowsAsync<ArgumentException>(
            () => reader.ReadAsync(new ParquetReadOptions { FieldIds = [99] }).ToListAsync().AsTask());
    }

    [Theory]
    [InlineData(new byte[] { 0xC3, 0x28 })]
    [InlineData(new byte[] { 0xFF })]
    [InlineData(new byte[] { 0x61, 0xC3 })]
    public async Task Text_that_is_none_is_damage_only_where_that_is_asked(byte[] bytes)
    {
        DataType schema = DataType.Struct(new StructField("t", DataType.String));
        BytesBuilder text = (BytesBuilder)ColumnBuilder.Create(DataType.String);
        text.Append("grüße"u8);
        text.AppendNull();
        text.Append(bytes);

        // Half a character at the end of one string and the rest of it in the next is no text either.
        text.Append(bytes[^1] == 0xC3 ? [0xA9] : []);
        RecordBatch batch = new(ArrowTypes.ToSchema(schema), [text.Build()], 4);
        await using ParquetFileReader reader = await OpenAsync(schema, batch);

        RecordBatch read = await reader.ReadAsync().SingleAsync();
        Assert.Equal(bytes, ((BinaryArray)read.Column(0)).GetBytes(2).ToArray());
        CorruptFileException exception = await Assert.ThrowsAsync<CorruptFileException>(
            () => reader.ReadAsync(new ParquetReadOptions { ChecksText = true }).ToListAsync().AsTask());
        Assert.Contains("'t' holds a string that is not UTF-8", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(39, 0)]
    [InlineData(45, 44)]
    [InlineData(76, 10)]
    public async Task Decimals_of_more_digits_than_sparks_come_as_arrow_has_them(int precision, int scale)
    {
        using TemporaryFolder folder = new();
        string path = System.IO.Path.Combine(folder.Path, "wide.parquet");
        Decimal256Type type = new(precision, scale);
        BigInteger most = BigInteger.Pow(10, precision) - 1;
        BigInteger[] values = [0, 1, -1, most, -most, most / 3, -(most / 7), BigInteger.Pow(2, 127), -1 << 20];
        byte[] bytes = new byte[values.Length * 32];
        for (int row = 0; row < values.Length; row++)
        {
            Span<byte> place = bytes.AsSpan(row * 32, 32);
            place.Fill(values[row] < 0 ? (byte)0xFF : (byte)0);
            Assert.True(values[row].TryWriteBytes(place, out _));
        }

        Decimal256Array array = new(new ArrayData(
            type, values.Length, 1, 0, [new ArrowBuffer(new byte[] { 0xFE, 0xFF }), new ArrowBuffer(bytes)]));
        Schema schema = new([new Field("d", type, true)], null);
        using (ParquetSharp.Arrow.FileWriter writer = new(path, schema))
        {
            writer.WriteRecordBatch(new RecordBatch(schema, [array], values.Length));
            writer.Close();
        }

        LocalStore store = new(folder.Path);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            new Engine(), store, new StorePath("wide.parquet"));
        RecordBatch read = await reader.ReadAsync().SingleAsync();
        DataType wide = DataType.WideDecimal(precision, scale);
        Assert.Equal(wide, reader.Footer.Schema.Fields[0].Type);
        Assert.True(read.Column(0).IsNull(0));
        Assert.Equal(values[1..], Enumerable.Range(1, values.Length - 1).Select(
            row => (BigInteger)ColumnValues.Get(read.Column(0), row, wide)!));
        await ArrowRows.SameAsArrowCppAsync(path, reader.ReadAsync());
    }

    private static StructField Field(string name, int id, DataType type) =>
        new(name, type, metadata: new Dictionary<string, string> { ["parquet.field.id"] = $"{id}" });

    private static RecordBatch Row()
    {
        List<ColumnBuilder> columns = [.. Schema.Fields.Select(field => ColumnBuilder.Create(field.Type))];
        columns[0].AppendValue(1);
        columns[1].AppendValue(new object?[] { "x", new object?[] { 5L } });
        columns[2].AppendValue(new object?[] { new object?[] { 7, 8L } });
        columns[3].AppendValue(null);
        return new RecordBatch(ArrowTypes.ToSchema(Schema), columns.Select(column => column.Build()), 1);
    }

    private static Task<ParquetFileReader> OpenAsync(RecordBatch batch) => OpenAsync(Schema, batch);

    private static async Task<ParquetFileReader> OpenAsync(DataType schema, RecordBatch batch)
    {
        MemoryStore store = new();
        Engine engine = new();
        StorePath path = new("file.parquet");
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            engine, store, path, schema, new ParquetWriteOptions()))
        {
            await writer.WriteAsync(batch);
            await writer.CompleteAsync();
        }

        return await ParquetFileReader.OpenAsync(engine, store, path);
    }
}
