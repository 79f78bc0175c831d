using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Text;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;

namespace Polder.Delta.Changes;

/// <summary>
/// The files that hold what two snapshots do not share. A file that both have with the same deletion vector is in
/// neither; of one that both have with different vectors only the rows count that one of them takes out.
/// </summary>
/// <param name="Removed">Files with rows that only the first snapshot has.</param>
/// <param name="Added">Files with rows that only the second has.</param>
internal sealed record FileDifference(FileSet Removed, FileSet Added)
{
    /// <summary>All files of both, whether shared or not.</summary>
    public static FileDifference Everything(Snapshot from, Snapshot to) => new(from.State.Files, to.State.Files);

    public static FileDifference Find(Snapshot from, Snapshot to)
    {
        FileSet before = from.State.Files, after = to.State.Files;
        Dictionary<UInt128, int> known = new(before.Count);
        for (int row = 0; row < before.Count; row++)
        {
            known[Key(from, row)] = row;
        }

        FileTable removed = new(), added = new();
        HashSet<int> shared = [];
        List<(int Before, int After)> changed = [];
        for (int row = 0; row < after.Count; row++)
        {
            if (!known.TryGetValue(Key(to, row), out int old) || before.GetSizeBytes(old) != after.GetSizeBytes(row))
            {
                added.Append(after.GetAction(row));
                continue;
            }

            shared.Add(old);
            if (before.GetVector(old)?.UniqueId != after.GetVector(row)?.UniqueId)
            {
                changed.Add((old, row));
            }
        }

        for (int row = 0; row < before.Count; row++)
        {
            if (!shared.Contains(row))
            {
                removed.Append(before.GetAction(row));
            }
        }

        foreach ((int old, int row) in changed)
        {
            // Of the file with its vector, those rows that the other one's vector takes out.
            if (after.GetVector(row) is DeletionVectorDescriptor now)
            {
                removed.AppendChosen(before.GetAction(old), now);
            }

            if (before.GetVector(old) is DeletionVectorDescriptor then)
            {
                added.AppendChosen(after.GetAction(row), then);
            }
        }

        return new FileDifference(FileSet.Of(removed), FileSet.Of(added));
    }

    private static UInt128 Key(Snapshot snapshot, int row) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(
        FilePath.Canonicalize(snapshot.State.Files.GetPath(row), snapshot.Locator.Store.Root)));
}
