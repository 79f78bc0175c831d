using System;
using System.Collections.Generic;
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
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Files;

public sealed class ParquetFileWriterTests
{
    private static readonly DataType Schema = DataType.Struct(
        new StructField("a", DataType.Integer), new StructField("b", DataType.String),
        new StructField("c", DataType.Array(DataType.Long)));

    [Fact]
    public async Task Nothing_stays_rented_whether_completed_or_dropped()
    {
        BufferAllocator allocator = BufferAllocator.CreatePool(64 << 20, 8 << 20);
        Engine engine = new(new EngineOptions { Allocator = allocator, Parallelism = 2 });
        MemoryStore store = new();
        foreach (bool complete in new[] { true, false })
        {
            await using (ParquetFileWriter writer = await CreateAsync(engine, store, "a.parquet"))
            {
                for (int index = 0; index < 5; index++)
                {
                    await writer.WriteAsync(Batch(20_000, index));
                }

                Assert.True(allocator.RentedBytes > 0);
                Assert.True(writer.SizeBytes > 0);
                Assert.Equal(100_000, writer.RowCount);
                if (complete)
                {
                    await writer.CompleteAsync();
                }
            }

            Assert.Equal(0, allocator.RentedBytes);
        }
    }

    [Fact]
    public async Task A_file_that_is_not_completed_is_not_there()
    {
        MemoryStore store = new();
        await using (ParquetFileWriter writer = await CreateAsync(Engine.Default, store, "a.parquet"))
        {
            await writer.WriteAsync(Batch(10, 1));
        }

        Assert.Null(await store.HeadAsync(new StorePath("a.parquet")));
    }

    [Fact]
    public async Task Rows_are_the_same_on_one_thread_and_on_many()
    {
        List<byte[]> files = [];
        foreach (int parallelism in new[] { 1, 4 })
        {
            Engine engine = new(new EngineOptions { Parallelism = parallelism });
            MemoryStore store = new();
            await using ParquetFileWriter writer = await CreateAsync(engine, store, "a.parquet");
            for (int index = 0; index < 4; index++)
            {
                await writer.WriteAsync(Batch(30_000, index));
            }

            WrittenFile file = await writer.CompleteAsync();
            using BufferSlice body = await store.ReadAsync(new StorePath("a.parquet"));
            Assert.Equal(body.Length, file.SizeBytes);
            files.Add(body.Span.ToArray());
        }

        Assert.Equal(files[0], files[1]);
    }

    [Fact]
    public async Task Row_groups_close_at_their_rows_and_at_their_bytes()
    {
        MemoryStore store = new();
        ParquetWriteOptions byRows = new() { RowsPerRowGroup = 7000 };
        await WriteAsync(store, "rows.parquet", byRows, Batch(20_000, 1));
        await using ParquetFileReader rows = await ParquetFileReader.OpenAsync(
            Engine.Default, store, new StorePath("rows.parquet"));
        Assert.Equal([7000L, 7000L, 6000L], rows.Footer.RowGroups.Select(group => group.RowCount));

        ParquetWriteOptions byBytes = new() { RowGroupBytes = 50_000, Codec = CompressionCodec.Uncompressed };
        RecordBatch[] batches = [.. Enumerable.Range(0, 10).Select(seed => Batch(2000, seed))];
        await WriteAsync(store, "bytes.parquet", byBytes, batches);
        await using ParquetFileReader bytes = await ParquetFileReader.OpenAsync(
            Engine.Default, store, new StorePath("bytes.parquet"));
        Assert.True(bytes.Footer.RowGroups.Count > 3);
        Assert.Equal(20_000, bytes.Footer.RowCount);
    }

    [Fact]
    public async Task A_batch_of_another_form_is_refused_and_the_next_one_written()
    {
        MemoryStore store = new();
        await using ParquetFileWriter writer = await CreateAsync(Engine.Default, store, "a.parquet");
        DataType other = DataType.Struct(new StructField("a", DataType.Integer));
        RecordBatch wrong = WriteRoundTripTests.Batch(other, [[1, 2]], 2, new Random(1), 0);
        await Assert.ThrowsAsync<ArgumentException>(async () => await writer.WriteAsync(wrong));
        await writer.WriteAsync(Batch(5, 1));
        Assert.Equal(5, (await writer.CompleteAsync()).RowCount);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(Batch(5, 1)));
    }

    [Fact]
    public async Task A_cancelled_writer_is_of_no_use_any_more()
    {
        MemoryStore store = new();
        await using ParquetFileWriter writer = await CreateAsync(
            new Engine(new EngineOptions { Parallelism = 2 }), store, "a.parquet");
        using CancellationTokenSource source = new();
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await writer.WriteAsync(Batch(20_000, 1), source.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.CompleteAsync());
        Assert.Null(await store.HeadAsync(new StorePath("a.parquet")));
    }

    private static ValueTask<ParquetFileWriter> CreateAsync(
        Engine engine, MemoryStore store, string path, ParquetWriteOptions? options = null) =>
        ParquetFileWriter.CreateAsync(
            engine, store, new StorePath(path), Schema, options ?? ParquetWriteOptions.Default);

    private static async Task WriteAsync(
        MemoryStore store, string path, ParquetWriteOptions options, params RecordBatch[] batches)
    {
        await using ParquetFileWriter writer = await CreateAsync(Engine.Default, store, path, options);
        foreach (RecordBatch batch in batches)
        {
            await writer.WriteAsync(batch);
        }

        await writer.CompleteAsync();
    }

    private static RecordBatch Batch(int rowCount, int seed)
    {
        Random random = new(seed);
        object?[][] columns =
        [
            [.. Enumerable.Range(0, rowCount).Select(_ => random.Next(10) == 0 ? null : (object?)random.Next())],
            [.. Enumerable.Range(0, rowCount).Select(_ => (object?)("value " + random.Next(rowCount)))],
            [.. Enumerable.Range(0, rowCount).Select(row => (object?)Enumerable.Range(0, row % 3)
                .Select(_ => (object?)random.NextInt64()).ToArray())],
        ];
        return WriteRoundTripTests.Batch(Schema, columns, rowCount, random, 0);
    }
}
