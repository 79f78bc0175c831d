using System;
using System.Collections.Generic;
using Polder.Delta.Actions;

namespace Polder.Delta;

/// <summary>One commit of a table's history.</summary>
public sealed class TableCommit
{
    internal TableCommit(long version, DateTimeOffset timestamp, CommitInfo? info)
    {
        Version = version;
        Timestamp = info?.InCommitTimestamp is long time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : timestamp;
        Operation = info?.Operation;
        OperationParameters = info?.OperationParameters ?? AddFile.NoValues;
        OperationMetrics = info?.OperationMetrics ?? AddFile.NoValues;
        ReadVersion = info?.ReadVersion;
        IsolationLevel = info?.IsolationLevel;
        IsBlindAppend = info?.IsBlindAppend;
        EngineInfo = info?.EngineInfo;
        UserName = info?.UserName;
        UserMetadata = info?.UserMetadata;
        TransactionId = info?.TransactionId;
    }

    /// <summary>The version that the commit made.</summary>
    public long Version { get; }

    /// <summary>When it was made: the commit's own timestamp where it has one, else the store's.</summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>What was done (WRITE, DELETE, …), where the writer said so.</summary>
    public string? Operation { get; }

    /// <summary>How it was done; values are JSON text unless they are plain text.</summary>
    public IReadOnlyDictionary<string, string?> OperationParameters { get; }

    /// <summary>What it amounted to.</summary>
    public IReadOnlyDictionary<string, string?> OperationMetrics { get; }

    /// <summary>The version that the writer had read.</summary>
    public long? ReadVersion { get; }

    /// <summary>Serializable, WriteSerializable or SnapshotIsolation.</summary>
    public string? IsolationLevel { get; }

    /// <summary>Whether rows were added without looking at the table.</summary>
    public bool? IsBlindAppend { get; }

    /// <summary>The engine that wrote it.</summary>
    public string? EngineInfo { get; }

    /// <summary>Who wrote it.</summary>
    public string? UserName { get; }

    /// <summary>What the user wanted to have noted.</summary>
    public string? UserMetadata { get; }

    /// <summary>The writer's unique id of the commit.</summary>
    public string? TransactionId { get; }
}
