using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using DuckDB.NET.Data;
using Parquet;
using Parquet.Serialization;
using Polder.Files;
using Polder.Storage;
using Polder.Storage.Local;
using Polder.Tests.Parquet.Write;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>What DuckDB and Parquet.Net write is read as Arrow C++ reads it.</summary>
public sealed class PeerFileTests
{
    // Of each type a column of few values, one of many, with no, some and many nulls; and what is nested.
    private const string Columns =
        """
        SELECT
          i AS id, i % 2 = 0 AS flag, (i % 100 - 50)::TINYINT AS i8,
          ((hash(i) % 60000)::INTEGER - 30000)::SMALLINT AS i16,
          (i * 7919 % 1000003)::INTEGER AS i32, (hash(i) % 1000)::BIGINT AS i64, (i % 200)::UTINYINT AS u8,
          (i % 60000)::USMALLINT AS u16, (hash(i) % 4294967295)::UINTEGER AS u32, hash(i) AS u64,
          (i % 17)::FLOAT / 3 AS f32,
          CASE WHEN i % 11 = 0 THEN 'nan'::DOUBLE ELSE i / 7.0 END AS f64,
          (i % 99)::DECIMAL(4, 1) AS d4, (i * 1.01)::DECIMAL(9, 2) AS d9, (i * -1.001)::DECIMAL(18, 3) AS d18,
          (i * 123456.00001)::DECIMAL(38, 5) AS d38, 'few ' || i % 5 AS few, repeat('many ' || i, i % 4) AS many,
          encode('b' || hash(i)) AS bytes, DATE '1969-12-20' + (i % 4000)::INTEGER AS day,
          make_timestamp(i * 987654321) AS at, make_timestamp_ns(i * 987654321987) AS at_ns,
          TIME '00:00:01' + to_seconds(i % 80000) AS time,
          CASE WHEN i % 3 > 0 THEN i END AS some, CASE WHEN i % 97 = 0 THEN 'x' || i END AS seldom,
          NULL::INTEGER AS never, CASE WHEN i > 1000 THEN i % 3 = 0 END AS late,
          CASE i % 4 WHEN 0 THEN NULL WHEN 1 THEN [] ELSE [i, NULL, i + 1] END AS list,
          CASE WHEN i % 5 > 0 THEN [['a' || i % 3], [], ['b', NULL]] END AS lists,
          CASE WHEN i % 6 > 0 THEN {'x': i % 9, 'y': {'z': 'deep ' || i % 2, 'l': [i % 2 = 0]}} END AS struct,
          CASE WHEN i % 7 > 0 THEN MAP {'k' || i % 3: i, 'l': NULL} END AS map
        FROM range(5000) r(i)
        """;

    [Theory]
    [InlineData("V1", "snappy", 2048)]
    [InlineData("V1", "gzip", 100_000)]
    [InlineData("V2", "zstd", 2048)]
    [InlineData("V2", "lz4_raw", 100_000)]
    [InlineData("V2", "uncompressed", 2048)]
    [InlineData("V1", "brotli", 4096)]
    public async Task What_DuckDB_writes_is_read(string version, string codec, int rowsPerRowGroup)
    {
        using PeerReaders.TemporaryFolder folder = new();
        string file = folder.File("duck.parquet");
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture,
            $"COPY ({Columns}) TO '{file}' (FORMAT parquet, PARQUET_VERSION {version}, COMPRESSION {codec}, " +
            $"ROW_GROUP_SIZE {rowsPerRowGroup})");
        command.ExecuteNonQuery();

        // Arrow C++ stumbles over the 33-bit deltas in which DuckDB's V2 packs unsigned integers: there DuckDB reads.
        string copy = folder.File("copy.parquet");
        PeerReaders.CopyByDuckDb(file, copy);
        await ArrowRows.SameAsArrowCppAsync(version == "V1" ? file : copy, ReadAsync(file, 700));
    }

    [Theory]
    [InlineData(1, CompressionMethod.Snappy)]
    [InlineData(2, CompressionMethod.Zstd)]
    [InlineData(3, CompressionMethod.Gzip)]
    [InlineData(4, CompressionMethod.Brotli)]
    [InlineData(5, CompressionMethod.None)]
    public async Task What_Parquet_Net_writes_is_read(int seed, CompressionMethod codec)
    {
        Random random = new(seed);
        using PeerReaders.TemporaryFolder folder = new();
        string file = folder.File("net.parquet");
        List<Row> rows = [.. Enumerable.Range(0, 3000).Select(index => MakeRow(index, random))];
        await ParquetSerializer.SerializeAsync(rows, file, new ParquetOptions
        {
            CompressionMethod = codec,
            RowGroupSize = 1000 * seed,
            DictionaryEncodingThreshold = seed % 2 == 0 ? 0.8 : 0,
        });
        await ArrowRows.SameAsArrowCppAsync(file, ReadAsync(file, 300));
    }

    private static async IAsyncEnumerable<RecordBatch> ReadAsync(string file, int batchRows)
    {
        await using ParquetFileReader reader = await ParquetFileReader.OpenAsync(
            Engine.Default, new LocalStore(Path.GetDirectoryName(file)!), new StorePath(Path.GetFileName(file)));
        await foreach (RecordBatch batch in reader.ReadAsync(new ParquetReadOptions { BatchRows = batchRows }))
        {
            yield return batch;
        }
    }

    private static Row MakeRow(int index, Random random) => new()
    {
        Id = index,
        Flag = random.Next(2) == 0,
        Small = (short)random.Next(short.MinValue, short.MaxValue),
        Big = random.NextInt64(),
        Single = random.NextSingle(),
        Double = random.Next(9) == 0 ? null : random.NextDouble(),
        Money = random.Next(100_000) / 100m,
        Text = random.Next(4) == 0 ? null : $"text {random.Next(20)}",
        Bytes = random.Next(5) == 0 ? null : [(byte)index, (byte)random.Next(256)],
        At = DateTime.UnixEpoch.AddSeconds(random.Next()),
        Numbers = random.Next(4) == 0 ? null : [.. Enumerable.Range(0, random.Next(4)).Select(_ => random.Next(50))],
        Part = random.Next(3) == 0 ? null : new Part { Name = $"p{random.Next(4)}", Count = random.Next(9) },
        Parts = [.. Enumerable.Range(0, random.Next(3)).Select(part => new Part { Name = $"q{part}", Count = null })],
    };

    /// <summary>A row as Parquet.Net's users write it.</summary>
    public sealed class Row
    {
        public int Id { get; set; }

        public bool? Flag { get; set; }

        public short Small { get; set; }

        public long? Big { get; set; }

        public float Single { get; set; }

        public double? Double { get; set; }

        public decimal Money { get; set; }

        public string? Text { get; set; }

        public byte[]? Bytes { get; set; }

        public DateTime At { get; set; }

        public List<int>? Numbers { get; set; }

        public Part? Part { get; set; }

        public List<Part>? Parts { get; set; }
    }

    /// <summary>A part of a row.</summary>
    public sealed class Part
    {
        public string? Name { get; set; }

        public int? Count { get; set; }
    }
}
