using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary>
/// Makes the files of a version from those of an older one: what is added goes into a chunk of its own, what is removed
/// is masked, all else is shared.
/// </summary>
/// <remarks>
/// Of one path at most one add is active: the newest. A remove takes it out where it names the same deletion vector.
/// </remarks>
internal sealed class FileSetBuilder(FileSet older, PathKeys keys)
{
    private const int MostExpected = 1 << 23;
    private const int FewRows = 1 << 16;

    private readonly List<Part> _parts = [.. older.Chunks.Select(chunk => new Part(chunk))];
    private FileTable _table = new();
    private PathIndex? _index;
    private RemovalMask.Builder _removed = new(RemovalMask.Empty);

    /// <summary>What is added, as columns.</summary>
    public FileTable Table => _table;

    private PathIndex Index => _index ??= new PathIndex(_table, keys);

    /// <summary>Makes room for so many adds.</summary>
    public void Expect(long addCount) => Index.Reserve((int)long.Min(_table.Count + addCount, MostExpected));

    /// <summary>Adds a file that is newer than all before.</summary>
    public void Add(AddFile add)
    {
        if (_removed.Count > FewRows && _removed.Count > _table.Count / 2)
        {
            DropRemoved();
        }

        byte[] path = Encoding.UTF8.GetBytes(add.Path);
        ulong hash = keys.Hash(path);
        RemoveActive(hash, path, null, anyVector: true);
        Index.Set(hash, path, _table.Count);
        _table.Append(add);
    }

    /// <summary>Takes a file out, where it is active with this deletion vector.</summary>
    public void Remove(string path, string? vectorId)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(path);
        RemoveActive(keys.Hash(utf8), utf8, vectorId, anyVector: false);
    }

    /// <summary>
    /// Says that a file of the checkpoint, which nothing is older than, becomes the next row of <see cref="Table"/>;
    /// false where the path is there already.
    /// </summary>
    public bool TryClaim(ReadOnlySpan<byte> path)
    {
        ulong hash = keys.Hash(path);
        if (Index.Find(hash, path) >= 0)
        {
            return false;
        }

        Index.Set(hash, path, _table.Count);
        return true;
    }

    /// <summary>The files. The builder is used up.</summary>
    public FileSet Finish()
    {
        List<FileChunk> chunks = [];
        foreach (Part part in _parts)
        {
            Append(chunks, part.Finish());
        }

        if (_table.Count > 0)
        {
            Append(chunks, FileChunk.Create(_table.Seal(), Index, _removed.Build()));
        }

        return new FileSet(chunks);
    }

    private void RemoveActive(ulong hash, ReadOnlySpan<byte> path, string? vectorId, bool anyVector)
    {
        int row = _index?.Find(hash, path) ?? -1;
        if (row >= 0)
        {
            if (anyVector || _table.GetVector(row)?.UniqueId == vectorId)
            {
                _removed.Add(row);
            }

            return;
        }

        // Newest first: where a chunk knows the path, what older ones know of it is outdone.
        for (int index = _parts.Count - 1; index >= 0; index--)
        {
            if (_parts[index].TryRemove(hash, path, vectorId, anyVector))
            {
                return;
            }
        }
    }

    /// <summary>Appends a chunk; what is small or mostly removed becomes one with those before it.</summary>
    private void Append(List<FileChunk> chunks, FileChunk chunk)
    {
        if (chunk.Count == 0)
        {
            return;
        }

        // Each is more than twice the next: as many chunks as the count of files has digits, and each file is copied
        // as many times at most.
        FileChunk[] merged = [chunk];
        while (chunks.Count > 0 && chunks[^1].Count <= 2 * merged.Sum(item => item.Count))
        {
            merged = [chunks[^1], .. merged];
            chunks.RemoveAt(chunks.Count - 1);
        }

        bool isMostlyRemoved = chunk.Removed.Count > chunk.Count;
        chunks.Add(merged.Length == 1 && !isMostlyRemoved ? chunk : Merge(merged));
    }

    private FileChunk Merge(IEnumerable<FileChunk> chunks)
    {
        FileTable table = new();
        PathIndex index = new(table, keys);
        foreach (FileChunk chunk in chunks)
        {
            Copy(chunk.Table, chunk.Removed.Contains, table, index);
        }

        return FileChunk.Create(table.Seal(), index, RemovalMask.Empty);
    }

    private void DropRemoved()
    {
        FileTable table = new();
        PathIndex index = new(table, keys);
        Copy(_table, _removed.Contains, table, index);
        (_table, _index, _removed) = (table, index, new RemovalMask.Builder(RemovalMask.Empty));
    }

    private void Copy(FileTable source, Func<int, bool> isRemoved, FileTable target, PathIndex index)
    {
        Span<byte> memory = stackalloc byte[1024];
        for (int row = 0; row < source.Count; row++)
        {
            if (isRemoved(row))
            {
                continue;
            }

            int length = source.GetPathSizeBytes(row);
            Span<byte> path = length <= memory.Length ? memory[..length] : new byte[length];
            source.CopyPath(row, path);
            index.Set(keys.Hash(path), path, target.Count);
            target.AppendFrom(source, row);
        }
    }

    /// <summary>A chunk of the older version, and what is taken out of it.</summary>
    private sealed class Part(FileChunk chunk)
    {
        private RemovalMask.Builder? _removed;
        private long _sizeBytes = chunk.SizeBytes;
        private long _rowCount = chunk.RowCount;
        private int _uncountedFiles = chunk.UncountedFiles;

        /// <summary>Whether the chunk knows the path; it is taken out as asked.</summary>
        public bool TryRemove(ulong hash, ReadOnlySpan<byte> path, string? vectorId, bool anyVector)
        {
            Invariant.Holds(chunk.Index is not null, "files that were never indexed are advanced");
            int row = chunk.Index!.Find(hash, path);
            if (row >= 0 && (anyVector || chunk.Table.GetVector(row)?.UniqueId == vectorId) &&
                (_removed ??= new RemovalMask.Builder(chunk.Removed)).Add(row))
            {
                long rows = chunk.Table.GetRowCount(row);
                _sizeBytes -= chunk.Table.GetSizeBytes(row);
                _rowCount -= long.Max(rows, 0);
                _uncountedFiles -= rows < 0 ? 1 : 0;
            }

            return row >= 0;
        }

        public FileChunk Finish() => _removed is null ? chunk : chunk with
        {
            Removed = _removed.Build(),
            SizeBytes = _sizeBytes,
            RowCount = _rowCount,
            UncountedFiles = _uncountedFiles,
        };
    }
}
