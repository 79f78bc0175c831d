using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Real files, value by value; projection, memory, cancellation and failure.</summary>
public sealed class ParquetFileReaderTests
{
    private readonly BufferAllocator _allocator = BufferAllocator.CreatePool(64 << 20, 64 << 20);

    public static TheoryData<string> RealFiles =>
    [
        "flights-3m.parquet", "tpch-sf0.1/lineitem.parquet", "tpch-sf0.1/orders.parquet",
        "tpch-sf0.1/customer.parquet", "tpch-sf0.1/part.parquet", "tpch-sf0.1/partsupp.parquet",
        "tpch-sf0.1/supplier.parquet", "tpch-sf0.1/nation.parquet", "tpch-sf0.1/region.parquet",
    ];

    [Theory]
    [MemberData(nameof(RealFiles))]
    public async Task Every_value_of_a_real_file_is_what_Arrow_cpp_reads(string name)
    {
        string file = Corpus.Path("data", name);
        await using ParquetFileReader reader = await OpenAsync(file);
        await ArrowRows.SameAsArrowCppAsync(file, reader.ReadAsync());
        Assert.Equal(0, _allocator.RentedBytes);
    }

    [Theory]
    [InlineData(1L, 1)]
    [InlineData(8L << 20, 2)]
    [InlineData(1L << 40, 8)]
    public async Task Any_budget_and_parallelism_give_the_same_rows(long scanMemory, int parallelism)
    {
        string file = Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet");
        await using ParquetFileReader reader = await OpenAsync(file, scanMemory, parallelism);
        await ArrowRows.SameAsArrowCppAsync(file, reader.ReadAsync());
        Assert.Equal(0, _allocator.RentedBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public async Task Any_batch_size_gives_the_same_rows(int batchRows)
    {
        string file = Corpus.Path("data", "tpch-sf0.1", "nation.parquet");
        await using ParquetFileReader reader = await OpenAsync(file);
        await ArrowRows.SameAsArrowCppAsync(
            file, reader.ReadAsync(new ParquetReadOptions { BatchRows = batchRows }));
    }

    [Fact]
    public async Task A_batch_has_at_most_8192_rows_and_half_beside_a_decimal()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        List<RecordBatch> narrow = await ReadAllAsync(reader, new ParquetReadOptions { Columns = ["l_shipdate"] });
        List<RecordBatch> wide = await ReadAllAsync(reader, new ParquetReadOptions { Columns = ["l_discount"] });
        Assert.Equal(8192, narrow[0].Length);
        Assert.Equal(wide[0].Column(0).Data.DataType is Decimal128Type ? 4096 : 8192, wide[0].Length);
        Assert.Equal(narrow.Sum(batch => batch.Length), wide.Sum(batch => batch.Length));
    }

    [Fact]
    public async Task Only_the_bytes_of_chosen_columns_are_read()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        CountingStore store = new(bytes);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(Engine(), store, CountingStore.Path);
        store.Reads.Clear();
        List<RecordBatch> batches = await ReadAllAsync(
            reader, new ParquetReadOptions { Columns = ["l_quantity", "l_orderkey"] });
        long chosen = reader.Footer.RowGroups.Sum(rowGroup => rowGroup.Columns
            .Where(column => column.Leaf.DottedPath is "l_quantity" or "l_orderkey")
            .Sum(column => column.CompressedSize));
        Assert.Equal(["l_quantity", "l_orderkey"], batches[0].Schema.FieldsList.Select(field => field.Name));
        Assert.InRange(store.Reads.Sum(read => (long)read.Length), chosen, chosen + (64 << 10));
    }

    [Fact]
    public async Task Near_chunks_are_read_in_one_piece()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Corpus.Path("data", "tpch-sf0.1", "nation.parquet"));
        CountingStore store = new(bytes);
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(Engine(), store, CountingStore.Path);
        await ReadAllAsync(reader, new ParquetReadOptions());
        Assert.Equal(2, store.Reads.Count);
    }

    [Theory]
    [InlineData("parquet-testing/data/nested_structs.rust.parquet", "roll_num.min")]
    [InlineData("parquet-testing/data/nested_maps.snappy.parquet", "a.value.key")]
    public async Task Parts_of_nested_columns_are_chosen_by_dotted_path(string name, string path)
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("corpus", "parquet", name));
        List<RecordBatch> whole = await ReadAllAsync(reader, new ParquetReadOptions());
        List<RecordBatch> part = await ReadAllAsync(reader, new ParquetReadOptions { Columns = [path] });
        Assert.Equal(1, part[0].ColumnCount);
        Assert.Equal(whole.Sum(batch => batch.Length), part.Sum(batch => batch.Length));
        IArrowArray chosen = part[0].Column(0);
        IArrowArray all = whole[0].Column(path.Split('.')[0]);
        if (chosen is StructArray structArray)
        {
            Assert.Single(structArray.Fields);
            StructArray allFields = (StructArray)all;
            int index = ((StructType)allFields.Data.DataType).GetFieldIndex(path.Split('.')[1]);
            ReadOnlySpan<byte> values = allFields.Fields[index].Data.Buffers[1].Span;
            Assert.True(structArray.Fields[0].Data.Buffers[1].Span.SequenceEqual(values));
        }
        else
        {
            Assert.True(((MapArray)chosen).ValueOffsets.SequenceEqual(((MapArray)all).ValueOffsets));
        }
    }

    [Fact]
    public async Task An_unknown_column_is_an_argument_error()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "nation.parquet"));
        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(
            () => ReadAllAsync(reader, new ParquetReadOptions { Columns = ["n_nation"] }));
        Assert.Contains("'n_nation'", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_columns_give_rows_without_columns()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "nation.parquet"));
        List<RecordBatch> batches = await ReadAllAsync(reader, new ParquetReadOptions { Columns = [] });
        Assert.Equal(25, batches.Sum(batch => batch.Length));
        Assert.All(batches, batch => Assert.Equal(0, batch.ColumnCount));
    }

    [Fact]
    public async Task Stopping_early_gives_everything_back()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            Assert.NotEqual(0, batch.Length);
            break;
        }

        Assert.Equal(0, _allocator.RentedBytes);
    }

    [Fact]
    public async Task Cancelling_stops_between_batches_and_gives_everything_back()
    {
        await using ParquetFileReader reader = await OpenAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        using CancellationTokenSource cancellation = new();
        int count = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RecordBatch batch in reader.ReadAsync(cancellationToken: cancellation.Token))
            {
                Assert.NotEqual(0, batch.Length);
                if (++count == 3)
                {
                    await cancellation.CancelAsync();
                }
            }
        });
        Assert.Equal(3, count);
        Assert.Equal(0, _allocator.RentedBytes);
    }

    [Fact]
    public async Task A_failed_read_reaches_the_caller_and_everything_is_given_back()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        for (int failing = 1; failing < 12; failing++)
        {
            CountingStore store = new(bytes) { FailingRead = failing };
            await using ParquetFileReader reader =
                await ParquetFileReader.OpenAsync(Engine(4 << 20), store, CountingStore.Path);
            await Assert.ThrowsAsync<StoreException>(() => ReadAllAsync(reader, new ParquetReadOptions()));
            Assert.Equal(0, _allocator.RentedBytes);
        }
    }

    [Fact]
    public async Task Damage_names_file_row_group_column_and_page()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet"));
        await using ParquetFileReader intact =
            await ParquetFileReader.OpenAsync(Engine(), new CountingStore(bytes), CountingStore.Path);
        long start = intact.Footer.RowGroups[^1].Columns[3].StartOffset;
        bytes.AsSpan((int)start + 40, 400).Fill(0xA7);
        await using ParquetFileReader reader =
            await ParquetFileReader.OpenAsync(Engine(), new CountingStore(bytes), CountingStore.Path);
        CorruptFileException exception = await Assert.ThrowsAsync<CorruptFileException>(
            () => ReadAllAsync(reader, new ParquetReadOptions()));
        string rowGroup = $"row group {intact.Footer.RowGroups.Count - 1}, column 'l_linenumber', page ";
        Assert.StartsWith("memory://test/file.parquet, at byte ", exception.Message, StringComparison.Ordinal);
        Assert.Contains(rowGroup, exception.Message, StringComparison.Ordinal);
        Assert.Equal(0, _allocator.RentedBytes);
    }

    [Fact]
    public async Task A_single_threaded_scheduler_is_enough()
    {
        string file = Corpus.Path("data", "tpch-sf0.1", "orders.parquet");
        ConcurrentExclusiveSchedulerPair schedulers = new();
        Engine engine = new(new EngineOptions
        {
            Allocator = _allocator,
            Scheduler = schedulers.ExclusiveScheduler,
            Parallelism = 1,
        });
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, new LocalStore(Path.GetDirectoryName(file)!), new StorePath(Path.GetFileName(file)));
        await ArrowRows.SameAsArrowCppAsync(file, reader.ReadAsync());
    }

    [Fact]
    public async Task What_is_no_parquet_file_is_refused_in_one_line()
    {
        CountingStore store = new("id,name\n1,a\n"u8.ToArray());
        CorruptFileException exception = await Assert.ThrowsAsync<CorruptFileException>(
            async () => await ParquetFileReader.OpenAsync(Engine(), store, CountingStore.Path));
        Assert.Contains("memory://test/file.parquet", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', exception.Message);
    }

    private Engine Engine(long scanMemory = 256 << 20, int parallelism = 2) => new(new EngineOptions
    {
        Allocator = _allocator,
        Limits = new Limits { ScanMemory = scanMemory },
        Parallelism = parallelism,
    });

    private async Task<ParquetFileReader> OpenAsync(
        string file, long scanMemory = 256 << 20, int parallelism = 2) => await ParquetFileReader.OpenAsync(
        Engine(scanMemory, parallelism), new LocalStore(Path.GetDirectoryName(file)!),
        new StorePath(Path.GetFileName(file)));

    private static async Task<List<RecordBatch>> ReadAllAsync(ParquetFileReader reader, ParquetReadOptions options)
    {
        List<RecordBatch> batches = [];
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            batches.Add(batch);
        }

        return batches;
    }
}
