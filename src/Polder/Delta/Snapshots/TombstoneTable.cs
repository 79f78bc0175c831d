using System;
using System.Buffers;
using System.Collections.Generic;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The removes that a snapshot still carries, each as the JSON line it would be in a commit: they are looked at only
/// when a checkpoint is written.
/// </summary>
internal sealed class TombstoneTable
{
    private readonly BytesColumn _lines = new();
    private readonly BytesColumn _paths = new();
    private readonly List<long> _deletionTimestamps = [];
    private readonly DictionaryColumn _vectorIds = new();

    public static TombstoneTable Empty { get; } = new();

    public int Count => _deletionTimestamps.Count;

    /// <summary>The path as the log spells it.</summary>
    public string GetPath(int row) => _paths.GetText(row)!;

    public string? GetVectorId(int row) => _vectorIds[row];

    /// <summary>Milliseconds since the epoch; 0 = unknown, which counts as expired.</summary>
    public long GetDeletionTimestamp(int row) => _deletionTimestamps[row];

    public RemoveFile GetAction(int row) => (RemoveFile)ActionReader.Read(_lines[row].TrimEnd((byte)'\n'))!;

    public void Append(RemoveFile remove)
    {
        ArrayBufferWriter<byte> line = new();
        ActionWriter.WriteLine(line, remove);
        _lines.Append(line.WrittenSpan);
        _paths.Append(remove.Path);
        _deletionTimestamps.Add(remove.DeletionTimestamp);
        _vectorIds.Append(remove.DeletionVector?.UniqueId);
    }

    public void AppendFrom(TombstoneTable other, int row)
    {
        _lines.AppendFrom(other._lines, row);
        _paths.AppendFrom(other._paths, row);
        _deletionTimestamps.Add(other._deletionTimestamps[row]);
        _vectorIds.Append(other._vectorIds[row]);
    }
}
