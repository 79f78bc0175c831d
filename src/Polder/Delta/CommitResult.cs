namespace Polder.Delta;

/// <summary>What a change of a table came to.</summary>
public sealed record CommitResult
{
    /// <summary>The version that the change made; the version read where there was nothing to change.</summary>
    public required long Version { get; init; }

    /// <summary>Whether a version was made: not where there was nothing to do.</summary>
    public required bool IsCommitted { get; init; }

    /// <summary>Data files that were added.</summary>
    public int FilesAdded { get; init; }

    /// <summary>Data files that were removed from the table.</summary>
    public int FilesRemoved { get; init; }

    /// <summary>Rows that were written.</summary>
    public long RowsAdded { get; init; }

    /// <summary>Bytes of the data files that were added.</summary>
    public long BytesAdded { get; init; }

    /// <summary>How often the commit was tried, other writers having been faster before.</summary>
    public int Attempts { get; init; } = 1;
}
