using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Delta;
using Polder.Files;
using Polder.Sql;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Storage.Memory;
using Polder.Storage.Wrappers;
using Xunit;

namespace Polder.Tests.Sql;

/// <summary>Three million real rows against DuckDB on the file itself.</summary>
public sealed class FlightsTests
{
    [Fact]
    public async Task Flights_and_delays_by_origin_are_what_DuckDB_computes_on_the_file()
    {
        MemoryStore warehouse = new();
        LocalStore data = new(Corpus.Path("data"));
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, data, new StorePath("flights-3m.parquet"));
        DataType file = ArrowTypes.FromSchema(reader.Schema);
        DataType schema = DataType.Struct(file.Fields[file.IndexOf("origin")], file.Fields[file.IndexOf("delay")]);
        DeltaTable table = await DeltaTable.CreateAsync(
            new PrefixedStore(warehouse, new StorePath("flights")), schema);
        await table.AppendAsync(reader.ReadAsync(new ParquetReadOptions
        {
            Columns = [schema.Fields[0].Name, schema.Fields[1].Name],
        }));

        SqlAnswer answer = await SqlAnswer.OfAsync(
            new SqlSession(new SqlSessionOptions { Warehouse = warehouse }),
            "SELECT origin, count(*), avg(delay) FROM flights GROUP BY origin ORDER BY origin");
        Dictionary<string, (long Count, double? Average)> expected = ByDuckDb();
        Assert.Equal(expected.Count, answer.Rows.Count);
        foreach (JsonArray row in answer.Rows)
        {
            (long count, double? average) = expected[(string)row[0]!];
            Assert.Equal(count, (long)row[1]!);
            double? difference = average is null ? 0 : Math.Abs((double)row[2]! - average.Value);
            Assert.True(average is null == row[2] is null && difference < 1e-9, row.ToJsonString());
        }
    }

    private static Dictionary<string, (long Count, double? Average)> ByDuckDb()
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = "SELECT origin, count(*), avg(delay) FROM read_parquet($file) GROUP BY origin";
        command.Parameters.Add(new DuckDBParameter("file", Corpus.Path("data", "flights-3m.parquet")));
        using DuckDBDataReader rows = command.ExecuteReader();
        Dictionary<string, (long Count, double? Average)> found = [];
        while (rows.Read())
        {
            found.Add(rows.GetString(0), (rows.GetInt64(1), rows.IsDBNull(2) ? null : rows.GetDouble(2)));
        }

        return found;
    }
}
