using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The active files of a snapshot, numbered from 0: chunks of flat columns, oldest first, each shared with the other
/// versions that have it. Immutable.
/// </summary>
internal sealed class FileSet
{
    private readonly int[] _firstFiles;

    public FileSet(IReadOnlyList<FileChunk> chunks)
    {
        Chunks = chunks;
        _firstFiles = new int[chunks.Count + 1];
        for (int index = 0; index < chunks.Count; index++)
        {
            _firstFiles[index + 1] = checked(_firstFiles[index] + chunks[index].Count);
        }
    }

    public static FileSet Empty { get; } = new([]);

    public IReadOnlyList<FileChunk> Chunks { get; }

    /// <summary>Active files.</summary>
    public int Count => _firstFiles[^1];

    /// <summary>Bytes of the files.</summary>
    public long SizeBytes => Chunks.Sum(chunk => chunk.SizeBytes);

    /// <summary>Rows of the table; null where some file does not record its rows.</summary>
    public long? RowCount => Chunks.Any(chunk => chunk.UncountedFiles > 0) ? null : Chunks.Sum(chunk => chunk.RowCount);

    /// <summary>The files of a table that has no older versions to share with.</summary>
    public static FileSet Of(FileTable files) =>
        new([FileChunk.Create(files.Seal(), null, RemovalMask.Empty)]);

    /// <summary>The number of a chunk's first file.</summary>
    public int GetFirstFile(int chunk) => _firstFiles[chunk];

    /// <summary>Where a file's columns are.</summary>
    public (FileTable Table, int Row) Locate(int file)
    {
        (int chunk, int row) = Find(file);
        return (Chunks[chunk].Table, row);
    }

    /// <summary>The chunk that has a file, and its row there.</summary>
    public (int Chunk, int Row) Find(int file)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)file, (uint)Count, nameof(file));
        int chunk = 0;
        while (file >= _firstFiles[chunk + 1])
        {
            chunk++;
        }

        return (chunk, Chunks[chunk].Removed.FindOther(file - _firstFiles[chunk]));
    }

    /// <summary>Whether a logical file is active. Asked only of what the log was replayed to.</summary>
    public bool IsActive(PathKeys keys, ReadOnlySpan<byte> path, string? vectorId)
    {
        ulong hash = keys.Hash(path);
        foreach (FileChunk chunk in Chunks)
        {
            int row = chunk.Index!.Find(hash, path);
            if (row >= 0 && !chunk.Removed.Contains(row))
            {
                return chunk.Table.GetVector(row)?.UniqueId == vectorId;
            }
        }

        return false;
    }

    /// <inheritdoc cref="FileTable.GetPath"/>
    public string GetPath(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetPath(row);
    }

    /// <inheritdoc cref="FileTable.GetSizeBytes"/>
    public long GetSizeBytes(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetSizeBytes(row);
    }

    /// <inheritdoc cref="FileTable.GetModificationTime"/>
    public long GetModificationTime(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetModificationTime(row);
    }

    /// <inheritdoc cref="FileTable.GetPhysicalRowCount"/>
    public long GetPhysicalRowCount(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetPhysicalRowCount(row);
    }

    /// <inheritdoc cref="FileTable.GetRowCount"/>
    public long GetRowCount(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetRowCount(row);
    }

    /// <inheritdoc cref="FileTable.GetStats"/>
    public ReadOnlySpan<byte> GetStats(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetStats(row);
    }

    /// <inheritdoc cref="FileTable.GetVector"/>
    public DeletionVectorDescriptor? GetVector(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetVector(row);
    }

    /// <inheritdoc cref="FileTable.GetChosenRows"/>
    public DeletionVectorDescriptor? GetChosenRows(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetChosenRows(row);
    }

    /// <inheritdoc cref="FileTable.IsChangeFile"/>
    public bool IsChangeFile(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.IsChangeFile(row);
    }

    /// <inheritdoc cref="FileTable.GetBaseRowId"/>
    public long? GetBaseRowId(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetBaseRowId(row);
    }

    /// <inheritdoc cref="FileTable.GetCommitVersion"/>
    public long? GetCommitVersion(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetCommitVersion(row);
    }

    /// <inheritdoc cref="FileTable.GetPartitionValues"/>
    public Dictionary<string, string?> GetPartitionValues(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetPartitionValues(row);
    }

    /// <inheritdoc cref="FileTable.GetAction"/>
    public AddFile GetAction(int file)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetAction(row);
    }

    /// <inheritdoc cref="FileTable.GetPartitionValue"/>
    public string? GetPartitionValue(int file, string column)
    {
        (FileTable table, int row) = Locate(file);
        return table.GetPartitionValue(row, column);
    }
}
