using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;

namespace Polder.Delta.Commit;

/// <summary>
/// What an operation wants to commit, and what it has read to decide on that: all that the conflict rules look at.
/// </summary>
internal sealed class Transaction(Snapshot? read)
{
    private readonly List<DeltaAction> _actions = [];

    /// <summary>The snapshot that the operation started from; null where it creates the table.</summary>
    public Snapshot? Read { get; } = read;

    public IReadOnlyList<DeltaAction> Actions => _actions;

    /// <summary>Whether the result depends on every row of the table.</summary>
    public bool ReadsWholeTable { get; init; }

    /// <summary>WRITE, CREATE TABLE, … as Delta's history calls it.</summary>
    public required string Operation { get; init; }

    public IReadOnlyDictionary<string, string?> OperationParameters { get; init; } = AddFile.NoValues;

    public string? UserMetadata { get; init; }

    /// <summary>PROTOCOL and delta-spark: only adds, and nothing of the table was read.</summary>
    public bool IsBlindAppend => !ReadsWholeTable && !_actions.Any(action => action is RemoveFile);

    /// <summary>Isolation level of the table; Serializable unless it says otherwise.</summary>
    public bool IsWriteSerializable { get; init; } =
        read?.Properties.Find("delta.isolationLevel") == "WriteSerializable";

    public void Stage(DeltaAction action) => _actions.Add(action);
}
