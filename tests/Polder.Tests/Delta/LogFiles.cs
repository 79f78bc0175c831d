using System;
using System.Buffers;
using System.Text;
using System.Threading.Tasks;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Storage;

namespace Polder.Tests.Delta;

/// <summary>Puts commits by hand: what other engines, or accidents, leave in a log.</summary>
internal static class LogFiles
{
    public static DataType Schema { get; } = DataType.Struct(
        new StructField("id", DataType.Long), new StructField("s", DataType.String));

    public static TableMetadata Metadata { get; } = new()
    {
        Id = "5fba94ed-9794-4965-ba6e-6ee3c0d22af9",
        SchemaString = SchemaJson.Format(Schema),
    };

    public static TableProtocol Protocol { get; } = new(1, 2, null, null);

    public static AddFile Add(string path, long rows = 1) => new()
    {
        Path = path,
        SizeBytes = 100,
        DataChange = true,
        Stats = FormattableString.Invariant($"{{\"numRecords\":{rows}}}"),
    };

    public static RemoveFile Remove(string path) =>
        new() { Path = path, DeletionTimestamp = 1, DataChange = true };

    public static byte[] Encode(params DeltaAction[] actions)
    {
        ArrayBufferWriter<byte> body = new();
        foreach (DeltaAction action in actions)
        {
            ActionWriter.WriteLine(body, action);
        }

        return body.WrittenSpan.ToArray();
    }

    public static Task PutAsync(IObjectStore store, long version, params DeltaAction[] actions) =>
        PutAsync(store, LogPath.ForCommit(version).Value, Encode(actions));

    public static Task PutAsync(IObjectStore store, string path, string body) =>
        PutAsync(store, path, Encoding.UTF8.GetBytes(body));

    public static async Task PutAsync(IObjectStore store, string path, byte[] body) =>
        await store.PutAsync(new StorePath(path), body, PutMode.Overwrite);
}
