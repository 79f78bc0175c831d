using System;
using System.Diagnostics;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>What a scan of six million rows costs the garbage collector, in a process of its own.</summary>
public sealed class ScanCollectionsTests
{
    private const string LegVariable = "POLDER_TEST_COLLECTIONS_LEG";
    private const int LongestLegMilliseconds = 120_000;
    private const int Times = 10; // 0.6 million rows
    private const int MostBytesBeyondResults = 6000; // per 1,000 rows; may only shrink
    private const int LargestObjectBytes = 85_000;

    private readonly ITestOutputHelper _output;

    public ScanCollectionsTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void A_scan_of_six_million_rows_makes_no_large_object_and_collects_no_generation_2()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LegVariable) is not null, "this is the process of its own");
        ProcessStartInfo start = TestLeg.Of(typeof(ScanCollectionsTests).FullName!);
        start.Environment[LegVariable] = "1";
        using Process leg = Process.Start(start)!;
        string output = leg.StandardOutput.ReadToEnd();
        Assert.True(leg.WaitForExit(LongestLegMilliseconds), output);
        _output.WriteLine(output);
        Assert.True(leg.ExitCode == 0, output);
        Assert.Contains("succeeded: 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_scan_in_the_process_of_its_own()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LegVariable) is null, "only in a process of its own");
        string file = Corpus.Path("data", "tpch-sf0.1", "lineitem.parquet");
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            new Engine(new EngineOptions { Parallelism = 2 }),
            new LocalStore(System.IO.Path.GetDirectoryName(file)!),
            new StorePath(System.IO.Path.GetFileName(file)));
        (long rows, long resultBytes) = await MeasureResultsAsync(reader);
        Assert.Equal(600_572, rows);

        int collections = GC.CollectionCount(2);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        // One scan: the file's row groups over and over.
        int rowGroupCount = reader.Footer.RowGroups.Count;
        ParquetReadOptions options = new()
        {
            RowGroups = [.. Enumerable.Range(0, Times * rowGroupCount).Select(index => index % rowGroupCount)],
        };
        long read = 0;
        await foreach (RecordBatch batch in reader.ReadAsync(options))
        {
            read += batch.Length;
        }

        long beyond = ((GC.GetTotalAllocatedBytes(precise: true) - before) / Times) - resultBytes;
        Assert.Equal(Times * rows, read);
        Assert.Equal(0, GC.CollectionCount(2) - collections);

        // Sixteen columns; the most of it is room behind strings that the next batch's might need.
        Assert.InRange(beyond * 1000 / rows, 0, MostBytesBeyondResults);
    }

    // What it takes to make the same batches out of their bytes.
    private static async Task<(long Rows, long Bytes)> MeasureResultsAsync(ParquetFileReader reader)
    {
        long rows = 0, bytes = 0;
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            RecordBatch same = new(
                batch.Schema,
                [.. batch.Arrays.Select(array => ArrowArrayFactory.BuildArray(Same(array.Data)))],
                batch.Length);
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            rows += same.Length;
        }

        return (rows, bytes);
    }

    private static ArrayData Same(ArrayData data)
    {
        ArrowBuffer[] buffers = new ArrowBuffer[data.Buffers.Length];
        for (int index = 0; index < buffers.Length; index++)
        {
            int length = data.Buffers[index].Length;
            Assert.InRange(length, 0, LargestObjectBytes);
            buffers[index] = length == 0 ? ArrowBuffer.Empty : new ArrowBuffer(new byte[length]);
        }

        return new ArrayData(data.DataType, data.Length, data.NullCount, 0, buffers);
    }
}
