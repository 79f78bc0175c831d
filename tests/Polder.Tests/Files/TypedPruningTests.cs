using System.Collections.Generic;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Variant;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>
/// Row groups are pruned by the typed columns of shredded variants, only where those hold all of a part, and never so
/// that a row is missed.
/// </summary>
public sealed class TypedPruningTests
{
    private const int GroupRows = 100;
    private const int GroupCount = 5;

    private static readonly DataType Part = DataType.Struct(
        new StructField("value", DataType.Binary), new StructField("typed_value", DataType.Integer));

    private static readonly DataType Schema = DataType.Struct(new StructField("v", DataType.Struct(
        new StructField("metadata", DataType.Binary, false),
        new StructField("value", DataType.Binary),
        new StructField("typed_value", DataType.Struct(
            new StructField("a", Part, false),
            new StructField("b", DataType.Struct(
                new StructField("value", DataType.Binary),
                new StructField("typed_value", DataType.Struct(new StructField("c", Part, false)))), false))))));

    [Theory]
    [InlineData("variant_get(v, '$.a', 'int') > 350", 3)]
    [InlineData("try_variant_get(v, '$.a', 'int') = 17", 4)]
    [InlineData("variant_get(v, '$.b.c', 'int') < -450 AND variant_get(v, '$.a', 'int') > 0", 4)]
    [InlineData("variant_get(v, '$.a', 'int') IS NULL", 0)]
    [InlineData("variant_get(v, '$.a', 'bigint') > 350", 0)]
    [InlineData("variant_get(v, '$.a', 'string') = '17'", 0)]
    [InlineData("variant_get(v, '$.z', 'int') > 350", 0)]
    [InlineData("variant_get(v, '$.b', 'string') IS NOT NULL", 0)]
    public async Task Typed_columns_tell_which_row_groups_match(string predicate, int skipped)
    {
        Assert.Equal(skipped, await CountSkippedAsync(predicate, strays: false));

        // One row whose part is no int keeps it in the value column: nothing is told of the part any more.
        int withStrays = predicate.Contains("$.b.c", System.StringComparison.Ordinal) ? skipped : 0;
        Assert.Equal(withStrays, await CountSkippedAsync(predicate, strays: true));
    }

    private static async Task<int> CountSkippedAsync(string text, bool strays)
    {
        await using ParquetFileReader reader = await WriteAsync(strays);
        ParquetField column = reader.Footer.Schema.Fields[0];
        text = strays ? text.Replace("try_", "").Replace("variant_get", "try_variant_get") : text;
        DataType table = DataType.Struct(new StructField("v", DataType.Variant));
        Expression predicate = ExpressionAnalyzer.Analyze(text, table);
        int skipped = 0;
        ParquetReadOptions pruned = new()
        {
            Variants = [column],
            Predicate = predicate,
            RowGroupSkipped = (_, _) => skipped++,
            SmallestIndexedBytes = 0,
        };
        Evaluator evaluator = Evaluator.Create(predicate);
        List<string> expected = await MatchesAsync(reader, new ParquetReadOptions { Variants = [column] }, evaluator);
        Assert.Equal(expected, await MatchesAsync(reader, pruned, evaluator));
        return skipped;
    }

    private static async Task<List<string>> MatchesAsync(
        ParquetFileReader reader, ParquetReadOptions options, Evaluator evaluator)
    {
        List<string> matches = [];
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            VariantColumn variants = VariantColumn.Of(batch.Column(0));
            BooleanArray truths = (BooleanArray)evaluator.Evaluate(batch);
            for (int row = 0; row < batch.Length; row++)
            {
                if (truths.GetValue(row) == true)
                {
                    matches.Add(variants.IsNull(row) ? "NULL" : variants[row].ToJson());
                }
            }
        }

        return matches;
    }

    private static async Task<ParquetFileReader> WriteAsync(bool strays)
    {
        MemoryStore store = new();
        Engine engine = new();
        StorePath path = new("shredded.parquet");
        ParquetWriteOptions options = new() { RowsPerRowGroup = GroupRows };
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            engine, store, path, Schema, options))
        {
            ColumnBuilder column = ColumnBuilder.Create(Schema.Fields[0].Type);
            VariantWriter keys = new();
            VariantJson.Parse("""{"a":1,"b":{"c":1},"z":true}"""u8, keys);
            byte[] metadata = keys.Metadata.ToArray();
            byte[] text = [.. "\u0015stray"u8];
            for (int row = 0; row < GroupRows * GroupCount; row++)
            {
                bool isStray = strays && row == 50;
                object?[] a = [isStray ? text : null, isStray ? null : row];
                object?[] c = [null, -row];
                object?[] typed = [a, new object?[] { null, new object?[] { c } }];
                column.AppendValue(row % 10 == 9 ? null : new object?[] { metadata, null, typed });
            }

            await writer.WriteAsync(new RecordBatch(
                ArrowTypes.ToSchema(Schema), [column.Build()], GroupRows * GroupCount));
            await writer.CompleteAsync();
        }

        return await ParquetFileReader.OpenAsync(engine, store, path);
    }
}
