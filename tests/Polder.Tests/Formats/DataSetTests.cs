using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Formats;
using Xunit;

namespace Polder.Tests.Formats;

public class DataSetTests
{
    public static TheoryData<string, int, string> Sets => new()
    {
        {
            "airports.csv", 3376,
            "iata STRING, name STRING, city STRING, state STRING, country STRING, latitude DOUBLE, longitude DOUBLE"
        },
        {
            "birdstrikes.csv", 10_000,
            "`Airport Name` STRING, `Aircraft Make Model` STRING, `Effect Amount of damage` STRING, " +
            "`Flight Date` DATE, `Aircraft Airline Operator` STRING, `Origin State` STRING, " +
            "`Phase of flight` STRING, `Wildlife Size` STRING, `Wildlife Species` STRING, `Time of day` STRING, " +
            "`Cost Other` BIGINT, `Cost Repair` BIGINT, `Cost Total $` BIGINT, `Speed IAS in knots` BIGINT"
        },
        {
            "seattle-weather.csv", 1461,
            "date DATE, precipitation DOUBLE, temp_max DOUBLE, temp_min DOUBLE, wind DOUBLE, weather STRING"
        },
        {
            "zipcodes.csv", 42_049,
            "zip_code STRING, latitude DOUBLE, longitude DOUBLE, city STRING, state STRING, county STRING"
        },
        {
            "movies.json", 3201,
            "Title STRING, `US Gross` BIGINT, `Worldwide Gross` BIGINT, `US DVD Sales` BIGINT, " +
            "`Production Budget` BIGINT, `Release Date` STRING, `MPAA Rating` STRING, `Running Time min` BIGINT, " +
            "Distributor STRING, Source STRING, `Major Genre` STRING, `Creative Type` STRING, Director STRING, " +
            "`Rotten Tomatoes Rating` BIGINT, `IMDB Rating` DOUBLE, `IMDB Votes` BIGINT"
        },
        {
            "flights-20k.json", 20_000,
            "date TIMESTAMP_NTZ, delay BIGINT, distance BIGINT, origin STRING, destination STRING"
        },
    };

    [Theory]
    [MemberData(nameof(Sets))]
    public async Task A_real_data_set_loads_with_the_types_it_looks_like_and_duckdbs_values(
        string name, int rowCount, string schema)
    {
        string path = Corpus.Path("data", name);
        await using FormatReader reader = await FormatReader.OpenAsync(
            new TricklingStream(File.OpenRead(path), 5000), RowFormats.FromPath(path)!.Value);
        Assert.Equal(schema, SchemaText.Format(reader.Schema));
        RecordBatch[] batches = await reader.ReadAsync().ToArrayAsync();
        Assert.All(batches, batch => Assert.InRange(batch.Length, 1, 8192));
        RecordBatch rows = Concat.Batches(batches);
        Assert.Equal(rowCount, rows.Length);

        // DuckDB reads the same file without types; its casts are the oracle.
        string function = name.EndsWith("json", StringComparison.Ordinal) ? "read_json" : "read_csv";
        string options = function == "read_csv" ? ", all_varchar = true" : ", sample_size = -1";
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText =
            $"SELECT {string.Join(", ", reader.Schema.Fields.Select(Summary))} FROM {function}('{path}'{options})";
        using DuckDBDataReader summary = command.ExecuteReader();
        Assert.True(summary.Read());
        for (int columnIndex = 0; columnIndex < reader.Schema.Fields.Count; columnIndex++)
        {
            StructField field = reader.Schema.Fields[columnIndex];
            Assert.Equal(summary.GetString(columnIndex), Summarise(rows.Column(columnIndex), field.Type));
        }
    }

    private static string Summary(StructField field)
    {
        string column = $"\"{field.Name}\"";
        string aggregate = field.Type.Kind switch
        {
            TypeKind.Long => $"sum({column}::BIGINT)::VARCHAR",
            TypeKind.Double => $"max({column}::DOUBLE) || ' ' || min({column}::DOUBLE)",
            TypeKind.Date => $"min(epoch_us({column}::DATE)) // 86400000000",
            TypeKind.TimestampNtz =>
                $"max(epoch_us(coalesce(try_strptime({column}::VARCHAR, '%Y/%m/%d %H:%M'), " +
                $"try_cast({column} AS TIMESTAMP))))::VARCHAR",
            _ => $"min(to_json({column})->>'$') || max(to_json({column})->>'$')",
        };
        return $"count({column}) || ' ' || {aggregate}";
    }

    private static string Summarise(IArrowArray column, DataType type)
    {
        object[] values = [.. Enumerable.Range(0, column.Length)
            .Select(row => ColumnValues.Get(column, row, type)).OfType<object>()];
        string aggregate = type.Kind switch
        {
            TypeKind.Long => values.Sum(value => (long)value).ToString(CultureInfo.InvariantCulture),
            TypeKind.Double =>
                Text(values.Max(value => (double)value)) + " " + Text(values.Min(value => (double)value)),
            TypeKind.Date => values.Min(value => (int)value).ToString(CultureInfo.InvariantCulture),
            TypeKind.TimestampNtz => values.Max(value => (long)value).ToString(CultureInfo.InvariantCulture),
            _ => (string)values.Min(Ordinal)! + (string)values.Max(Ordinal)!,
        };
        return $"{values.Length} {aggregate}";
    }

    private static string Text(double value) => value.ToString("0.0###############", CultureInfo.InvariantCulture);

    private static System.Collections.Generic.IComparer<object> Ordinal { get; } =
        System.Collections.Generic.Comparer<object>.Create(
            (left, right) => string.CompareOrdinal((string)left, (string)right));
}
