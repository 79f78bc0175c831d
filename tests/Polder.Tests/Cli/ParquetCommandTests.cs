using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Cli;

/// <summary>Looking into files: what the verbs show is what another reader finds there.</summary>
public sealed class ParquetCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Meta_shows_statistics_pages_and_indexes_as_DuckDB_does()
    {
        string file = Write();
        CommandResult result = await CommandLine.RunAsync("parquet", "meta", file, "--format", "json");
        JsonElement meta = JsonSerializer.Deserialize<JsonElement>(result.Output);
        JsonElement[] columns = [.. meta.GetProperty("rowGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("columns").EnumerateArray())];
        var theirs = PeerReaders.QueryDuckDb(
            $"SELECT * FROM parquet_metadata('{file}') ORDER BY row_group_id, column_id");

        Assert.Equal(theirs.Count, columns.Length);
        Assert.All(theirs.Zip(columns), pair =>
        {
            JsonElement ours = pair.Second;
            Assert.Equal(pair.First["path_in_schema"], ours.GetProperty("path").GetString());
            Assert.Equal(pair.First["num_values"], ours.GetProperty("values").GetInt64());
            Assert.Equal(pair.First["stats_null_count"], ours.GetProperty("nulls").GetInt64());
            Assert.Equal(pair.First["total_compressed_size"], ours.GetProperty("compressedBytes").GetInt64());
            Assert.Equal(pair.First["stats_min_value"], ours.GetProperty("min").GetString());
            Assert.Equal(pair.First["stats_max_value"], ours.GetProperty("max").GetString());
            Assert.Equal(pair.First["bloom_filter_offset"] is not null, ours.TryGetProperty("bloomFilter", out _));
        });
        Assert.Contains(columns, column => column.TryGetProperty("bloomFilter", out _));
    }

    [Fact]
    public async Task Pages_add_up_to_their_chunks()
    {
        string file = _folder["ours.parquet"];
        await CommandLine.RunAsync("parquet", "cat", Write(), "--format", "parquet", "-o", file);
        CommandResult meta = await CommandLine.RunAsync("parquet", "meta", file);
        CommandResult result = await CommandLine.RunAsync("parquet", "pages", file, "--columns", "word");
        JsonElement[] pages = [.. result.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))];
        JsonElement chunk = JsonSerializer.Deserialize<JsonElement>(meta.Output)
            .GetProperty("rowGroups")[0].GetProperty("columns")[1];

        Assert.Equal("dictionary", pages[0].GetProperty("type").GetString());
        JsonElement[] data = [.. pages.Skip(1)];
        Assert.Equal(chunk.GetProperty("values").GetInt64(), Sum(data, "values"));
        Assert.Equal(chunk.GetProperty("nulls").GetInt64(), Sum(data, "nulls"));
        Assert.Equal(
            chunk.GetProperty("compressedBytes").GetInt64(), Sum(pages, "headerBytes") + Sum(pages, "compressedBytes"));
        Assert.Equal("w1", data[0].GetProperty("min").GetString());
        Assert.All(pages, page => Assert.True(page.GetProperty("checksum").GetBoolean()));
    }

    [Theory]
    [InlineData("meta")]
    [InlineData("pages")]
    [InlineData("schema")]
    public async Task Text_fits_eighty_columns(string verb)
    {
        string file = Write();
        string[] format = verb == "schema" ? [] : ["--format", "text"];
        CommandResult result = await CommandLine.RunAsync(["parquet", verb, file, .. format]);

        Assert.Equal(0, result.ExitCode);
        Assert.All(result.Lines, line => Assert.True(line.Length <= 80, line));
        Assert.Contains("word", result.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("geospatial", "GEOMETRY")]
    [InlineData("crs-srid", "GEOMETRY(srid:5070)")]
    [InlineData("crs-projjson", "GEOMETRY(projjson:projjson_epsg_5070)")]
    [InlineData("geography-lines", "GEOGRAPHY(OGC:CRS84,SPHERICAL)")]
    public async Task Geometries_are_shown_with_their_system_and_bounds(string name, string type)
    {
        string file = Corpus.Path("corpus", "parquet", "parquet-testing", "data", "geospatial", $"{name}.parquet");
        CommandResult schema = await CommandLine.RunAsync("parquet", "schema", file);
        Assert.Contains($"({type})", schema.Output, StringComparison.Ordinal);

        CommandResult meta = await CommandLine.RunAsync("parquet", "meta", file, "--format", "json");
        JsonElement[] ours = [.. JsonSerializer.Deserialize<JsonElement>(meta.Output).GetProperty("rowGroups")
            .EnumerateArray()
            .SelectMany(group => group.GetProperty("columns").EnumerateArray())
            .Where(column => column.GetProperty("path").GetString() == "geometry")];
        var theirs = PeerReaders.QueryDuckDb(
            $"""
            SELECT geo_bbox.xmin AS west, geo_bbox.ymax AS north, len(geo_types) AS kinds
            FROM parquet_metadata('{file}') WHERE path_in_schema = 'geometry' ORDER BY row_group_id
            """);
        Assert.Equal(theirs.Count, ours.Length);
        Assert.All(theirs.Zip(ours), pair =>
        {
            Assert.Equal(type, pair.Second.GetProperty("logicalType").GetString());
            JsonElement bounds = pair.Second.GetProperty("geospatial");
            Assert.Equal(pair.First["kinds"], (long)bounds.GetProperty("kinds").GetArrayLength());
            if (bounds.TryGetProperty("x", out JsonElement x))
            {
                Assert.Equal(pair.First["west"], x[0].GetDouble());
                Assert.Equal(pair.First["north"], bounds.GetProperty("y")[1].GetDouble());
            }
        });
    }

    [Fact]
    public async Task A_condition_shows_which_row_groups_and_pages_are_not_read_and_why()
    {
        string file = await WriteSortedAsync();
        const string Where = "id >= 30000 AND id < 30010";
        JsonElement meta = JsonSerializer.Deserialize<JsonElement>(
            (await CommandLine.RunAsync("parquet", "meta", file, "--where", Where)).Output);
        JsonElement[] groups = [.. meta.GetProperty("rowGroups").EnumerateArray()];
        Assert.Equal(4, groups.Length);
        Assert.Equal([0, 20_000, 0, 0], groups.Select(group => RoundUp(group.GetProperty("rowsLeft").GetInt64())));
        Assert.Equal("statistics", groups[0].GetProperty("skippedBy").GetString());
        Assert.Contains("id is 0 to 19999", groups[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("page index", groups[1].GetProperty("skippedBy").GetString());

        CommandResult pages = await CommandLine.RunAsync(
            "parquet", "pages", file, "--columns", "word", "--row-group", "1", "--where", Where);
        JsonElement[] data = [.. pages.Lines.Select(line => JsonSerializer.Deserialize<JsonElement>(line))
            .Where(page => page.GetProperty("type").GetString() == "data")];
        Assert.True(data.Length > 3);
        Assert.Equal(1, data.Count(page => page.GetProperty("read").GetBoolean()));
        Assert.All(data, page =>
        {
            long first = page.GetProperty("firstRow").GetInt64() + 20_000;
            bool isRead = first <= 30_000 && first + page.GetProperty("values").GetInt64() > 30_000;
            Assert.Equal(isRead, page.GetProperty("read").GetBoolean());
            Assert.True(isRead || page.GetProperty("reason").GetString()!.Contains("id is ", StringComparison.Ordinal));
        });

        CommandResult text = await CommandLine.RunAsync(
            "parquet", "pages", file, "--columns", "word", "--where", Where, "--format", "text");
        Assert.Contains("not read: ", text.Output, StringComparison.Ordinal);
        Assert.All(text.Lines, line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task A_scan_with_a_condition_counts_what_is_left_and_says_what_it_left_out()
    {
        string file = await WriteSortedAsync();
        CommandResult result = await CommandLine.RunAsync(
            "parquet", "scan", file, "--columns", "word", "--where", "id = 5", "--format", "json");
        JsonElement scan = JsonSerializer.Deserialize<JsonElement>(result.Output);
        Assert.Equal(1, scan.GetProperty("rows").GetInt64());
        JsonElement[] groups = [.. scan.GetProperty("rowGroups").EnumerateArray()];
        Assert.Equal(["page index", "statistics", "statistics", "statistics"], groups.Select(group =>
            group.GetProperty("skippedBy").GetString()!));
        Assert.InRange(groups[0].GetProperty("rowsLeft").GetInt64(), 1, 19_999);

        CommandResult text = await CommandLine.RunAsync("parquet", "scan", file, "--where", "id < 0");
        Assert.StartsWith("{\"rows\":0,", text.Output, StringComparison.Ordinal);
        CommandResult wrong = await CommandLine.RunAsync("parquet", "scan", file, "--where", "nobody = 1");
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("nobody", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Parts_of_nested_columns_are_named_with_dots()
    {
        string file = _folder["nested.parquet"];
        PeerReaders.QueryDuckDb(
            $$"""
            COPY (SELECT {'b': i, 'c': {'d': 'x' || i, 'e': i * 2} } AS a,
              [{'p': i, 'q': i + 1}] AS l, i AS z FROM range(2) r(i)) TO '{{file}}' (FORMAT parquet)
            """);
        CommandResult result = await CommandLine.RunAsync("parquet", "cat", file, "--columns", "a.c.d,l.element.q");
        Assert.Equal(
            ["""{"a":{"c":{"d":"x0"}},"l":[{"q":1}]}""", """{"a":{"c":{"d":"x1"}},"l":[{"q":2}]}"""], result.Lines);
        CommandResult scan = await CommandLine.RunAsync(
            "parquet", "scan", file, "--columns", "a.b", "--where", "z = 1");
        Assert.StartsWith("{\"rows\":1,", scan.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_there_is_said()
    {
        string file = Write();
        CommandResult column = await CommandLine.RunAsync("parquet", "pages", file, "--columns", "nothing");
        Assert.Equal(2, column.ExitCode);
        Assert.Contains("no column nothing", column.Error, StringComparison.Ordinal);
        CommandResult group = await CommandLine.RunAsync("parquet", "pages", file, "--row-group", "99");
        Assert.Equal(2, group.ExitCode);
        Assert.Contains("no row group 99", group.Error, StringComparison.Ordinal);
    }

    private static long Sum(JsonElement[] pages, string property) =>
        pages.Sum(page => page.GetProperty(property).GetInt64());

    private static long RoundUp(long rows) => rows == 0 ? 0 : 20_000;

    // Four row groups in the order of their ids, pages of a few thousand rows.
    private async Task<string> WriteSortedAsync()
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Integer, false), new StructField("word", DataType.String));
        string file = _folder["sorted.parquet"];
        await using ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default,
            new LocalStore(_folder.Path),
            new StorePath("sorted.parquet"),
            schema,
            new ParquetWriteOptions
            {
                RowsPerRowGroup = 20_000,
                RowsPerPage = 4_000,
                Codec = CompressionCodec.Uncompressed,
                DictionaryBytes = 0,
            });
        ColumnBuilder ids = ColumnBuilder.Create(DataType.Integer);
        ColumnBuilder words = ColumnBuilder.Create(DataType.String);
        for (int row = 0; row < 80_000; row++)
        {
            ids.AppendValue(row);
            words.AppendValue($"word {row}");
        }

        await writer.WriteAsync(new RecordBatch(ArrowTypes.ToSchema(schema), [ids.Build(), words.Build()], 80_000));
        await writer.CompleteAsync();
        return file;
    }

    private string Write()
    {
        string file = _folder["duck.parquet"];
        PeerReaders.QueryDuckDb(
            $"""
            COPY (SELECT i AS id, CASE WHEN i % 10 > 0 THEN 'w' || i % 10 END AS word,
              DATE '2024-01-01' + (i % 30)::INTEGER AS day, (i / 4)::DECIMAL(9, 2) AS price
              FROM range(5000) r(i))
            TO '{file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)
            """);
        return file;
    }
}
