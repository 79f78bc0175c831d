using System;
using System.Numerics;

namespace Polder.Delta.Snapshots;

/// <summary>
/// Finds the row of a path in a table of files: an open hash table of four bytes a place, which hold a row and, in the
/// bits that rows do not need, some of the hash, so that hardly any path is compared in vain.
/// </summary>
internal sealed class PathIndex(FileTable files, PathKeys keys)
{
    private const int FirstCapacity = 16;

    private uint[] _places = new uint[FirstCapacity];
    private int _count;

    /// <summary>Makes room for so many paths.</summary>
    public void Reserve(int count)
    {
        uint capacity = BitOperations.RoundUpToPowerOf2(((uint)count * 4 / 3) + 1);
        if (capacity > _places.Length)
        {
            Rebuild((int)capacity);
        }
    }

    /// <summary>The newest row of a path; -1 where there is none.</summary>
    public int Find(ulong hash, ReadOnlySpan<byte> path)
    {
        uint place = _places[FindPlace(hash, path)];
        return (int)(place & RowMask) - 1;
    }

    /// <summary>Gives a path its row, which is, or is about to be, in the table; an older one is forgotten.</summary>
    public void Set(ulong hash, ReadOnlySpan<byte> path, int row)
    {
        if (_count >= _places.Length / 4 * 3 || row + 1 >= _places.Length)
        {
            Rebuild((int)BitOperations.RoundUpToPowerOf2((uint)int.Max(2 * _places.Length, row + 2)));
        }

        int index = FindPlace(hash, path);
        if (_places[index] == 0)
        {
            _count++;
        }

        _places[index] = Tag(hash) | (uint)(row + 1);
    }

    // Rows are kept from 1; 0 is an empty place.
    private uint RowMask => (uint)_places.Length - 1;

    private uint Tag(ulong hash) => (uint)(hash >> 32) & ~RowMask;

    /// <summary>The place of a path: the one that has it, or the empty one where it belongs.</summary>
    private int FindPlace(ulong hash, ReadOnlySpan<byte> path)
    {
        uint mask = RowMask, tag = Tag(hash);
        for (uint index = (uint)hash & mask; ; index = (index + 1) & mask)
        {
            uint place = _places[index];
            if (place == 0 || ((place & ~mask) == tag && IsSame((int)(place & mask) - 1, path)))
            {
                return (int)index;
            }
        }
    }

    private bool IsSame(int row, ReadOnlySpan<byte> path)
    {
        if (files.IsPath(row, path))
        {
            return true;
        }

        int length = files.GetPathSizeBytes(row);
        Span<byte> known = length <= 1024 ? stackalloc byte[length] : new byte[length];
        files.CopyPath(row, known);
        return keys.AreSame(known, path);
    }

    private void Rebuild(int capacity)
    {
        uint[] old = _places;
        uint oldMask = RowMask;
        _places = new uint[capacity];
        uint mask = RowMask;
        Span<byte> path = stackalloc byte[1024];
        foreach (uint place in old)
        {
            if (place == 0)
            {
                continue;
            }

            uint row = place & oldMask;
            int length = files.GetPathSizeBytes((int)row - 1);
            Span<byte> known = length <= path.Length ? path[..length] : new byte[length];
            files.CopyPath((int)row - 1, known);
            ulong hash = keys.Hash(known);
            uint index = (uint)hash & mask;
            while (_places[index] != 0)
            {
                index = (index + 1) & mask;
            }

            _places[index] = Tag(hash) | row;
        }
    }
}
