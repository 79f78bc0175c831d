using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Expressions;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using ParquetSharpArrow = ParquetSharp.Arrow;

namespace Polder.Benchmarks.Jobs;

/// <summary>Reading the rows that a condition keeps, every column, one thread.</summary>
internal static class SelectiveJobs
{
    private const int KeysPerCopy = 600_000;

    /// <summary>One key in a thousand; ParquetSharp is told by hand which row groups to read.</summary>
    public static Job SelectiveLineitem { get; } = new(
        "scan-selective",
        "Selective scan of sorted lineitem: 0.1 % of the rows, all columns, one thread (zstd, page index)",
        Measure.Cpu,
        [
            new Side("Polder", inputs => ScanAsync(inputs.LineitemIndexed, RangeOf(inputs))),
            new Side("ParquetSharp (Arrow), row groups pruned by hand", ScanWithParquetSharpAsync),
            new Side("DuckDB", ScanWithDuckAsync),
        ],
        new Target("ParquetSharp (Arrow), row groups pruned by hand", 0.1));

    /// <summary>What decoding the condition's column first costs where the condition keeps every row.</summary>
    public static Job FilterKeepsAll { get; } = new(
        "scan-filter-keeps-all",
        "Scan of lineitem with a filter that keeps every row, beside one without, one thread",
        Measure.Cpu,
        [
            new Side("Polder", inputs => ScanAsync(inputs.LineitemSnappy, "l_linenumber + 0 > 0")),
            new Side("Polder, no filter", inputs => ScanAsync(inputs.LineitemSnappy, null)),
        ],
        new Target("Polder, no filter", 1.05));

    private static (long From, long To) Keys(Inputs inputs)
    {
        long from = (long)inputs.LineitemCopies * KeysPerCopy / 2;
        return (from, from + ((long)inputs.LineitemCopies * KeysPerCopy / 1000));
    }

    private static string RangeOf(Inputs inputs) => string.Create(
        CultureInfo.InvariantCulture, $"l_orderkey BETWEEN {Keys(inputs).From} AND {Keys(inputs).To}");

    private static async Task<string> ScanAsync(string path, string? where)
    {
        Engine engine = new(new EngineOptions { Parallelism = 1 });
        LocalStore store = new(Path.GetDirectoryName(path)!);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, store, new StorePath(Path.GetFileName(path)));
        ParquetReadOptions options = new()
        {
            Predicate = where is null
                ? null
                : ExpressionAnalyzer.AnalyzeCondition(where, reader.Footer.Schema.ToDataType()),
            FiltersRows = where is not null,
        };
        long rowCount = 0;
        long keySum = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            rowCount += batch.Length;
            foreach (long key in ((Int64Array)batch.Column(0)).Values)
            {
                keySum += key;
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{keySum}");
    }

    private static async Task<string> ScanWithParquetSharpAsync(Inputs inputs)
    {
        (long from, long to) = Keys(inputs);
        using ParquetSharpArrow.ArrowReaderProperties properties =
            ParquetSharpArrow.ArrowReaderProperties.GetDefault();
        properties.UseThreads = false;
        using ParquetSharpArrow.FileReader file = new(inputs.LineitemIndexed, arrowProperties: properties);
        List<int> groups = [];
        for (int group = 0; group < file.NumRowGroups; group++)
        {
            using ParquetSharp.RowGroupReader rowGroup = file.ParquetReader.RowGroup(group);
            using ParquetSharp.ColumnChunkMetaData chunk = rowGroup.MetaData.GetColumnChunkMetaData(0);
            using ParquetSharp.Statistics<long> statistics = (ParquetSharp.Statistics<long>)chunk.Statistics!;
            if (statistics.Min <= to && statistics.Max >= from)
            {
                groups.Add(group);
            }
        }

        using Apache.Arrow.Ipc.IArrowArrayStream reader = file.GetRecordBatchReader(rowGroups: [.. groups]);
        long rowCount = 0;
        long keySum = 0;
        while (await reader.ReadNextRecordBatchAsync() is RecordBatch batch)
        {
            using (batch)
            {
                foreach (long key in ((Int64Array)batch.Column(0)).Values)
                {
                    bool isKept = key >= from && key <= to;
                    rowCount += isKept ? 1 : 0;
                    keySum += isKept ? key : 0;
                }
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{keySum}");
    }

    private static Task<string> ScanWithDuckAsync(Inputs inputs)
    {
        // The hashes must be asked for, or the columns are not read.
        string[] names = [.. QueryJobs.LineitemColumns];
        string hashes = string.Join(", ", names.Select(name => $"bit_xor(hash({name})) AS hash_{name}"));
        string answer = Duck.Execute(
            "SET threads=1",
            $"SELECT n, s FROM (SELECT count(*) n, sum(l_orderkey) s, {hashes} FROM " +
            $"read_parquet('{inputs.LineitemIndexed}') WHERE {RangeOf(inputs)}) WHERE " +
            string.Join(" AND ", names.Select(name => $"hash_{name} IS NOT NULL")));
        return Task.FromResult(answer.TrimEnd('\n', '|').Replace('|', '/'));
    }
}
