using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Polder.Columns.Rows;
using Polder.Delta;
using Polder.Files;
using Polder.Storage.Memory;
using Polder.Tests.Columns.Rows;
using Xunit;

namespace Polder.Tests.Delta;

[PolderRow]
public partial record Departure([PolderColumn("origin")] string From, int? Delay);

[PolderRow]
public partial record Wide(string Origin, long? Delay, List<string>? Notes);

[PolderRow]
public partial record Wrong(string Origin, bool Delay);

[PolderRow]
public partial record Missing(string Origin, int Seats);

/// <summary>Own types in and out of tables and files.</summary>
public sealed class OwnRowsTests
{
    private static readonly Flight[] Flights =
    [
        new(new DateTime(2001, 3, 1), "SEA", "DEN", 90),
        new(new DateTime(2001, 3, 2), "SEA", "SFO", null),
        new(new DateTime(2001, 3, 3), "DEN", "SEA", 10),
    ];

    private readonly MemoryStore _store = new();

    [Fact]
    public async Task Rows_appended_to_a_table_come_back_as_rows()
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Flight>(_store);
        CommitResult result = await table.AppendAsync(Flights);
        Assert.Equal(1, result.Version);
        await table.AppendAsync(Flights.Take(1).ToAsyncEnumerable());
        Assert.Equal(
            Flights.Append(Flights[0]).Order(Comparer<Flight>.Create(Compare)),
            (await ToListAsync(table.Scan<Flight>())).Order(Comparer<Flight>.Create(Compare)));
        DeltaTable again = await DeltaTable.OpenOrCreateAsync<Flight>(_store);
        await again.OverwriteAsync(Flights.Skip(2));
        Assert.Equal([Flights[2]], await ToListAsync(again.Scan<Flight>()));
        Assert.Equal(3, (await ToListAsync((await again.SnapshotAsync(version: 1)).Scan<Flight>())).Count);
    }

    [Fact]
    public async Task The_row_type_is_the_projection_and_predicates_may_name_other_columns()
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Flight>(_store);
        await table.AppendAsync(Flights);
        string home = "SEA";
        TableScan<Departure> late = table.Scan<Departure>().Where($"destination = {"DEN"} AND origin = {home}");
        Assert.Equal([new Departure("SEA", 90)], await ToListAsync(late));
        Assert.Equal(["Origin", "Delay"], late.AsBatches().Schema.Fields.Select(field => field.Name));
        List<Wide> wide = await ToListAsync(table.Scan<Wide>().Where($"delay > {0}"));
        Assert.Equal([90L, 10L], wide.Select(row => row.Delay!.Value));
        Assert.All(wide, row => Assert.Null(row.Notes));
    }

    [Fact]
    public async Task Columns_that_do_not_fit_are_said_before_anything_is_read()
    {
        DeltaTable table = await DeltaTable.OpenOrCreateAsync<Flight>(_store);
        RowMismatchException wrong = Assert.Throws<RowMismatchException>(table.Scan<Wrong>);
        Assert.Equal(
            "the column's values do not fit the member (column Delay: int, member Wrong.Delay: bool)", wrong.Message);
        RowMismatchException missing = Assert.Throws<RowMismatchException>(table.Scan<Missing>);
        Assert.Equal(
            "there is no such column, and the member may not be null " +
            "(column Seats: missing, member Missing.Seats: int)",
            missing.Message);
        await Assert.ThrowsAsync<RowMismatchException>(() => DeltaTable.OpenOrCreateAsync<Wrong>(_store));
        await Assert.ThrowsAsync<SchemaMismatchException>(() => table.AppendAsync([new Wrong("SEA", true)]));
    }

    [Fact]
    public async Task Rows_written_to_a_file_are_what_DuckDB_reads_and_come_back()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "orders.parquet");
        RandomRows random = new(5);
        Order[] orders = random.Many(random.Order, 300);
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync<Order>(path))
        {
            await writer.WriteAsync(orders.Take(200));
            await writer.WriteAsync(orders.Skip(200).ToAsyncEnumerable());
            await writer.CompleteAsync();
        }

        await using ParquetFile file = await ParquetFile.OpenAsync(path);
        List<Order> read = await file.Read<Order>().AsAsyncEnumerable().ToListAsync();
        Assert.Equal(orders.Select(RandomRows.Text), read.Select(RandomRows.Text));
        Assert.Equal(
            [
                orders.Sum(order => order.Items.Length), orders.Count(order => order.Maybe is null),
                orders.Sum(order => order.Pages.Sum(page => page.Count)),
                orders.Sum(order => order.Tags.Values.Count(value => value is null)),
            ],
            Ask($"""
                SELECT sum(len("Items")), count(*) FILTER ("Maybe" IS NULL), sum(len(flatten("Pages"))),
                       sum(len(list_filter(map_values("Tags"), lambda v: v IS NULL)))
                FROM '{path}'
                """));
        Assert.Equal(
            orders.SelectMany(order => order.Items).Sum(item => (long)item.Count),
            Ask($"SELECT sum(item.\"Count\") FROM (SELECT unnest(\"Items\") AS item FROM '{path}')")[0]);
    }

    [Fact]
    public async Task A_file_without_the_columns_of_a_row_type_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = Path.Combine(folder.Path, "flights.parquet");
        await using (ParquetFileWriter writer = await ParquetFileWriter.CreateAsync<Flight>(path))
        {
            await writer.WriteAsync(Flights);
            await writer.CompleteAsync();
        }

        await using ParquetFile file = await ParquetFile.OpenAsync(path);
        List<Departure> departures = await file.Read<Departure>().AsAsyncEnumerable().ToListAsync();
        Assert.Equal([90, null, 10], departures.Select(row => row.Delay));
        await Assert.ThrowsAsync<RowMismatchException>(
            async () => await file.Read<Missing>().AsAsyncEnumerable().ToListAsync());
    }

    private static int Compare(Flight? left, Flight? right) =>
        string.CompareOrdinal($"{left!.Date:O}", $"{right!.Date:O}");

    private static async Task<List<T>> ToListAsync<T>(TableScan<T> scan)
        where T : IPolderRow<T>
    {
        List<T> rows = [];
        await foreach (T row in scan.WithCancellation(TestContext.Current.CancellationToken))
        {
            rows.Add(row);
        }

        return rows;
    }

    private static long[] Ask(string query)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = query;
        using DuckDBDataReader reader = command.ExecuteReader();
        Assert.True(reader.Read());
        return
        [
            .. Enumerable.Range(0, reader.FieldCount).Select(index => (long)Convert.ToDecimal(
                reader.GetValue(index) is System.Numerics.BigInteger big ? (decimal)big : reader.GetValue(index))),
        ];
    }
}
