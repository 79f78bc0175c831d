using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Files;
using Polder.Storage;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>One row group of 3 GB, read in a process of its own whose heap may not pass 400 MB.</summary>
public sealed class HugeRowGroupTests
{
    private const string LegVariable = "POLDER_TEST_HUGE_LEG";
    private const string HeapLimit = "0x19000000"; // 400 MB
    private const int PageCount = 3200; // of 1,004 kB
    private const int LongestLegMilliseconds = 180_000;

    private readonly ITestOutputHelper _output;

    public HugeRowGroupTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Fact]
    public void A_row_group_of_3_GB_is_read_under_a_heap_of_400_MB()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LegVariable) is not null, "this is the process of its own");
        ProcessStartInfo start = TestLeg.Of(typeof(HugeRowGroupTests).FullName!);
        start.Environment[LegVariable] = "1";
        start.Environment["DOTNET_GCHeapHardLimit"] = HeapLimit;
        using Process leg = Process.Start(start)!;
        string output = leg.StandardOutput.ReadToEnd();
        Assert.True(leg.WaitForExit(LongestLegMilliseconds), output);
        _output.WriteLine(output);
        Assert.True(leg.ExitCode == 0, output);
        Assert.Contains("succeeded: 1", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_row_group_in_the_process_of_its_own()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LegVariable) is null, "only under the heap limit");
        Assert.InRange(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 1, 0x19000000);
        Engine engine = new();
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            engine, new RepeatedPageStore(PageCount), new StorePath("huge.parquet"));
        Assert.True(reader.Footer.RowGroups[0].Columns[1].CompressedSize > 3L << 30);
        long rowCount = 0;
        long largest = 0;
        await foreach (RecordBatch batch in reader.ReadAsync())
        {
            Check(batch, rowCount);
            rowCount += batch.Length;
            largest = long.Max(largest, GC.GetTotalMemory(false));
        }

        _output.WriteLine($"{rowCount} rows, at most {largest >> 20} MB on the heap");
        Assert.Equal((long)PageCount * RepeatedPageStore.RowsOfPage, rowCount);
        Assert.Equal(0, BufferAllocator.Shared.RentedBytes);
    }

    private static void Check(RecordBatch batch, long firstRow)
    {
        ReadOnlySpan<long> ids = ColumnValues.Fixed<long>(batch.Column(0));
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(batch.Column(1));
        ReadOnlySpan<byte> payloads = ColumnValues.Bytes(batch.Column(1));
        for (int row = 0; row < batch.Length; row++)
        {
            long expected = (firstRow + row) % RepeatedPageStore.RowsOfPage;
            bool isSame = ids[row] == expected && offsets[row + 1] - offsets[row] == RepeatedPageStore.PayloadBytes &&
                payloads[offsets[row]] == (byte)expected && payloads[offsets[row + 1] - 1] == (byte)expected;
            Assert.True(isSame, $"row {firstRow + row}");
        }
    }
}
