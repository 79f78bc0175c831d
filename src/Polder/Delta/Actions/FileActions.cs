using System.Collections.Generic;

namespace Polder.Delta.Actions;

/// <summary>One action of a commit or checkpoint. PROTOCOL "Actions".</summary>
public abstract record DeltaAction
{
    private protected DeltaAction()
    {
    }
}

/// <summary>An action on one data file.</summary>
internal abstract record FileAction : DeltaAction
{
    /// <summary>The file's path exactly as the log spells it: URI-encoded, relative to the table or absolute.</summary>
    public required string Path { get; init; }

    /// <summary>Which rows of the file are gone, or null.</summary>
    public DeletionVectorDescriptor? DeletionVector { get; init; }
}

/// <summary>PROTOCOL "Add File and Remove File": a file that belongs to the table from this version on.</summary>
internal sealed record AddFile : FileAction
{
    /// <summary>Physical partition column name to serialised value; null and missing are null.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues { get; init; } = NoValues;

    public long SizeBytes { get; init; }

    /// <summary>Milliseconds since the epoch.</summary>
    public long ModificationTime { get; init; }

    public bool DataChange { get; init; }

    /// <summary>The statistics as JSON text, or null.</summary>
    public string? Stats { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }

    public string? ClusteringProvider { get; init; }

    internal static readonly IReadOnlyDictionary<string, string?> NoValues = new Dictionary<string, string?>();
}

/// <summary>A file that no longer belongs to the table; kept as a tombstone until it expires.</summary>
internal sealed record RemoveFile : FileAction
{
    /// <summary>Milliseconds since the epoch; 0 = absent, which counts as expired.</summary>
    public long DeletionTimestamp { get; init; }

    public bool DataChange { get; init; }

    public bool ExtendedFileMetadata { get; init; }

    public IReadOnlyDictionary<string, string?>? PartitionValues { get; init; }

    public long? SizeBytes { get; init; }

    public IReadOnlyDictionary<string, string?>? Tags { get; init; }

    public long? BaseRowId { get; init; }

    public long? DefaultRowCommitVersion { get; init; }
}

/// <summary>PROTOCOL "Deletion Vector Descriptor Schema".</summary>
/// <param name="StorageType">u = relative file, p = absolute file, i = inline.</param>
/// <param name="PathOrInline">The file or the Z85 text, by storage type.</param>
/// <param name="Offset">Bytes from the start of the file to the size field; null and 0 are different ids.</param>
/// <param name="SizeBytes">Bytes of the bitmap, without size field and checksum.</param>
/// <param name="Cardinality">Rows that are gone.</param>
internal sealed record DeletionVectorDescriptor(
    string StorageType, string PathOrInline, int? Offset, int SizeBytes, long Cardinality)
{
    /// <summary>PROTOCOL "Derived Fields": what tells two vectors of one file apart.</summary>
    public string UniqueId => Offset is int offset
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{StorageType}{PathOrInline}@{offset}")
        : StorageType + PathOrInline;
}
