using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Benchmarks.Jobs;

/// <summary>A Parquet file into a table, all threads, zstd, row groups of the same size.</summary>
internal static class ImportJobs
{
    private const string DuckOptions =
        "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 1048576";

    public static Job Flights { get; } = new(
        "import-flights",
        "Import of flights-3m.parquet (3,000,000 rows), all threads",
        Measure.Wall,
        [
            new Side("Polder", inputs => ImportAsync(inputs, inputs.Flights)),
            new Side("DuckDB COPY", inputs => ImportWithDuckAsync(inputs, inputs.Flights)),
        ],
        new Target("DuckDB COPY", 2.0),
        IsLoad: true);

    public static Job Lineitem { get; } = new(
        "import-lineitem",
        "Import of lineitem, all threads",
        Measure.Wall,
        [
            new Side("Polder", inputs => ImportAsync(inputs, inputs.LineitemSnappy)),
            new Side("DuckDB COPY", inputs => ImportWithDuckAsync(inputs, inputs.LineitemSnappy)),
        ],
        new Target("DuckDB COPY", 2.0),
        IsLoad: true);

    private static async Task<string> ImportAsync(Inputs inputs, string file)
    {
        string folder = inputs.Fresh("import-polder");
        LocalStore source = new(Path.GetDirectoryName(file)!);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, source, new StorePath(Path.GetFileName(file)));
        DeltaTable table = await DeltaTable.CreateAsync(folder, Columns.ArrowTypes.FromSchema(reader.Schema));
        await table.AppendAsync(reader.ReadAsync(new ParquetReadOptions()));
        Snapshot snapshot = await table.SnapshotAsync();
        return string.Create(CultureInfo.InvariantCulture, $"{snapshot.RowCount}");
    }

    private static Task<string> ImportWithDuckAsync(Inputs inputs, string file)
    {
        string target = inputs.Fresh("import-duck.parquet");
        Duck.Execute($"COPY (SELECT * FROM read_parquet('{file}')) TO '{target}' ({DuckOptions})");
        return Task.FromResult(
            Duck.Execute($"SELECT count(*) FROM read_parquet('{target}')").TrimEnd('\n', '|'));
    }
}
