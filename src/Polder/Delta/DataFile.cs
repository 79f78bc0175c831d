using System;
using System.Collections;
using System.Collections.Generic;
using Polder.Delta.Snapshots;

namespace Polder.Delta;

/// <summary>A data file of a snapshot.</summary>
public sealed class DataFile
{
    internal DataFile(FileSet files, int row)
    {
        Path = files.GetPath(row);
        SizeBytes = files.GetSizeBytes(row);
        RowCount = files.GetRowCount(row) is long count and >= 0 ? count : null;
        ModificationTime = DateTimeOffset.FromUnixTimeMilliseconds(files.GetModificationTime(row));
        PartitionValues = files.GetPartitionValues(row);
        DeletedRowCount = files.GetVector(row)?.Cardinality ?? 0;
    }

    /// <summary>The path as the log spells it: URI-encoded, below the table or absolute.</summary>
    public string Path { get; }

    /// <summary>The file's size in bytes.</summary>
    public long SizeBytes { get; }

    /// <summary>Rows of the table in the file, deleted ones left out; null where not recorded.</summary>
    public long? RowCount { get; }

    /// <summary>Rows of the file that a deletion vector removes.</summary>
    public long DeletedRowCount { get; }

    /// <summary>When the file was written, by its writer's clock.</summary>
    public DateTimeOffset ModificationTime { get; }

    /// <summary>Serialised partition values by physical column name.</summary>
    public IReadOnlyDictionary<string, string?> PartitionValues { get; }
}

/// <summary>The files of a snapshot, made one by one as they are looked at.</summary>
internal sealed class DataFileList(FileSet files) : IReadOnlyList<DataFile>
{
    public int Count => files.Count;

    public DataFile this[int index] => new(files, index);

    public IEnumerator<DataFile> GetEnumerator()
    {
        for (int row = 0; row < files.Count; row++)
        {
            yield return new DataFile(files, row);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
