using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Execution;
using Polder.Expressions;
using Polder.Sql;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>How names and versions lead to tables, and what reaches their scans.</summary>
public sealed class WarehouseTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("id", DataType.Integer), new StructField("name", DataType.String));

    private readonly MemoryStore _store = new();

    private SqlSession Session => new(new SqlSessionOptions { Warehouse = _store });

    [Theory]
    [InlineData("t")]
    [InlineData("T")]
    [InlineData("`t`")]
    [InlineData("default.t")]
    [InlineData("spark_catalog.default.t")]
    [InlineData("delta.`t`")]
    public async Task A_table_is_found_by_its_name(string name)
    {
        await AppendAsync("t", 1, 2);
        Assert.Equal(["[1]", "[2]"], await RowsAsync($"SELECT id FROM {name} ORDER BY 1"));
    }

    [Fact]
    public async Task A_folder_before_the_name_is_a_folder_of_the_warehouse()
    {
        await AppendAsync("sales/orders", 7);
        Assert.Equal(["[7]"], await RowsAsync("SELECT sales.orders.id FROM Sales.Orders"));
    }

    [Fact]
    public async Task A_local_table_is_found_by_its_path()
    {
        using TemporaryFolder folder = new();
        DeltaTable table = await DeltaTable.CreateAsync(folder.Path + "/t", Schema);
        await table.AppendAsync(Rows(3));
        SqlSession session = new(new SqlSessionOptions { WarehousePath = folder.Path });
        Assert.Equal("[3]", (await SqlAnswer.OfAsync(session, "SELECT id FROM t")).Rows.Single().ToJsonString());
        Assert.Equal("[3]", (await SqlAnswer.OfAsync(
            new SqlSession(), $"SELECT id FROM delta.`{folder.Path}/t`")).Rows.Single().ToJsonString());
    }

    [Theory]
    [InlineData("SELECT * FROM nosuch", "TABLE_OR_VIEW_NOT_FOUND", 14, 6)]
    [InlineData("SELECT * FROM no.such.table", "TABLE_OR_VIEW_NOT_FOUND", 14, 13)]
    [InlineData("SELECT * FROM `..`.x", "TABLE_OR_VIEW_NOT_FOUND", 14, 6)]
    [InlineData("SELECT * FROM delta.`no/such`", "PATH_NOT_FOUND", 14, 15)]
    [InlineData("SELECT id FROM t VERSION AS OF 7", "DELTA_VERSION_NOT_FOUND", 15, 17)]
    [InlineData("SELECT id,\n  nam FROM t", "UNRESOLVED_COLUMN.WITH_SUGGESTION", 13, 3)]
    public async Task A_name_that_leads_nowhere_is_an_error_at_its_place(
        string sql, string condition, int start, int length)
    {
        await AppendAsync("t", 1);
        QueryException exception = await Assert.ThrowsAsync<QueryException>(() => Session.QueryAsync(sql));
        Assert.Equal(condition, exception.Condition);
        Assert.Equal(new TextSpan(start, length), exception.Span);
    }

    [Fact]
    public async Task A_table_is_read_at_the_version_asked_for()
    {
        DeltaTable table = await AppendAsync("t", 1);
        Snapshot before = await table.SnapshotAsync();
        await Task.Delay(20);
        await AppendAsync("t", 2);
        Assert.Equal(["[2]"], await RowsAsync("SELECT count(*) FROM t"));
        Assert.Equal(["[1]"], await RowsAsync("SELECT count(*) FROM t VERSION AS OF 1"));
        Assert.Equal(["[0]"], await RowsAsync("SELECT count(*) FROM t FOR SYSTEM_VERSION AS OF '0'"));
        string time = before.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff");
        Assert.Equal(["[1]"], await RowsAsync($"SELECT count(*) FROM t TIMESTAMP AS OF '{time}'"));
        Assert.Equal(["[1]"], await RowsAsync($"SELECT count(*) FROM t TIMESTAMP AS OF TIMESTAMP '{time}'"));
        Assert.Equal(["[2,1]"], await RowsAsync(
            "SELECT a.id, b.id FROM t a LEFT ANTI JOIN t VERSION AS OF 1 b USING (id)" +
            " CROSS JOIN t VERSION AS OF 1 b"));
    }

    [Fact]
    public async Task Conditions_and_columns_reach_the_scan()
    {
        await AppendAsync("t", 1, 2);
        await AppendAsync("t", 10, 20);
        TableScan scan = Scans(await Session.PlanAsync(
            "SELECT count(*) FROM (SELECT id + 0 AS x, name FROM t) WHERE x > 5 AND name IS NOT NULL")).Single();
        Assert.Empty(scan.Schema.Fields);
        scan = Scans(await Session.PlanAsync(
            "SELECT a.name FROM t a JOIN t b ON a.id = b.id WHERE b.id >= 10")).First();
        Assert.Equal(["id", "name"], scan.Schema.Fields.Select(field => field.Name).Order());
        Assert.StartsWith("1 of 2 files", scan.Explain());
    }

    [Fact]
    public async Task Rows_of_the_program_have_the_name_it_gives_them()
    {
        DeltaTable table = await AppendAsync("t", 1, 2, 3);
        SqlSession session = Session;
        session.Register("late", table.Scan().Where($"id > {1}"));
        SqlAnswer answer = await SqlAnswer.OfAsync(
            session, "SELECT l.name, t.id FROM Late l JOIN t USING (id) WHERE l.id < 3");
        Assert.Equal(["""["row 2",2]"""], answer.Rows.Select(row => row.ToJsonString()));
    }

    [Theory]
    [InlineData("10", "[10,45]")]
    [InlineData("3, 6", "[3,12]")]
    [InlineData("9, 0, -4", "[3,15]")]
    [InlineData("5, 5", "[0,null]")]
    [InlineData("3000000", "[3000000,4499998500000]")]
    public async Task A_range_has_the_numbers_from_its_start_to_before_its_end(string arguments, string row) =>
        Assert.Equal([row], await RowsAsync($"SELECT count(*), sum(id) FROM range({arguments})"));

    [Theory]
    [InlineData("SELECT id FROM (SELECT id, id, name FROM t)", "[1]")]
    [InlineData("SELECT max(id) AS x FROM (SELECT id, 5 AS x, 6 AS x FROM t) GROUP BY id HAVING x > 0", "[1]")]
    [InlineData("SELECT count(*) FROM (SELECT id AS all FROM t) GROUP BY all", "[1]")]
    [InlineData("WITH a AS (SELECT id FROM t) SELECT id FROM a WHERE id IN (WITH b AS (TABLE a) TABLE b)", "[1]")]
    public async Task Names_mean_what_they_mean_to_Spark(string sql, string row)
    {
        await AppendAsync("t", 1);
        Assert.Equal([row], await RowsAsync(sql));
    }

    [Fact]
    public async Task Statements_of_a_script_run_one_after_the_other_until_one_fails()
    {
        await AppendAsync("t", 1);
        List<string> seen = [];
        QueryException exception = await Assert.ThrowsAsync<QueryException>(async () =>
        {
            await foreach (StatementResult result in Session.ExecuteAsync("SELECT 1; SELECT x FROM t; SELECT 2"))
            {
                seen.Add(result.Statement.Text);
            }
        });
        Assert.Equal(["SELECT 1"], seen);
        Assert.Equal(17, exception.Span.Start);
    }

    [Fact]
    public async Task A_chain_of_thousands_of_unions_runs()
    {
        string sql = string.Join(" UNION ALL ", Enumerable.Range(0, 2000).Select(number => $"SELECT {number} AS n"));
        Assert.Equal(["[1999000]"], await RowsAsync($"SELECT sum(n) FROM ({sql})"));
    }

    private static IEnumerable<TableScan> Scans(PlanNode plan) => plan is ScanNode { Source: TableScan scan }
        ? [scan] : plan.Inputs.SelectMany(Scans);

    private static IAsyncEnumerable<RecordBatch> Rows(params int[] ids)
    {
        ColumnBuilder id = ColumnBuilder.Create(DataType.Integer);
        ColumnBuilder name = ColumnBuilder.Create(DataType.String);
        foreach (int value in ids)
        {
            id.AppendValue(value);
            name.AppendValue($"row {value}");
        }

        RecordBatch batch = new(ArrowTypes.ToSchema(Schema), [id.Build(), name.Build()], ids.Length);
        return new[] { batch }.ToAsyncEnumerable();
    }

    private async Task<DeltaTable> AppendAsync(string folder, params int[] ids)
    {
        PrefixedStore store = new(_store, new StorePath(folder));
        DeltaTable table;
        try
        {
            table = await DeltaTable.OpenAsync(store);
        }
        catch (TableNotFoundException)
        {
            table = await DeltaTable.CreateAsync(store, Schema);
        }

        await table.AppendAsync(Rows(ids));
        return table;
    }

    private async Task<List<string>> RowsAsync(string sql) =>
        [.. (await SqlAnswer.OfAsync(Session, sql)).Rows.Select(row => row.ToJsonString())];
}
