using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Changes;

/// <summary>
/// PROTOCOL "Add CDC File": what one commit changed. Where it has files of changes those alone say it; else its adds
/// and removes do, as far as they change data, and for a file that stays with another deletion vector the difference
/// of the vectors.
/// </summary>
/// <param name="commit">The commit.</param>
/// <param name="root">The table's root, for comparing paths.</param>
/// <param name="fileTime">
/// When its file was written, in milliseconds; a time in the commit itself counts instead.
/// </param>
internal sealed class CommitChanges(CommitFile commit, string root, long fileTime)
{
    private static readonly string[] MergedRowCounts =
        ["numTargetRowsInserted", "numTargetRowsUpdated", "numTargetRowsDeleted"];

    /// <summary>Adds the files that hold the changes: removed rows first, then added ones.</summary>
    public void AppendTo(Snapshots.FileTable files)
    {
        if (commit.Actions.OfType<ChangeFile>().Any())
        {
            foreach (ChangeFile file in commit.Actions.OfType<ChangeFile>())
            {
                files.AppendChangeFile(new AddFile
                {
                    Path = file.Path,
                    SizeBytes = file.SizeBytes,
                    PartitionValues = Describe(file.PartitionValues, null),
                });
            }
        }
        else if (!IsIdleMerge())
        {
            AppendFileActions(files);
        }
    }

    private void AppendFileActions(Snapshots.FileTable files)
    {
        Dictionary<string, RemoveFile> removes = [];
        Dictionary<string, AddFile> adds = [];
        foreach (DeltaAction action in commit.Actions)
        {
            if (action is RemoveFile { DataChange: true } remove)
            {
                removes[FilePath.Canonicalize(remove.Path, root)] = remove;
            }
            else if (action is AddFile { DataChange: true } add)
            {
                adds[FilePath.Canonicalize(add.Path, root)] = add;
            }
        }

        foreach ((string path, RemoveFile remove) in removes)
        {
            AddFile? successor = adds.GetValueOrDefault(path);
            AddFile removed = Describe(remove, successor);
            if (successor is null)
            {
                files.Append(removed);
            }
            else if (successor.DeletionVector is DeletionVectorDescriptor now)
            {
                files.AppendChosen(removed, now);
            }
        }

        foreach ((string path, AddFile add) in adds)
        {
            AddFile added = add with { PartitionValues = Describe(add.PartitionValues, ChangeColumns.Insert) };
            if (!removes.TryGetValue(path, out RemoveFile? predecessor))
            {
                files.Append(added);
            }
            else if (predecessor.DeletionVector is DeletionVectorDescriptor before)
            {
                files.AppendChosen(added, before);
            }
        }
    }

    private AddFile Describe(RemoveFile remove, AddFile? successor) => new()
    {
        Path = remove.Path,
        PartitionValues = Describe(
            remove.PartitionValues ?? successor?.PartitionValues ?? AddFile.NoValues, ChangeColumns.Delete),
        SizeBytes = remove.SizeBytes ?? successor?.SizeBytes ?? 0,
        DeletionVector = remove.DeletionVector,
        BaseRowId = remove.BaseRowId,
        DefaultRowCommitVersion = remove.DefaultRowCommitVersion,
        Stats = successor?.Stats,
    };

    private IReadOnlyDictionary<string, string?> Describe(
        IReadOnlyDictionary<string, string?> partitionValues, string? type) => ChangeColumns.Describe(
            partitionValues, type, commit.Version, commit.Info?.InCommitTimestamp ?? fileTime);

    /// <summary>
    /// delta-spark: a MERGE that changed no row may have rewritten files; its feed has nothing all the same.
    /// </summary>
    private bool IsIdleMerge() => commit.Info is { Operation: "MERGE" } info &&
        MergedRowCounts.All(name => info.OperationMetrics.GetValueOrDefault(name) == "0");
}
