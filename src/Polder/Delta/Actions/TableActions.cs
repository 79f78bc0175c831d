using System.Collections.Generic;

namespace Polder.Delta.Actions;

/// <summary>PROTOCOL "Change Metadata": what the table is from this version on.</summary>
internal sealed record TableMetadata : DeltaAction
{
    public required string Id { get; init; }

    public string? Name { get; init; }

    public string? Description { get; init; }

    public string FormatProvider { get; init; } = "parquet";

    public IReadOnlyDictionary<string, string?> FormatOptions { get; init; } = AddFile.NoValues;

    /// <summary>The schema as JSON text.</summary>
    public required string SchemaString { get; init; }

    public IReadOnlyList<string> PartitionColumns { get; init; } = [];

    /// <summary>Milliseconds since the epoch.</summary>
    public long? CreatedTime { get; init; }

    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = AddFile.NoValues;
}

/// <summary>PROTOCOL "Transaction Identifiers": how far an application has got.</summary>
internal sealed record SetTransaction(string ApplicationId, long Version, long? LastUpdated) : DeltaAction;

/// <summary>PROTOCOL "Domain Metadata".</summary>
internal sealed record DomainMetadata(string Domain, string Configuration, bool Removed) : DeltaAction;

/// <summary>PROTOCOL "Add CDC File": rows that a commit changed, each with what happened to it.</summary>
/// <param name="Path">Spelt as the path of an add.</param>
/// <param name="PartitionValues">Physical partition column name to serialised value.</param>
/// <param name="SizeBytes">The file's size.</param>
internal sealed record ChangeFile(
    string Path, IReadOnlyDictionary<string, string?> PartitionValues, long SizeBytes) : DeltaAction;

/// <summary>PROTOCOL "Sidecar File Information": allowed in V2 checkpoints only.</summary>
internal sealed record Sidecar(string Path, long SizeBytes) : DeltaAction;

/// <summary>PROTOCOL "Checkpoint Metadata": what tells a V2 checkpoint from a classic one.</summary>
internal sealed record CheckpointMetadata(long Version) : DeltaAction;

/// <summary>PROTOCOL "Commit Provenance Information": who did what; free form, so everything is optional.</summary>
internal sealed record CommitInfo : DeltaAction
{
    /// <summary>Milliseconds since the epoch, by the writer's clock.</summary>
    public long? Timestamp { get; init; }

    /// <summary>Milliseconds since the epoch; set where in-commit timestamps are enabled.</summary>
    public long? InCommitTimestamp { get; init; }

    public string? Operation { get; init; }

    /// <summary>Values are JSON text where the writer gave anything but a string.</summary>
    public IReadOnlyDictionary<string, string?> OperationParameters { get; init; } = AddFile.NoValues;

    public IReadOnlyDictionary<string, string?> OperationMetrics { get; init; } = AddFile.NoValues;

    public long? ReadVersion { get; init; }

    public string? IsolationLevel { get; init; }

    public bool? IsBlindAppend { get; init; }

    public string? EngineInfo { get; init; }

    public string? TransactionId { get; init; }

    public string? UserName { get; init; }

    public string? UserMetadata { get; init; }

    /// <summary>
    /// Actions of the commit, this one included: written by Polder, so that a commit torn between two lines (whole
    /// JSON lines, some missing) is noticed.
    /// </summary>
    public int? ActionCount { get; init; }
}
