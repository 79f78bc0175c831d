using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Commit;

/// <summary>
/// Whether a transaction may still be committed after a version that it has not seen: the rules of delta-spark's
/// ConflictChecker, checked once for each winning commit in order. A pure function.
/// </summary>
internal static class ConflictRules
{
    // Properties that a winner may switch on without changing what an append or overwrite has to do.
    private static readonly HashSet<string> HarmlessProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "delta.enableDeletionVectors", "delta.checkpointPolicy",
    };

    /// <summary>Why the transaction must fail, or null where it may be committed on top of the winner.</summary>
    public static ConcurrentModificationException? Check(Transaction ours, CommitFile winner, string root)
    {
        if (ours.Read is null)
        {
            return new ConcurrentWriteException(winner.Version);
        }

        foreach (DeltaAction action in winner.Actions)
        {
            switch (action)
            {
                case TableProtocol:
                    return new ProtocolChangedException(winner.Version);
                case TableMetadata metadata when !IsHarmless(ours, metadata):
                    return new MetadataChangedException(winner.Version);
                case SetTransaction theirs when Actions<SetTransaction>(ours)
                    .Any(mine => mine.ApplicationId == theirs.ApplicationId):
                    return new ConcurrentTransactionException(winner.Version, theirs.ApplicationId);
                case DomainMetadata theirs when Actions<DomainMetadata>(ours)
                    .Any(mine => mine.Domain == theirs.Domain):
                    return new ConcurrentTransactionException(winner.Version, theirs.Domain);
                default:
                    break;
            }
        }

        return CheckFiles(ours, winner, root);
    }

    private static ConcurrentModificationException? CheckFiles(Transaction ours, CommitFile winner, string root)
    {
        if (ours.IsBlindAppend)
        {
            return null;
        }

        bool toleratesAppend = ours.IsWriteSerializable && winner.Info?.IsBlindAppend == true &&
            !Actions<TableMetadata>(ours).Any();
        if (ours.ReadsWholeTable && !toleratesAppend && winner.Actions.OfType<AddFile>().Any())
        {
            return new ConcurrentAppendException(winner.Version);
        }

        HashSet<string> removed = [.. Actions<RemoveFile>(ours).Select(mine => FilePath.Canonicalize(mine.Path, root))];
        foreach (RemoveFile theirs in winner.Actions.OfType<RemoveFile>())
        {
            if (ours.ReadsWholeTable)
            {
                return new ConcurrentDeleteReadException(winner.Version, theirs.Path);
            }

            if (removed.Contains(FilePath.Canonicalize(theirs.Path, root)))
            {
                return new ConcurrentDeleteDeleteException(winner.Version, theirs.Path);
            }
        }

        return null;
    }

    /// <summary>Whether the winner only switched on something that changes nothing for us.</summary>
    private static bool IsHarmless(Transaction ours, TableMetadata winner)
    {
        TableMetadata read = ours.Read!.State.Metadata;
        return !Actions<TableMetadata>(ours).Any() && winner.SchemaString == read.SchemaString &&
            winner.Id == read.Id && winner.Name == read.Name && winner.Description == read.Description &&
            winner.PartitionColumns.SequenceEqual(read.PartitionColumns) &&
            read.Configuration.Keys.All(winner.Configuration.ContainsKey) &&
            winner.Configuration.All(pair =>
                HarmlessProperties.Contains(pair.Key) ||
                (read.Configuration.TryGetValue(pair.Key, out string? value) && value == pair.Value));
    }

    private static IEnumerable<T> Actions<T>(Transaction transaction)
        where T : DeltaAction => transaction.Actions.OfType<T>();
}
