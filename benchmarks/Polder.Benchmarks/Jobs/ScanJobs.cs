using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Parquet;
using Parquet.Schema;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Local;
using ParquetSharpArrow = ParquetSharp.Arrow;

namespace Polder.Benchmarks.Jobs;

/// <summary>Reading a Parquet file, every column, one thread.</summary>
internal static class ScanJobs
{
    /// <summary>Bytes to Arrow arrays; the checksum is the row count and the sum of the order keys.</summary>
    public static Job DecodeLineitem { get; } = new(
        "scan-lineitem",
        "Scan of lineitem, all columns to Arrow, one thread (snappy, V1 pages, written by DuckDB)",
        Measure.Cpu,
        [
            new Side("Polder", inputs => ScanAsync(inputs.LineitemSnappy, hash: false)),
            new Side("ParquetSharp (Arrow)", inputs => ScanWithParquetSharpAsync(inputs.LineitemSnappy)),
            new Side("Parquet.Net", inputs => ScanWithParquetNetAsync(inputs.LineitemSnappy)),
            new Side("Snappier alone, same pages", PagesAloneAsync, IsPart: true),
        ],
        new Target("ParquetSharp (Arrow)", 0.6));

    /// <summary>The same with every value hashed, as DuckDB must touch every value to answer.</summary>
    public static Job HashLineitem { get; } = new(
        "scan-lineitem-hashed",
        "Scan of lineitem with every value hashed, one thread (dictionaries kept, their entries hashed once)",
        Measure.Cpu,
        [
            new Side("Polder", inputs => ScanAsync(inputs.LineitemSnappy, hash: true)),
            new Side("DuckDB", ScanWithDuckAsync),
        ],
        new Target("DuckDB", 1.0));

    private static async Task<string> ScanAsync(string path, bool hash)
    {
        Engine engine = new(new EngineOptions { Parallelism = 1 });
        LocalStore store = new(Path.GetDirectoryName(path)!);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, store, new StorePath(Path.GetFileName(path)));
        long rowCount = 0;
        long keySum = 0;
        ValueHash values = new();
        ParquetReadOptions options = new() { Strings = hash ? StringForm.Dictionary : StringForm.Offsets };
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            rowCount += batch.Length;
            keySum += Sum(batch.Column(0));
            if (hash)
            {
                values.Add(batch);
            }
        }

        GC.KeepAlive(values.Mixed);
        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{keySum}");
    }

    private static async Task<string> ScanWithParquetSharpAsync(string path)
    {
        using ParquetSharpArrow.ArrowReaderProperties properties =
            ParquetSharpArrow.ArrowReaderProperties.GetDefault();
        properties.UseThreads = false;
        using ParquetSharpArrow.FileReader file = new(path, arrowProperties: properties);
        using Apache.Arrow.Ipc.IArrowArrayStream reader = file.GetRecordBatchReader();
        long rowCount = 0;
        long keySum = 0;
        while (await reader.ReadNextRecordBatchAsync() is RecordBatch batch)
        {
            using (batch)
            {
                rowCount += batch.Length;
                keySum += Sum(batch.Column(0));
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{keySum}");
    }

    private static async Task<string> ScanWithParquetNetAsync(string path)
    {
        using FileStream stream = File.OpenRead(path);
        await using ParquetReader reader = await ParquetReader.CreateAsync(stream);
        long rowCount = 0;
        long keySum = 0;
        for (int group = 0; group < reader.RowGroupCount; group++)
        {
            using ParquetRowGroupReader rows = reader.OpenRowGroupReader(group);
            int count = checked((int)rows.RowCount);
            rowCount += count;
            foreach (DataField field in reader.Schema.GetDataFields())
            {
                keySum += await ReadColumnAsync(rows, field, count);
            }
        }

        return string.Create(CultureInfo.InvariantCulture, $"{rowCount}/{keySum}");
    }

    private static async Task<long> ReadColumnAsync(ParquetRowGroupReader rows, DataField field, int count)
    {
        switch (Type.GetTypeCode(field.ClrType))
        {
            case TypeCode.Int64:
                long?[] values = new long?[count];
                await rows.ReadAsync<long>(field, values.AsMemory());
                return field.Name == "l_orderkey" ? values.Sum() ?? 0 : 0;
            case TypeCode.Int32:
                await rows.ReadAsync<int>(field, new int?[count].AsMemory());
                return 0;
            case TypeCode.Decimal:
                await rows.ReadAsync<decimal>(field, new decimal?[count].AsMemory());
                return 0;
            case TypeCode.DateTime:
                await rows.ReadAsync<DateTime>(field, new DateTime?[count].AsMemory());
                return 0;
            case TypeCode.Object when field.ClrType == typeof(ReadOnlyMemory<char>):
                await rows.ReadAsync<ReadOnlyMemory<char>>(field, new ReadOnlyMemory<char>?[count].AsMemory());
                return 0;
            default:
                await rows.ReadAsync<DateOnly>(field, new DateOnly?[count].AsMemory());
                return 0;
        }
    }

    private static Task<string> PagesAloneAsync(Inputs inputs) => Task.FromResult(
        PagesAlone.Decompress(inputs.LineitemSnappy).ToString(CultureInfo.InvariantCulture));

    private static Task<string> ScanWithDuckAsync(Inputs inputs)
    {
        string columns = string.Join(", ", QueryJobs.LineitemColumns.Select(name => $"bit_xor(hash({name}))"));
        Duck.Execute("SET threads=1", $"SELECT {columns} FROM read_parquet('{inputs.LineitemSnappy}')");
        string answer = Duck.Execute(
            "SET threads=1", $"SELECT count(*), sum(l_orderkey) FROM read_parquet('{inputs.LineitemSnappy}')");
        return Task.FromResult(answer.TrimEnd('\n', '|').Replace('|', '/'));
    }

    private static long Sum(IArrowArray keys)
    {
        long sum = 0;
        foreach (long value in ((Int64Array)keys).Values)
        {
            sum += value;
        }

        return sum;
    }
}
