using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Forge;

/// <summary>Tables whose log is in the input's hands.</summary>
internal static class TableLog
{
    /// <summary>A table of one column and one file.</summary>
    public static string FirstLines { get; } = string.Join(
        '\n',
        """{"protocol":{"minReaderVersion":1,"minWriterVersion":2}}""",
        $$$"""
        {"metaData":{"id":"i","format":{"provider":"parquet","options":{}},"schemaString":"{{{Quote(Schema)}}}",
        "partitionColumns":[],"configuration":{},"createdTime":1}}
        """.ReplaceLineEndings(""),
        $$$"""
        {"add":{"path":"a.parquet","partitionValues":{},"size":10,"modificationTime":1,"dataChange":true,
        "stats":"{{{Quote(Statistics)}}}"}}
        """.ReplaceLineEndings(""));

    private const string Schema =
        """{"type":"struct","fields":[{"name":"id","type":"long","nullable":true,"metadata":{}}]}""";
    private const string Statistics =
        """{"numRecords":3,"minValues":{"id":1},"maxValues":{"id":9},"nullCount":{"id":0}}""";

    /// <summary>The path of a version's file with that ending.</summary>
    public static StorePath File(long version, string ending) => new($"_delta_log/{version:D20}.{ending}");

    /// <summary>A store with one object.</summary>
    public static MemoryStore Store(StorePath path, byte[] body)
    {
        MemoryStore store = new();
        Put(store, path, body);
        return store;
    }

    /// <summary>Adds an object.</summary>
    public static void Put(MemoryStore store, StorePath path, byte[] body) =>
        Reading.Finish(store.PutAsync(path, body, PutMode.Create).AsTask());

    /// <summary>JSON text of a string.</summary>
    public static string Quote(string text) => JsonEncodedText.Encode(text).ToString();

    /// <summary>Text of bytes, as a log that was read would have it.</summary>
    public static string Text(System.ReadOnlySpan<byte> input) => Encoding.UTF8.GetString(input);

    /// <summary>Opens the newest snapshot and asks it what everybody asks.</summary>
    public static Snapshot Open(MemoryStore store, Engine? engine = null)
    {
        Task<Snapshot> opening = OpenAsync(store, engine ?? Reading.Engine);
        Reading.Finish(opening);
        return opening.Result;
    }

    /// <summary>The checkpoint of a small table, as Polder writes it.</summary>
    public static byte[] WriteCheckpoint()
    {
        MemoryStore store = new();
        Reading.Finish(WriteCheckpointAsync(store));
        using Bytes.BufferSlice body = store.ReadAsync(File(1, "checkpoint.parquet")).AsTask().GetAwaiter().GetResult();
        return body.Span.ToArray();
    }

    private static async Task<Snapshot> OpenAsync(MemoryStore store, Engine engine)
    {
        DeltaTable table = await DeltaTable.OpenAsync(store, engine);
        Snapshot snapshot = await table.SnapshotAsync();
        long sum = snapshot.RowCount ?? 0;
        foreach (DataFile file in snapshot.Files)
        {
            sum += file.SizeBytes;
        }

        _ = sum;
        _ = snapshot.Schema;
        _ = snapshot.Scan().ListFiles();
        if (snapshot.Schema.Fields is [{ Name: "id", Type.Kind: TypeKind.Long }, ..])
        {
            _ = snapshot.Scan().Where($"id > {4}").Explain();
        }

        return snapshot;
    }

    private static async Task WriteCheckpointAsync(MemoryStore store)
    {
        DataType schema = DataType.Struct(
            new StructField("id", DataType.Long), new StructField("part", DataType.String));
        DeltaTable table = await DeltaTable.CreateAsync(
            store,
            schema,
            new TableOptions
            {
                PartitionBy = ["part"],
                Properties = new Dictionary<string, string>
                {
                    ["delta.checkpointInterval"] = "1",
                },
            },
            Reading.Engine);
        Int64Array ids = new Int64Array.Builder().AppendRange([1, 2, 3]).Build();
        StringArray parts = new StringArray.Builder().AppendRange(["x", "y", "z"]).Build();
        await table.AppendAsync(Once(new RecordBatch(ArrowTypes.ToSchema(schema), [ids, parts], 3)));
    }

    private static async IAsyncEnumerable<RecordBatch> Once(RecordBatch batch)
    {
        await Task.CompletedTask;
        yield return batch;
    }
}
