using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Files;
using Polder.Sql;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Benchmarks.Jobs;

/// <summary>SQL over a table, beside DuckDB over the very Parquet files of that table, one thread each.</summary>
internal static class QueryJobs
{
    private const string PricingSummaryText = """
        SELECT l_returnflag, l_linestatus, sum(l_quantity) AS sum_qty, sum(l_extendedprice) AS sum_base_price,
               sum(l_extendedprice * (1 - l_discount)) AS sum_disc_price,
               sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) AS sum_charge,
               avg(l_quantity) AS avg_qty, avg(l_extendedprice) AS avg_price, avg(l_discount) AS avg_disc,
               count(*) AS count_order
        FROM {0} WHERE l_shipdate <= DATE '1998-09-02'
        GROUP BY l_returnflag, l_linestatus ORDER BY l_returnflag, l_linestatus
        """;

    private const string DelayByOriginText = """
        SELECT origin, count(*) AS flights, avg(delay) AS delay FROM {0} GROUP BY origin ORDER BY flights DESC, origin
        """;

    /// <summary>The columns of lineitem.</summary>
    public static IReadOnlyList<string> LineitemColumns { get; } =
    [
        "l_orderkey", "l_partkey", "l_suppkey", "l_linenumber", "l_quantity", "l_extendedprice", "l_discount", "l_tax",
        "l_returnflag", "l_linestatus", "l_shipdate", "l_commitdate", "l_receiptdate", "l_shipinstruct", "l_shipmode",
        "l_comment",
    ];

    public static Job PricingSummary { get; } = new(
        "tpch-q1",
        "TPC-H query 1 over lineitem, one thread",
        Measure.Cpu,
        [
            new Side("Polder", inputs => QueryAsync(inputs, "lineitem", inputs.LineitemSnappy, PricingSummaryText, 9)),
            new Side("DuckDB", inputs => QueryWithDuckAsync(inputs, "lineitem", PricingSummaryText, 9)),
        ],
        new Target("DuckDB", 3.0));

    public static Job DelayByOrigin { get; } = new(
        "flights-group-by",
        "Flights: count and average delay by origin, one thread",
        Measure.Cpu,
        [
            new Side("Polder", inputs => QueryAsync(inputs, "flights", inputs.Flights, DelayByOriginText, 1)),
            new Side("DuckDB", inputs => QueryWithDuckAsync(inputs, "flights", DelayByOriginText, 1)),
        ],
        new Target("DuckDB", 3.0));

    // The checksum is the sum of a counting column: averages differ in type between the engines.
    private static async Task<string> QueryAsync(
        Inputs inputs, string table, string file, string text, int countColumn)
    {
        string warehouse = await WarehouseAsync(inputs, table, file);
        SqlSession session = new(new SqlSessionOptions
        {
            Engine = new Engine(new EngineOptions { Parallelism = 1 }),
            WarehousePath = warehouse,
        });
        long rowCount = 0;
        long counted = 0;
        await foreach (StatementResult result in session.ExecuteAsync(Fill(text, table)))
        {
            await foreach (RecordBatch batch in result.Batches)
            {
                rowCount += batch.Length;
                foreach (long value in ((Int64Array)batch.Column(countColumn)).Values)
                {
                    counted += value;
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{counted}");
    }

    private static async Task<string> QueryWithDuckAsync(Inputs inputs, string table, string text, int countColumn)
    {
        string file = table == "lineitem" ? inputs.LineitemSnappy : inputs.Flights;
        string warehouse = await WarehouseAsync(inputs, table, file);
        string answer = Duck.Execute(
            "SET threads=1", Fill(text, $"read_parquet('{warehouse}/{table}/*.parquet')"));
        string[] rows = answer.TrimEnd('\n').Split('\n');
        long counted = 0;
        foreach (string row in rows)
        {
            counted += long.Parse(row.Split('|')[countColumn], CultureInfo.InvariantCulture);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rows.Length}/{counted}");
    }

    private static string Fill(string text, string table) => text.Replace("{0}", table, StringComparison.Ordinal);

    // Made once; the warm-up run of the first side pays for it.
    private static async Task<string> WarehouseAsync(Inputs inputs, string table, string file)
    {
        string warehouse = Path.Combine(
            inputs.Scratch, string.Create(CultureInfo.InvariantCulture, $"warehouse-{inputs.LineitemCopies}x"));
        string folder = Path.Combine(warehouse, table);
        if (Directory.Exists(folder))
        {
            return warehouse;
        }

        LocalStore source = new(Path.GetDirectoryName(file)!);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, source, new StorePath(Path.GetFileName(file)));
        DeltaTable made = await DeltaTable.CreateAsync(folder, ArrowTypes.FromSchema(reader.Schema));
        await made.AppendAsync(reader.ReadAsync(new ParquetReadOptions()));
        return warehouse;
    }
}
