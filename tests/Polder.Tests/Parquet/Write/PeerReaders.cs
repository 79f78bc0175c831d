using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using DuckDB.NET.Data;
using Polder.Columns;
using Polder.Tests.Columns;

namespace Polder.Tests.Parquet.Write;

/// <summary>What other engines find in a file: the oracles of everything that is written.</summary>
internal static class PeerReaders
{
    /// <summary>
    /// The rows as Arrow C++ reads them, checksums verified, a text per value; the types are those written.
    /// </summary>
    public static async Task<List<string[]>> ReadByArrowAsync(string path, DataType schema)
    {
        using ParquetSharp.ReaderProperties properties = ParquetSharp.ReaderProperties.GetDefaultReaderProperties();
        properties.EnablePageChecksumVerification();
        using ParquetSharp.Arrow.FileReader reader = new(path, properties);
        using Apache.Arrow.Ipc.IArrowArrayStream stream = reader.GetRecordBatchReader();
        List<string[]> rows = [];
        while (await stream.ReadNextRecordBatchAsync() is RecordBatch batch)
        {
            using (batch)
            {
                rows.AddRange(Rows(batch, schema));
            }
        }

        return rows;
    }

    /// <summary>The rows of a batch, a text per value.</summary>
    public static IEnumerable<string[]> Rows(RecordBatch batch, DataType schema)
    {
        IArrowArray[] columns = [.. batch.Arrays.Select(ArrowConvert.ToCanonical)];
        for (int row = 0; row < batch.Length; row++)
        {
            yield return [.. columns.Select((column, index) =>
                RandomColumns.Show(ColumnValues.Get(column, row, schema.Fields[index].Type)))];
        }
    }

    /// <summary>Has DuckDB read a file and write what it read into another.</summary>
    public static void CopyByDuckDb(string path, string copy) =>
        Query($"COPY (SELECT * FROM read_parquet('{path}')) TO '{copy}' (FORMAT parquet)", _ => 0);

    /// <summary>Rows of a query to DuckDB, with a name for each column.</summary>
    public static List<Dictionary<string, object?>> QueryDuckDb(string sql) => Query(sql, reader =>
        Enumerable.Range(0, reader.FieldCount).ToDictionary(
            reader.GetName, index => reader.IsDBNull(index) ? null : reader.GetValue(index)));

    /// <summary>A folder that disappears with the holder.</summary>
    public sealed class TemporaryFolder : IDisposable
    {
        public string FullPath { get; } = Directory.CreateTempSubdirectory("polder-").FullName;

        public string File(string name) => Path.Combine(FullPath, name);

        public void Dispose() => Directory.Delete(FullPath, true);
    }

    private static List<T> Query<T>(string sql, Func<DuckDBDataReader, T> read)
    {
        using DuckDBConnection connection = new("DataSource=:memory:");
        connection.Open();
        using DuckDBCommand command = connection.CreateCommand();
        command.CommandText =
            "SET autoinstall_known_extensions=false; SET autoload_known_extensions=false; SET threads=1;";
        command.ExecuteNonQuery();
        command.CommandText = sql;
        using DuckDBDataReader reader = command.ExecuteReader();
        List<T> rows = [];
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
