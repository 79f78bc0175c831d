using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using ParquetSharpArrow = ParquetSharp.Arrow;

namespace Polder.Benchmarks.Jobs;

/// <summary>Files of other shapes read whole, and lineitem on every thread. The checksum is rows and nulls.</summary>
internal static class ShapeJobs
{
    private const string Sharp = "ParquetSharp (Arrow)";
    private const string OneThread = "Polder, one thread";

    public static IReadOnlyList<Job> List { get; } =
    [
        new(
            "scan-lineitem-threads",
            "Scan of lineitem, all columns to Arrow, all threads",
            Measure.Wall,
            [
                new Side("Polder", inputs => ScanAsync(inputs.LineitemSnappy, 0)),
                new Side(OneThread, inputs => ScanAsync(inputs.LineitemSnappy, 1)),
                new Side(Sharp, inputs => ScanWithSharpAsync(inputs.LineitemSnappy, threads: true)),
            ],
            new Target(OneThread, 1 / 1.8),
            Rounds: 5),
        Shape(
            "zstd",
            "lineitem of 0.6 million rows (zstd, written by Arrow C++)",
            ShapeFiles.Zstd,
            new Side("ZstdSharp alone, same pages", PagesAloneAsync, IsPart: true)),
        Shape("flights", "flights of 3 million rows (zstd, written by Polars)", inputs => inputs.Flights),
        Shape("strings", "half a million rows of four strings (snappy, DuckDB)", ShapeFiles.Strings),
        Shape("nested", "a quarter of a million lists of structs with lists (snappy, DuckDB)", ShapeFiles.Nested),
        Shape("int96", "half a million rows of two INT96 (snappy, Arrow C++)", ShapeFiles.Int96),
        Shape("wide", "twenty thousand rows of 1,000 columns (snappy, DuckDB)", ShapeFiles.Wide),
    ];

    private static Job Shape(string name, string what, Func<Inputs, string> path, params Side[] parts) => new(
        $"scan-{name}",
        $"Scan to Arrow, one thread: {what}",
        Measure.Cpu,
        [
            new Side("Polder", inputs => ScanAsync(path(inputs), 1)),
            new Side(Sharp, inputs => ScanWithSharpAsync(path(inputs), threads: false)),
            .. parts,
        ],
        new Target(Sharp, 0.6),
        Rounds: 3);

    private static Task<string> PagesAloneAsync(Inputs inputs) => Task.FromResult(
        PagesAlone.Decompress(ShapeFiles.Zstd(inputs)).ToString(CultureInfo.InvariantCulture));

    private static async Task<string> ScanAsync(string path, int threads)
    {
        Engine engine = new(new EngineOptions { Parallelism = threads });
        LocalStore store = new(Path.GetDirectoryName(path)!);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, store, new StorePath(Path.GetFileName(path)));
        Tally tally = new();
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            tally.Add(batch);
        }

        return tally.ToString();
    }

    private static async Task<string> ScanWithSharpAsync(string path, bool threads)
    {
        using ParquetSharpArrow.ArrowReaderProperties properties =
            ParquetSharpArrow.ArrowReaderProperties.GetDefault();
        properties.UseThreads = threads;
        using ParquetSharpArrow.FileReader file = new(path, arrowProperties: properties);
        using Apache.Arrow.Ipc.IArrowArrayStream reader = file.GetRecordBatchReader();
        Tally tally = new();
        while (await reader.ReadNextRecordBatchAsync() is RecordBatch batch)
        {
            using (batch)
            {
                tally.Add(batch);
            }
        }

        return tally.ToString();
    }

    private sealed class Tally
    {
        private long _rows;
        private long _nulls;

        public void Add(RecordBatch batch)
        {
            _rows += batch.Length;
            foreach (IArrowArray array in batch.Arrays)
            {
                _nulls += array.NullCount;
            }
        }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_rows}/{_nulls}");
    }
}
