using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;
using Polder.Storage.Memory;
using Polder.Tests.Bytes;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>
/// A scan of many chunks gets its blocks from the pool and gives every one back, once, however it ends.
/// </summary>
public sealed class ScanBlocksTests
{
    private const int RowGroupCount = 24;
    private const int RowsPerRowGroup = 10_000;
    private static readonly string[] Columns = ["a", "b", "c"];

    public enum Ending
    {
        Whole,
        Left,
        Cancelled,
        Damaged,
    }

    public static TheoryData<Ending> Endings => [.. Enum.GetValues<Ending>()];

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Every_block_comes_back_exactly_once(Ending ending)
    {
        LedgerAllocator ledger = new();
        await ScanAsync(ledger, ending);
        Assert.True(ledger.RentCount >= (ending is Ending.Left or Ending.Cancelled ? 3 : RowGroupCount / 2));
        ledger.AssertEachCameBackOnce();
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Full_checks_find_no_mistake_and_the_blocks_are_back_in_the_pool(Ending ending)
    {
        using Mistakes mistakes = new("Polder.");
        BufferAllocator pool = BufferAllocator.CreatePool(64 << 20, 64 << 20, BufferChecks.Full);
        await ScanAsync(pool, ending);
        Assert.Equal(0, pool.RentedBytes);
        Assert.InRange(pool.RetainedBytes, 64 << 10, 64 << 20);
        pool.Trim();
        Assert.DoesNotContain(mistakes.Seen, report => report.Contains("ParquetScan", StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task Nothing_reads_or_writes_beyond_a_block_or_after_it_went_back(Ending ending)
    {
        BufferAllocator pool = BufferAllocator.CreatePool(64 << 20, 64 << 20, BufferChecks.Paranoid);
        await ScanAsync(pool, ending);
        Assert.Equal(0, pool.RentedBytes);
    }

    private static async Task ScanAsync(BufferAllocator allocator, Ending ending)
    {
        byte[] file = await FileAsync();
        Engine engine = new(new EngineOptions
        {
            Allocator = allocator,
            Parallelism = 2,
            Limits = new Limits { ScanMemory = 4 << 20 },
        });
        if (ending == Ending.Damaged)
        {
            await using ParquetFileReader intact =
                await ParquetFileReader.OpenAsync(engine, new CountingStore(file), CountingStore.Path);
            long start = intact.Footer.RowGroups[RowGroupCount / 2].Columns[1].StartOffset;
            file.AsSpan((int)start + 40, 400).Fill(0xA7);
        }

        await using ParquetFileReader reader =
            await ParquetFileReader.OpenAsync(engine, new CountingStore(file), CountingStore.Path);
        using CancellationTokenSource cancellation = new();
        long rows = 0;
        try
        {
            await foreach (RecordBatch batch in reader.ReadAsync(cancellationToken: cancellation.Token))
            {
                rows += batch.Length;
                if (rows > 3 * RowsPerRowGroup && ending == Ending.Cancelled)
                {
                    await cancellation.CancelAsync();
                }

                if (rows > 3 * RowsPerRowGroup && ending == Ending.Left)
                {
                    break;
                }
            }

            Assert.True(ending is Ending.Whole or Ending.Left);
            Assert.True(ending == Ending.Left || rows == RowGroupCount * RowsPerRowGroup);
        }
        catch (OperationCanceledException)
        {
            Assert.Equal(Ending.Cancelled, ending);
        }
        catch (CorruptFileException)
        {
            Assert.Equal(Ending.Damaged, ending);
        }
    }

    private static async Task<byte[]> FileAsync()
    {
        Random random = new(7);
        MemoryStore store = new();
        StorePath path = new("many.parquet");
        DataType schema = DataType.Struct([.. Columns.Select(name => new StructField(name, DataType.Long))]);
        ParquetWriteOptions options = new() { RowsPerRowGroup = RowsPerRowGroup, DictionaryBytes = 0 };
        await using (ParquetFileWriter writer =
            await ParquetFileWriter.CreateAsync(Engine.Default, store, path, schema, options))
        {
            for (int index = 0; index < RowGroupCount; index++)
            {
                await writer.WriteAsync(new RecordBatch(
                    ArrowTypes.ToSchema(schema),
                    Columns.Select(_ => Longs(random)),
                    RowsPerRowGroup));
            }

            await writer.CompleteAsync();
        }

        using BufferSlice body = await store.ReadAsync(path);
        return body.Span.ToArray();
    }

    private static Int64Array Longs(Random random)
    {
        byte[] bytes = new byte[RowsPerRowGroup * sizeof(long)];
        random.NextBytes(bytes);
        return new Int64Array(new ArrowBuffer(bytes), ArrowBuffer.Empty, RowsPerRowGroup, 0, 0);
    }
}
