using System;
using System.Buffers;
using System.Collections.Generic;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary>Removes in the order of the log, each as the JSON line it would be in a commit.</summary>
internal sealed class TombstoneTable
{
    private readonly BytesColumn _lines = new();
    private readonly List<long> _deletionTimestamps = [];

    public int Count => _deletionTimestamps.Count;

    /// <summary>Milliseconds since the epoch; 0 = unknown, which counts as expired.</summary>
    public long GetDeletionTimestamp(int row) => _deletionTimestamps[row];

    public RemoveFile GetAction(int row) => (RemoveFile)ActionReader.Read(_lines[row].TrimEnd((byte)'\n'))!;

    public void Append(RemoveFile remove)
    {
        ArrayBufferWriter<byte> line = new();
        ActionWriter.WriteLine(line, remove);
        _lines.Append(line.WrittenSpan);
        _deletionTimestamps.Add(remove.DeletionTimestamp);
    }

    public void AppendFrom(TombstoneTable other, int row)
    {
        _lines.AppendFrom(other._lines, row);
        _deletionTimestamps.Add(other._deletionTimestamps[row]);
    }
}
