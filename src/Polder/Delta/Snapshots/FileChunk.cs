namespace Polder.Delta.Snapshots;

/// <summary>
/// Files that came into a snapshot together, without those that were taken out since. The table and the index are
/// shared by all versions that have the files; only what was taken out differs.
/// </summary>
internal sealed record FileChunk(FileTable Table, PathIndex? Index, RemovalMask Removed)
{
    /// <summary>Active files.</summary>
    public int Count => Table.Count - Removed.Count;

    /// <summary>Bytes of the active files.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Rows of the active files that record them.</summary>
    public required long RowCount { get; init; }

    /// <summary>Active files that do not record their rows.</summary>
    public required int UncountedFiles { get; init; }

    /// <summary>A chunk of a sealed table.</summary>
    public static FileChunk Create(FileTable table, PathIndex? index, RemovalMask removed)
    {
        long sizeBytes = 0, rowCount = 0;
        int uncounted = 0;
        for (int row = 0; row < table.Count; row++)
        {
            if (removed.Count > 0 && removed.Contains(row))
            {
                continue;
            }

            sizeBytes += table.GetSizeBytes(row);
            long rows = table.GetRowCount(row);
            rowCount += long.Max(rows, 0);
            uncounted += rows < 0 ? 1 : 0;
        }

        return new FileChunk(table, index, removed)
        {
            SizeBytes = sizeBytes,
            RowCount = rowCount,
            UncountedFiles = uncounted,
        };
    }
}
