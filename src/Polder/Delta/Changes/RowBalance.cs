using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using System.Runtime.InteropServices;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Delta.Changes;

/// <summary>
/// How many more times each row stands on one side than on the other, and which keys both sides have. Rows are held as
/// 128-bit hashes with a seed of their own, so that memory does not grow with their width. Equal as in grouping: null
/// equals null, NaN equals NaN.
/// </summary>
/// <param name="columns">A struct of the columns.</param>
/// <param name="keyColumns">Positions of the key's columns; none = there is no key.</param>
/// <param name="seed">Of the hashes.</param>
/// <param name="limitBytes">What the balance may hold.</param>
internal sealed class RowBalance(DataType columns, int[] keyColumns, long seed, long limitBytes)
{
    // An entry of the dictionary, and of its buckets.
    private const int EntryBytes = 56;

    private readonly RowBuffer _buffer = new();
    private readonly DataType[] _types = [.. columns.Fields.Select(field => field.Type)];
    private readonly Dictionary<UInt128, Entry> _rows = [];
    private readonly Dictionary<UInt128, Sides> _keys = [];
    private readonly MemoryAccount _memory = new(new MemoryBudget(limitBytes), "a difference of snapshots");
    private UInt128[] _hashes = [];
    private UInt128[] _keyHashes = [];

    [Flags]
    private enum Sides : byte
    {
        None,
        Removed = 1,
        Added = 2,
    }

    /// <summary>Counts the rows of one side; all of the first side come before those of the other.</summary>
    /// <exception cref="Expressions.QueryException">There are more different rows than fit into memory.</exception>
    public void Count(RecordBatch batch, bool isRemoved)
    {
        Hash(batch);
        for (int row = 0; row < batch.Length; row++)
        {
            ref Entry entry = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, _hashes[row], out _);
            entry.Count += isRemoved ? 1 : -1;
            entry.Key = keyColumns.Length == 0 ? default : _keyHashes[row];
            if (entry.Count == 0)
            {
                _rows.Remove(_hashes[row]);
            }
        }

        _memory.Set((long)_rows.Count * EntryBytes);
    }

    /// <summary>Both sides were counted: finds the keys that both have.</summary>
    public void Settle()
    {
        foreach (Entry entry in _rows.Values.Where(_ => keyColumns.Length > 0))
        {
            ref Sides sides = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, entry.Key, out _);
            sides |= entry.Count > 0 ? Sides.Removed : Sides.Added;
        }
    }

    /// <summary>The rows of a batch that only its side has, and what happened to each.</summary>
    /// <param name="batch">A batch that was counted, in the same order.</param>
    /// <param name="isRemoved">Its side.</param>
    public (int[] Rows, string[] Types) Choose(RecordBatch batch, bool isRemoved)
    {
        Hash(batch);
        List<int> rows = [];
        List<string> types = [];
        for (int row = 0; row < batch.Length; row++)
        {
            Entry entry = _rows.GetValueOrDefault(_hashes[row]);
            if (isRemoved ? entry.Count <= 0 : entry.Count >= 0)
            {
                continue;
            }

            _rows[_hashes[row]] = entry with { Count = entry.Count + (isRemoved ? -1 : 1) };
            bool isUpdate = _keys.GetValueOrDefault(entry.Key) == (Sides.Removed | Sides.Added);
            rows.Add(row);
            types.Add((isRemoved, isUpdate) switch
            {
                (true, true) => ChangeColumns.UpdatePreimage,
                (true, false) => ChangeColumns.Delete,
                (false, true) => ChangeColumns.UpdatePostimage,
                _ => ChangeColumns.Insert,
            });
        }

        return ([.. rows], [.. types]);
    }

    private void Hash(RecordBatch batch)
    {
        IArrowArray[] arrays = [.. batch.Arrays];
        Hash(_types, arrays, batch.Length, ref _hashes);
        if (keyColumns.Length > 0)
        {
            Hash(
                [.. keyColumns.Select(index => _types[index])],
                [.. keyColumns.Select(index => arrays[index])],
                batch.Length,
                ref _keyHashes);
        }
    }

    private void Hash(DataType[] types, IArrowArray[] arrays, int rowCount, ref UInt128[] hashes)
    {
        if (hashes.Length < rowCount)
        {
            hashes = new UInt128[rowCount];
        }

        _buffer.Encode(types, arrays, rowCount);
        for (int row = 0; row < rowCount; row++)
        {
            hashes[row] = XxHash128.HashToUInt128(_buffer[row], seed);
        }
    }

    private struct Entry
    {
        /// <summary>Positive: so many more in what was removed; negative: in what was added.</summary>
        public int Count;

        public UInt128 Key;
    }
}
