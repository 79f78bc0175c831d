using System;
using System.Globalization;
using System.IO;
using System.Linq;
using ParquetSharp;
using Arrow = ParquetSharp.Arrow;

namespace Polder.Benchmarks;

/// <summary>Files of shapes that lineitem has not, smaller than it; made once.</summary>
internal static class ShapeFiles
{
    /// <summary>Rows of most of them when measured.</summary>
    private const int RowCount = 500_000;

    /// <summary>Makes what is missing; all paths.</summary>
    public static string[] Make(Inputs inputs) =>
        [Zstd(inputs), Strings(inputs), Nested(inputs), Int96(inputs), Wide(inputs)];

    public static string Zstd(Inputs inputs) => Of(inputs, "lineitem-zstd", (path, _) => WriteZstd(inputs, path));

    public static string Strings(Inputs inputs) => Of(inputs, "strings", (path, rows) => Copy(path, $"""
        SELECT 'customer ' || i AS name, md5(i::VARCHAR) AS digest, 'category ' || (i % 100) AS category,
               repeat('words and ', (i % 9)::BIGINT) || i AS text FROM range({rows}) t(i)
        """));

    public static string Nested(Inputs inputs) => Of(inputs, "nested", (path, rows) => Copy(path, $"""
        SELECT i AS id, list_transform(range(i % 6), x -> struct_pack(price := x * i, label := 'item ' || (x % 10),
               flags := range(x % 3))) AS items FROM range({rows / 2}) t(i)
        """));

    public static string Wide(Inputs inputs) => Of(inputs, "wide", (path, rows) => Copy(path,
        $"SELECT {string.Join(", ", Enumerable.Range(0, 1000).Select(Column))} " +
        $"FROM range({rows / 25}) t(i)"));

    private static string Column(int column) => FormattableString.Invariant($"(i * {column}) % 997 AS c{column}");

    public static string Int96(Inputs inputs) => Of(inputs, "int96", WriteInt96);

    private static string Of(Inputs inputs, string name, Action<string, int> write)
    {
        int rows = inputs.IsDry ? 5000 : RowCount;
        string path = Path.Combine(
            inputs.Scratch, string.Create(CultureInfo.InvariantCulture, $"{name}-{rows}.parquet"));
        if (!File.Exists(path))
        {
            string made = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}");
            write(made, rows);
            File.Move(made, path, overwrite: true);
        }

        return path;
    }

    private static void Copy(string path, FormattableString select) => Copy(path, FormattableString.Invariant(select));

    private static void Copy(string path, string select) => Duck.Execute(
        "SET threads=1", $"COPY ({select}) TO '{path}' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)");

    // One copy of lineitem, as Arrow C++ writes it with zstd.
    private static void WriteZstd(Inputs inputs, string path)
    {
        string source = Path.Combine(inputs.Shared, "data", "tpch-sf0.1", "lineitem.parquet");
        using Arrow.FileReader reader = new(source);
        using Apache.Arrow.Ipc.IArrowArrayStream batches = reader.GetRecordBatchReader();
        using WriterPropertiesBuilder builder = new();
        using WriterProperties properties = builder.Compression(Compression.Zstd).Build();
        using Arrow.FileWriter writer = new(path, reader.Schema, properties);
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is Apache.Arrow.RecordBatch batch)
        {
            using (batch)
            {
                writer.WriteRecordBatch(batch, 122_880);
            }
        }

        writer.Close();
    }

    private static void WriteInt96(string path, int rows)
    {
        using ParquetFileWriter writer = new(path, [new Column<Int96>("first"), new Column<Int96>("second")]);
        using RowGroupWriter rowGroup = writer.AppendRowGroup();
        foreach (int scale in new[] { 1, 1000 })
        {
            using LogicalColumnWriter<Int96> column = rowGroup.NextColumn().LogicalWriter<Int96>();
            column.WriteBatch([.. Enumerable.Range(0, rows).Select(row => new Int96(
                row * scale * 1000, 0, 2_455_000 + (row % 5000)))]);
        }

        writer.Close();
    }
}
