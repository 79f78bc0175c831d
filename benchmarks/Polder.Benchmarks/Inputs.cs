using System;
using System.Globalization;
using System.IO;
using System.Security.Cryptography;
using DuckDB.NET.Data;

namespace Polder.Benchmarks;

/// <summary>The files that jobs read, made once, and a folder for what they write.</summary>
internal sealed class Inputs
{
    public Inputs(string shared, string scratch, int lineitemCopies)
    {
        Shared = shared;
        Scratch = scratch;
        LineitemCopies = lineitemCopies;
        Directory.CreateDirectory(scratch);
    }

    /// <summary>The shared data.</summary>
    public string Shared { get; }

    /// <summary>Where files are made; deleted by hand.</summary>
    public string Scratch { get; }

    /// <summary>How many copies of the 600,572-row table make the large one.</summary>
    public int LineitemCopies { get; }

    /// <summary>Whether only the answers count, not the times: one small copy.</summary>
    public bool IsDry => LineitemCopies == 1;

    public string Flights => Path.Combine(Shared, "data", "flights-3m.parquet");

    /// <summary>lineitem as DuckDB writes it by default: snappy, V1 pages.</summary>
    public string LineitemSnappy => Path.Combine(Scratch, $"lineitem-{LineitemCopies}x-snappy.parquet");

    /// <summary>The same rows as ParquetSharp writes them: zstd, a million rows a row group, a page index.</summary>
    public string LineitemIndexed => Path.Combine(Scratch, $"lineitem-{LineitemCopies}x-indexed.parquet");

    /// <summary>Makes what is missing and says what there is.</summary>
    public void Prepare(TextWriter log)
    {
        if (!File.Exists(LineitemSnappy))
        {
            string source = Path.Combine(Shared, "data", "tpch-sf0.1", "lineitem.parquet");
            Duck.Execute(
                "SET threads=1",
                string.Create(CultureInfo.InvariantCulture, $"""
                    COPY (SELECT l_orderkey + i * 600000 AS l_orderkey, l.* EXCLUDE (l_orderkey)
                          FROM range({LineitemCopies}) copies(i), read_parquet('{source}') l ORDER BY i, l_orderkey)
                    TO '{LineitemSnappy}.new' (FORMAT parquet, COMPRESSION snappy, ROW_GROUP_SIZE 122880)
                    """));
            File.Move(LineitemSnappy + ".new", LineitemSnappy);
        }

        if (!File.Exists(LineitemIndexed))
        {
            CopyWithParquetSharp(LineitemSnappy, LineitemIndexed + ".new");
            File.Move(LineitemIndexed + ".new", LineitemIndexed);
        }

        foreach (string file in (string[])[Flights, LineitemSnappy, LineitemIndexed, .. ShapeFiles.Make(this)])
        {
            using FileStream stream = File.OpenRead(file);
            log.WriteLine($"{Path.GetFileName(file)}: {stream.Length:N0} bytes, SHA-256 " +
                Convert.ToHexStringLower(SHA256.HashData(stream)));
        }
    }

    private static void CopyWithParquetSharp(string source, string target)
    {
        using ParquetSharp.Arrow.FileReader reader = new(source);
        using ParquetSharp.WriterPropertiesBuilder builder = new();
        builder.Compression(ParquetSharp.Compression.Zstd).CompressionLevel(1).EnableWritePageIndex();
        using ParquetSharp.WriterProperties properties = builder.Build();
        using ParquetSharp.Arrow.FileWriter writer = new(target, reader.Schema, properties);
        using Apache.Arrow.Ipc.IArrowArrayStream batches = reader.GetRecordBatchReader();
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is Apache.Arrow.RecordBatch batch)
        {
            using (batch)
            {
                writer.WriteBufferedRecordBatch(batch);
            }
        }

        writer.Close();
    }

    /// <summary>A path in the scratch folder that does not exist (any more).</summary>
    public string Fresh(string name)
    {
        string path = Path.Combine(Scratch, name);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }

        File.Delete(path);
        return path;
    }
}

/// <summary>DuckDB as a peer: in process, nothing downloaded, UTC.</summary>
internal static class Duck
{
    public static string Execute(params string[] statements)
    {
        using DuckDBConnection connection = new("Data Source=:memory:");
        connection.Open();
        string result = "";
        foreach (string statement in (string[])
            [
                "SET autoinstall_known_extensions=false",
                "SET autoload_known_extensions=false",
                "SET TimeZone='UTC'",
                .. statements,
            ])
        {
            using DuckDBCommand command = connection.CreateCommand();
            command.CommandText = statement;
            using DuckDBDataReader reader = (DuckDBDataReader)command.ExecuteReader();
            result = "";
            while (reader.Read())
            {
                for (int column = 0; column < reader.FieldCount; column++)
                {
                    result += Convert.ToString(reader.GetValue(column), CultureInfo.InvariantCulture) + "|";
                }

                result += "\n";
            }
        }

        return result;
    }
}
