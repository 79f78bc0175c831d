using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Apache.Arrow;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Columns.Variant;
using Polder.Delta;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Tables with variants: written, read back, and read by others.</summary>
public sealed class VariantTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("id", DataType.Integer),
        new StructField("v", DataType.Variant),
        new StructField("s", DataType.Struct(new StructField("inner", DataType.Array(DataType.Variant)))));

    private static readonly string[] Texts =
        ["""{"a":1,"b":[true,null,"é"]}""", "null", "\"text\"", "12345678901", "[[],{}]", "-1.50"];

    [Fact]
    public async Task Variants_come_back_as_they_went_in()
    {
        MemoryStore store = new();
        DeltaTable table = await DeltaTable.CreateAsync(store, Schema);
        await table.AppendAsync(Rows());

        Snapshot snapshot = await (await DeltaTable.OpenAsync(store)).SnapshotAsync();

        Assert.Contains("variantType", snapshot.Protocol.ReaderFeatures!);
        Assert.Contains("variantType", snapshot.Protocol.WriterFeatures!);
        Assert.Equal(DataType.Variant, snapshot.Schema.Fields[1].Type);
        Assert.Equal(
            RowLines.Format(await Rows().SingleAsync(), Schema).Order(StringComparer.Ordinal),
            await RowLines.ReadAsync(snapshot.Scan()));
    }

    [Fact]
    public async Task Duckdb_reads_the_variants_that_are_written()
    {
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path, Schema);
        await table.AppendAsync(Rows());
        using DuckDBConnection duck = new("DataSource=:memory:");
        duck.Open();
        using DuckDBCommand command = duck.CreateCommand();
        command.CommandText =
            $"SELECT id, CAST(CAST(v AS JSON) AS VARCHAR) FROM read_parquet('{folder.Path}/*.parquet') ORDER BY id";
        using DuckDBDataReader reader = command.ExecuteReader();
        List<string> read = [];
        while (reader.Read())
        {
            read.Add(reader.IsDBNull(1) ? "NULL" : Convert.ToString(reader.GetValue(1), CultureInfo.InvariantCulture)!);
        }

        // DuckDB does not tell its JSON null of a variant null.
        string[] expected = [.. Texts.Select(text => text == "-1.50" ? "-1.5" : text), "null"];
        Assert.Equal(expected, read.Select(
            text => text.Replace(" ", "", StringComparison.Ordinal).Replace(".50", ".5", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_variant_is_not_added_to_a_table_without_the_feature()
    {
        MemoryStore store = new();
        DataType schema = DataType.Struct(new StructField("id", DataType.Integer));
        DeltaTable table = await DeltaTable.CreateAsync(store, schema);

        UnsupportedFeatureException exception = await Assert.ThrowsAsync<UnsupportedFeatureException>(
            () => table.AppendAsync(Rows(), new WriteOptions { SchemaMode = SchemaMode.Merge }));

        Assert.Equal("variantType", exception.Feature);
    }

    private static IAsyncEnumerable<RecordBatch> Rows()
    {
        List<object?[]> rows = [];
        VariantWriter writer = new();
        foreach (string text in Texts)
        {
            writer.Clear();
            VariantJson.Parse(Encoding.UTF8.GetBytes(text), writer);
            object?[] variant = [writer.Metadata.ToArray(), writer.Value.ToArray()];
            rows.Add([rows.Count, variant, new object?[] { new object?[] { variant, null } }]);
        }

        rows.Add([rows.Count, null, null]);
        return TestRows.Stream(Schema, [.. rows]);
    }
}
