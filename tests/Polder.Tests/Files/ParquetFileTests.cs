using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.C;
using Apache.Arrow.Ipc;
using Polder.Columns.Rows;
using Polder.Expressions;
using Polder.Files;
using Polder.Files.Native;
using Polder.Parquet;
using Polder.Tests.Architecture;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Parquet without a table: the few lines that a program needs.</summary>
public sealed class ParquetFileTests : IDisposable
{
    private readonly PeerReaders.TemporaryFolder _folder = new();

    private string Flights => _folder.File("flights.parquet");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_code_of_the_page_is_the_code_of_these_tests()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "parquet.md"));
        string tests = Squeeze(File.ReadAllText(
            Path.Combine(Repository.Root, "tests", "Polder.Tests", "Files", "ParquetFileTests.cs")));
        string code = page.Split("```csharp\n")[1].Split("```")[0];
        Assert.Contains(Squeeze(code), tests, StringComparison.Ordinal);

        static string Squeeze(string code) => string.Concat(code.Where(unit => !char.IsWhiteSpace(unit)));
    }

    [Fact]
    public async Task Rows_of_a_type_are_read_filtered_and_written()
    {
        await WriteFlightsAsync();
        string airport = "SEA";

        await using (ParquetFile file = await ParquetFile.OpenAsync(Flights))
        {
            FileScan<FileFlight> seattle = file.Read<FileFlight>().Where($"origin = {airport}").Where($"delay > {3}");
            await using ParquetFileWriter parquet = await ParquetFileWriter.CreateAsync<FileFlight>(
                _folder.File("sea.parquet"), new() { Codec = CompressionCodec.Snappy });
            await parquet.WriteAsync(seattle);
            await parquet.CompleteAsync();
        }

        await using ParquetFile written = await ParquetFile.OpenAsync(_folder.File("sea.parquet"));
        List<FileFlight> rows = [];
        await foreach (FileFlight row in written.Read<FileFlight>())
        {
            rows.Add(row);
        }

        Assert.Equal(MakeFlights().Where(flight => flight is { Origin: "SEA", Delay: > 3 }), rows);
        Assert.Equal(
            rows.Count,
            (long)PeerReaders.QueryDuckDb(
                $"SELECT count(*) n FROM read_parquet('{Flights}') WHERE origin = 'SEA' AND delay > 3")[0]["n"]!);
    }

    [Fact]
    public async Task Batches_have_the_columns_that_were_chosen()
    {
        await WriteFlightsAsync();
        await using ParquetFile file = await ParquetFile.OpenAsync(Flights);
        FileScan scan = file.Read().Select("Delay", "Origin").Where($"date = {new DateOnly(2024, 1, 2)}");

        Assert.Equal(["Delay", "Origin"], scan.Schema.FieldsList.Select(field => field.Name));
        int rowCount = 0;
        await foreach (RecordBatch batch in scan)
        {
            Assert.Equal(2, batch.ColumnCount);
            rowCount += batch.Length;
        }

        Assert.Equal(MakeFlights().Count(flight => flight.Date == new DateOnly(2024, 1, 2)), rowCount);
    }

    [Fact]
    public async Task A_file_that_was_not_completed_is_not_there()
    {
        await using (ParquetFileWriter parquet = await ParquetFileWriter.CreateAsync<FileFlight>(Flights))
        {
            await parquet.WriteAsync(MakeFlights());
        }

        Assert.Empty(Directory.GetFiles(_folder.FullPath));
        await Assert.ThrowsAsync<Polder.Storage.StoreException>(() => ParquetFile.OpenAsync(Flights));
    }

    [Fact]
    public async Task What_does_not_fit_the_file_is_refused_by_name()
    {
        await WriteFlightsAsync();
        await using ParquetFile file = await ParquetFile.OpenAsync(Flights);

        Assert.Contains("gate", Assert.Throws<ArgumentException>(() => file.Read().Select("gate")).Message);
        Assert.Contains("gate", Assert.Throws<QueryException>(() => file.Read().Where($"gate = {1}")).Message);
    }

    [Fact]
    public async Task Batches_cross_the_C_stream_interface()
    {
        await WriteFlightsAsync();
        await using ParquetFile file = await ParquetFile.OpenAsync(Flights);
        FileScan scan = file.Read().Where($"delay IS NOT NULL");

        int rowCount = 0;
        using (IArrowArrayStream imported = Import(scan))
        {
            Assert.Equal(["Date", "Origin", "Delay"], imported.Schema.FieldsList.Select(field => field.Name));
            while (await imported.ReadNextRecordBatchAsync() is RecordBatch batch)
            {
                using (batch)
                {
                    foreach (FileFlight flight in batch.ToRows<FileFlight>())
                    {
                        Assert.NotNull(flight.Delay);
                        rowCount++;
                    }
                }
            }
        }

        Assert.Equal(MakeFlights().Count(flight => flight.Delay is not null), rowCount);
        Assert.Throws<ArgumentException>(() => scan.ExportTo(0));
    }

    [Fact]
    public void Errors_cross_the_C_stream_interface_and_the_enumeration_ends()
    {
        bool isDisposed = false;
        using (IArrowArrayStream imported = Import(Failing()))
        {
            Exception error = Assert.ThrowsAny<Exception>(
                () => imported.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult());
            Assert.Contains("the disk is gone", error.Message, StringComparison.Ordinal);
        }

        Assert.True(isDisposed);

        async IAsyncEnumerable<RecordBatch> Failing()
        {
            try
            {
                await Task.CompletedTask;
                if (!isDisposed)
                {
                    throw new IOException("the disk is gone");
                }

                yield break;
            }
            finally
            {
                isDisposed = true;
            }
        }
    }

    private static unsafe IArrowArrayStream Import(FileScan scan)
    {
        CArrowArrayStream* stream = CArrowArrayStream.Create();
        scan.ExportTo((nint)stream);
        return CArrowArrayStreamImporter.ImportArrayStream(stream);
    }

    private static unsafe IArrowArrayStream Import(IAsyncEnumerable<RecordBatch> batches)
    {
        CArrowArrayStream* stream = CArrowArrayStream.Create();
        ArrowStreamExport.Export(batches, RowBatches.SchemaOf<FileFlight>(), (nint)stream);
        return CArrowArrayStreamImporter.ImportArrayStream(stream);
    }

    private static IEnumerable<FileFlight> MakeFlights() => Enumerable.Range(0, 20_000).Select(index => new FileFlight(
        new DateOnly(2024, 1, 1).AddDays(index / 5000),
        index % 3 == 0 ? "SEA" : "JFK",
        index % 7 == 0 ? null : index % 100));

    private async Task WriteFlightsAsync()
    {
        await using ParquetFileWriter parquet = await ParquetFileWriter.CreateAsync<FileFlight>(
            Flights, new() { RowsPerRowGroup = 5000 });
        await parquet.WriteAsync(MakeFlights());
        await parquet.CompleteAsync();
    }
}

/// <summary>A row of the tests' file.</summary>
[PolderRow]
public sealed partial record FileFlight(DateOnly Date, string Origin, int? Delay);
