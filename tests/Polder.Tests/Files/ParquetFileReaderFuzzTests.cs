using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Parquet.Conformance;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Damaged files of the corpus: a clean error or some rows, nothing else, and nothing left rented.</summary>
public sealed class ParquetFileReaderFuzzTests
{
    private const int LargestFileBytes = 40_000;
    private const int DamagesPerFile = 6;
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(20);

    private readonly ITestOutputHelper _output;

    public ParquetFileReaderFuzzTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public async Task Damage_anywhere_ends_in_a_clean_error_or_in_rows()
    {
        int seed = int.Parse(Environment.GetEnvironmentVariable("POLDER_FUZZ_SEED") ?? "1");
        int rounds = int.Parse(Environment.GetEnvironmentVariable("POLDER_FUZZ_ROUNDS") ?? "1");
        _output.WriteLine($"seed {seed}, {rounds} rounds");
        Random random = new(seed);
        Dictionary<string, int> counts = [];
        List<byte[]> files =
        [
            .. CorpusFile.All()
                .Where(file => file.Expect == "ok" && new FileInfo(file.FilePath).Length < LargestFileBytes)
                .Select(file => File.ReadAllBytes(file.FilePath)),
        ];
        for (int round = 0; round < rounds * DamagesPerFile; round++)
        {
            foreach (byte[] file in files)
            {
                string outcome = await ReadAsync(Damage(file, random), $"seed {seed}, round {round}");
                counts[outcome] = counts.GetValueOrDefault(outcome) + 1;
            }
        }

        foreach ((string outcome, int count) in counts)
        {
            _output.WriteLine($"{count,6} {outcome}");
        }

        Assert.True(counts.GetValueOrDefault("rows") > 100 && counts.GetValueOrDefault("corrupt") > 100);
    }

    // Most damage goes where the structure is: page headers and levels near the front, the footer at the back.
    private static byte[] Damage(byte[] file, Random random)
    {
        byte[] damaged = (byte[])file.Clone();
        int count = random.Next(1, 4);
        for (int index = 0; index < count; index++)
        {
            int position = random.Next(3) switch
            {
                0 => random.Next(int.Min(200, damaged.Length)),
                1 => damaged.Length - 1 - random.Next(int.Min(600, damaged.Length)),
                _ => random.Next(damaged.Length),
            };
            damaged[position] = random.Next(4) switch
            {
                0 => 0xFF,
                1 => 0,
                2 => (byte)(damaged[position] ^ (1 << random.Next(8))),
                _ => (byte)random.Next(256),
            };
        }

        return damaged;
    }

    private static async Task<string> ReadAsync(byte[] file, string where)
    {
        BufferAllocator allocator = BufferAllocator.CreatePool(64 << 20, 64 << 20);
        Engine engine = new(new EngineOptions { Allocator = allocator });
        MemoryStore store = new();
        StorePath path = new("file.parquet");
        await store.PutAsync(path, file, PutMode.Create);
        using CancellationTokenSource timeout = new(LongestRead);
        string outcome = "rows";
        try
        {
            await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(engine, store, path);
            await foreach (RecordBatch batch in reader.ReadAsync(cancellationToken: timeout.Token))
            {
                Assert.NotNull(batch);
            }
        }
        catch (CorruptFileException)
        {
            outcome = "corrupt";
        }
        catch (UnsupportedFeatureException)
        {
            outcome = "unsupported";
        }
        catch (OperationCanceledException)
        {
            // A row count of thousands of millions is read as such: slow, not wrong.
            outcome = "still reading";
        }
        catch (Exception exception)
        {
            string kept = Path.Combine(Path.GetTempPath(), "polder-fuzz.parquet");
            await File.WriteAllBytesAsync(kept, file, CancellationToken.None);
            Assert.Fail($"{where} (file kept at {kept}): {exception}");
        }

        Assert.Equal(0, allocator.RentedBytes);
        return outcome;
    }
}
