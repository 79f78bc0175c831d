using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Expressions;
using Polder.Sql;
using Polder.Sql.Planning;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>
/// The 17 tables that the recorded queries read, as Delta tables, made by running the SELECT of each CREATE TABLE.
/// </summary>
public sealed partial class SparkTables : IAsyncLifetime
{
    private readonly MemoryStore _warehouse = new();

    /// <summary>Tables whose SELECT is refused by name.</summary>
    public List<string> Missing { get; } = [];

    internal SqlSession Session(OptimizerRules rules = OptimizerRules.All) =>
        new(new SqlSessionOptions { Warehouse = _warehouse }) { Rules = rules };

    public async ValueTask InitializeAsync()
    {
        string script = File.ReadAllText(Corpus.Path("corpus", "spark-sql", "queries-setup.sql"));
        foreach (SqlStatement statement in SqlStatement.Split(script))
        {
            Match match = CreateTable().Match(statement.Text);
            Assert.True(match.Success, statement.Text);
            string name = match.Groups["name"].Value;
            if (name == "nest")
            {
                (DataType schema, RecordBatch batch) = NestedTable();
                await AddAsync(name, schema, new[] { batch }.ToAsyncEnumerable());
                continue;
            }

            try
            {
                StatementResult result = await Session().QueryAsync(match.Groups["select"].Value);
                await AddAsync(name, AsStored(result.Schema), result.Batches);
            }
            catch (QueryException exception) when (exception.Condition == QueryException.Unsupported)
            {
                Missing.Add(name);
            }
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Spark stores every column as nullable.
    private static DataType AsStored(DataType schema) => DataType.Struct(
        [.. schema.Fields.Select(field => new StructField(field.Name, field.Type))]);

    private async Task AddAsync(string name, DataType schema, IAsyncEnumerable<RecordBatch> rows)
    {
        DeltaTable table = await DeltaTable.CreateAsync(new PrefixedStore(_warehouse, new StorePath(name)), schema);
        await table.AppendAsync(rows);
    }

    // Its SELECT calls functions that are not there yet.
    private static (DataType Schema, RecordBatch Batch) NestedTable()
    {
        DataType pair = DataType.Struct(new StructField("a", DataType.Integer), new StructField("b", DataType.String));
        DataType item = DataType.Struct(
            new StructField("sku", DataType.String),
            new StructField("qty", DataType.Integer),
            new StructField("price", DataType.Decimal(8, 2)));
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Integer),
            new StructField("arr", DataType.Array(DataType.Integer)),
            new StructField("m", DataType.Map(DataType.String, DataType.Integer)),
            new StructField("s", pair),
            new StructField("items", DataType.Array(item)),
            new StructField("bin", DataType.Binary));
        object?[][] rows =
        [
            [1, Items(1, 2, 3), Pairs(("a", 1), ("b", 2)), Items(1, "x"),
                Items(Items("A", 2, (System.Int128)150), Items("B", 1, (System.Int128)1000)), new byte[] { 1, 2 }],
            [2, Items(3, null), Pairs(("a", null)), Items(null, "y"),
                Items(new object?[] { Items("A", 5, (System.Int128)140) }), System.Array.Empty<byte>()],
            [3, Items(), Pairs(), Items(3, null), Items(), new byte[] { 255 }],
            [4, null, null, null, null, null],
            [5, Items(5), Pairs(("c", 5)), Items(5, "x"), Items(null, Items(null, null, null)), new byte[] { 0 }],
        ];
        List<IArrowArray> columns = [];
        for (int column = 0; column < schema.Fields.Count; column++)
        {
            ColumnBuilder builder = ColumnBuilder.Create(schema.Fields[column].Type);
            foreach (object?[] row in rows)
            {
                builder.AppendValue(row[column]);
            }

            columns.Add(builder.Build());
        }

        return (schema, new RecordBatch(ArrowTypes.ToSchema(schema), columns, rows.Length));

        static object?[] Items(params object?[] items) => items;

        static (object?, object?)[] Pairs(params (object?, object?)[] pairs) => pairs;
    }

    [GeneratedRegex(@"^CREATE TABLE (?<name>\w+) USING DELTA AS (?<select>.*)$", RegexOptions.Singleline)]
    private static partial Regex CreateTable();
}
