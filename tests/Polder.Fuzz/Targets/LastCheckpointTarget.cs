using System;
using System.Collections.Generic;
using System.Text;
using Polder.Delta;
using Polder.Fuzz.Forge;
using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Targets;

/// <summary><c>_last_checkpoint</c>: a hint, so that no bytes in it may change what is read.</summary>
internal sealed class LastCheckpointTarget() : FuzzTarget("last-checkpoint")
{
    private readonly Lazy<byte[]> _checkpoint = new(TableLog.WriteCheckpoint);

    public override IEnumerable<byte[]> Seeds() =>
    [
        Encoding.UTF8.GetBytes("""{"version":1,"size":5}"""),
        Encoding.UTF8.GetBytes("""{"version":1,"size":5,"sizeInBytes":9,"numOfAddFiles":3,"checksum":"ab"}"""),
        Encoding.UTF8.GetBytes(
            """
            {"version":1,"size":5,"v2Checkpoint":
            {"path":"x","sizeInBytes":1,"nonFileActions":[],"sidecarFiles":[]}}
            """),
    ];

    public override void Run(ReadOnlySpan<byte> input)
    {
        MemoryStore store = TableLog.Store(TableLog.File(1, "checkpoint.parquet"), _checkpoint.Value);
        TableLog.Put(store, new StorePath("_delta_log/_last_checkpoint"), input.ToArray());
        Snapshot snapshot = TableLog.Open(store);
        if (snapshot is not { Version: 1, FileCount: 3 })
        {
            throw new BrokenContractException($"{snapshot} with {snapshot.FileCount} files");
        }
    }

    // Whatever the hint says, the table can be read.
    public override bool IsAnswer(Exception exception) => false;
}
