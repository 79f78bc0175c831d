using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Files;
using Xunit;

namespace Polder.Tests.Parquet.Conformance;

/// <summary>Every Parquet file of the corpus gives what independent readers gave, or a clean error.</summary>
public sealed class CorpusTests
{
    /// <summary>What the reader says it has not; an "ok" file may end in one of these and nothing else.</summary>
    private static readonly string[] KnownGaps =
        ["Parquet encryption"];

    /// <summary>Where the recording reader leaves the specification.</summary>
    private static readonly Dictionary<string, string> ReadOtherwise = new()
    {
        ["spark-tests/group-field-with-enum-as-logical-annotation.parquet"] =
            "DuckDB takes an unannotated repeated group of one field for a list of that field; it is one of structs",
        ["duckdb/bug4903.parquet"] = "Arrow C++ takes INT96 for nanoseconds, which the year 1676 overflows",
    };

    /// <summary>What the files of shredded variants hold beyond the rows recorded is in ShreddedVariantTests.</summary>
    private static bool IsBrokenVariant(CorpusFile file) =>
        file.Expected.TryGetProperty("variant", out JsonElement variant) &&
        variant.GetProperty("expect").GetString() != "ok";

    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public CorpusTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public async Task Every_good_file_gives_the_recorded_rows()
    {
        List<string> failures = [];
        Dictionary<string, int> counts = [];
        foreach (CorpusFile file in CorpusFile.All().Where(file => file.Expect == "ok"))
        {
            string outcome = await ReadGoodAsync(file, failures);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        foreach ((string outcome, int count) in counts.OrderByDescending(pair => pair.Value))
        {
            Counted.Say($"Parquet corpus: {count,5} {outcome}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Fact]
    public async Task Every_bad_file_ends_in_a_clean_error()
    {
        List<string> failures = [];
        Dictionary<string, int> counts = [];
        foreach (CorpusFile file in CorpusFile.All().Where(file => file.Expect != "ok"))
        {
            string outcome = await ReadBadAsync(file, failures);
            counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
        }

        foreach ((string outcome, int count) in counts.OrderByDescending(pair => pair.Value))
        {
            Counted.Say($"Parquet corpus: {count,5} {outcome}");
        }

        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task<string> ReadGoodAsync(CorpusFile file, List<string> failures)
    {
        try
        {
            (DataType type, List<RecordBatch> batches) = await ReadAsync(file);
            long rowCount = batches.Sum(batch => (long)batch.Length);
            if (file.RowCount is long expected && expected != rowCount)
            {
                failures.Add($"{file}: {rowCount} rows where {expected} were expected");
                return "wrong";
            }

            if (ReadOtherwise.TryGetValue(file.ToString(), out string? reason))
            {
                return $"ok: {reason}";
            }

            if (file.Rows() is not IReadOnlyList<JsonElement> rows)
            {
                if (file.Expected.TryGetProperty("variant", out _))
                {
                    return "ok: equal to the variants before they were shredded";
                }

                await ArrowRows.SameAsArrowCppAsync(file.FilePath, batches.ToAsyncEnumerable());
                return "ok: equal to what Arrow C++ reads";
            }

            string? difference = Compare(type, batches, rows);
            if (difference is not null)
            {
                failures.Add($"{file}: {difference}");
                return "wrong";
            }

            return "ok: rows equal";
        }
        catch (Exception exception) when (IsBrokenVariant(file) &&
            exception is CorruptFileException or UnsupportedFeatureException)
        {
            return "ok: refused, for the variants in it are broken";
        }
        catch (UnsupportedFeatureException exception) when (KnownGaps.Contains(exception.Feature))
        {
            return $"refused: {exception.Feature}";
        }
        catch (Exception exception)
        {
            failures.Add($"{file}: {exception.GetType().Name} {exception.Message}");
            return "failed";
        }
    }

    private static async Task<string> ReadBadAsync(CorpusFile file, List<string> failures)
    {
        try
        {
            await ReadAsync(file);
            if (file.Expect == "error")
            {
                failures.Add($"{file}: read without an error");
            }

            return $"{file.Expect}: read";
        }
        catch (CorruptFileException)
        {
            return $"{file.Expect}: corrupt";
        }
        catch (UnsupportedFeatureException)
        {
            return $"{file.Expect}: unsupported";
        }
        catch (Exception exception)
        {
            failures.Add($"{file}: {exception}");
            return "crashed";
        }
    }

    private static string? Compare(DataType type, List<RecordBatch> batches, IReadOnlyList<JsonElement> rows)
    {
        int index = 0;
        foreach (RecordBatch batch in batches)
        {
            for (int row = 0; row < batch.Length; row++, index++)
            {
                List<JsonProperty> expected = [.. rows[index].EnumerateObject()];
                if (expected.Count != type.Fields.Count)
                {
                    return $"{type.Fields.Count} columns where {expected.Count} were expected";
                }

                for (int column = 0; column < expected.Count; column++)
                {
                    string? difference = RowComparer.Compare(
                        batch.Column(column), row, type.Fields[column].Type, expected[column].Value);
                    if (difference is not null)
                    {
                        return $"row {index}, {type.Fields[column]}: {difference}";
                    }
                }
            }
        }

        return index == rows.Count ? null : $"{index} rows where {rows.Count} were expected";
    }

    private static async Task<(DataType Type, List<RecordBatch> Batches)> ReadAsync(CorpusFile file)
    {
        BufferAllocator allocator = BufferAllocator.CreatePool(64 << 20, 64 << 20);
        Engine engine = new(new EngineOptions { Allocator = allocator });
        MemoryStore store = new();
        StorePath path = new("file.parquet");
        await store.PutAsync(path, await File.ReadAllBytesAsync(file.FilePath), PutMode.Create);
        try
        {
            return await ReadAllAsync(engine, store, path);
        }
        finally
        {
            Assert.Equal(0, allocator.RentedBytes);
        }
    }

    private static async Task<(DataType Type, List<RecordBatch> Batches)> ReadAllAsync(
        Engine engine, MemoryStore store, StorePath path)
    {
        using CancellationTokenSource timeout = new(LongestRead);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, store, path, cancellationToken: timeout.Token);
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in reader.ReadAsync(cancellationToken: timeout.Token))
        {
            batches.Add(batch);
        }

        return (reader.Footer.Schema.ToDataType(), batches);
    }
}
