using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The removes that a snapshot still carries. They are looked at only when a checkpoint is written, and only then it
/// is found out which of them still count. Immutable; versions share what they have in common.
/// </summary>
internal sealed class Tombstones
{
    private readonly IReadOnlyList<TombstoneTable> _tables;

    private Tombstones(IReadOnlyList<TombstoneTable> tables)
    {
        _tables = tables;
    }

    public static Tombstones Empty { get; } = new([]);

    /// <summary>With removes that are newer.</summary>
    /// <param name="newer">The removes, by age.</param>
    /// <param name="expiry">Milliseconds since the epoch; removes that are not later may be dropped.</param>
    public Tombstones Append(TombstoneTable newer, long expiry)
    {
        if (newer.Count == 0)
        {
            return this;
        }

        List<TombstoneTable> tables = [.. _tables];
        TombstoneTable last = newer;
        while (tables.Count > 0 && tables[^1].Count <= 2 * last.Count)
        {
            TombstoneTable merged = new();
            foreach (TombstoneTable table in (TombstoneTable[])[tables[^1], last])
            {
                for (int row = 0; row < table.Count; row++)
                {
                    if (table.GetDeletionTimestamp(row) > expiry)
                    {
                        merged.AppendFrom(table, row);
                    }
                }
            }

            tables.RemoveAt(tables.Count - 1);
            last = merged;
        }

        tables.Add(last);
        return new Tombstones(tables);
    }

    /// <summary>
    /// The removes that count: of each logical file the newest, and none whose file is active, since it came back.
    /// </summary>
    /// <param name="files">The active files of the same snapshot.</param>
    /// <param name="root">The table's root.</param>
    /// <param name="after">Milliseconds since the epoch; only later removes are looked for.</param>
    public IEnumerable<RemoveFile> Find(FileSet files, string root, long after = long.MinValue)
    {
        HashSet<UInt128> known = [];
        PathKeys keys = new(root);
        foreach (TombstoneTable table in _tables.Reverse())
        {
            for (int row = table.Count - 1; row >= 0; row--)
            {
                if (table.GetDeletionTimestamp(row) <= after)
                {
                    continue;
                }

                RemoveFile remove = table.GetAction(row);
                string? vectorId = remove.DeletionVector?.UniqueId;
                if (known.Add(Hash(FilePath.Canonicalize(remove.Path, root) + '\0' + vectorId)) &&
                    !files.IsActive(keys, Encoding.UTF8.GetBytes(remove.Path), vectorId))
                {
                    yield return remove;
                }
            }
        }
    }

    /// <summary>128 bits: two of a billion different files share one with a chance below 1e-20.</summary>
    private static UInt128 Hash(string key) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(key));
}
