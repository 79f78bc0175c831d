using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Protocol;

namespace Polder.Delta.Commit;

/// <summary>
/// Whether a transaction may still be committed after a version that it has not seen: the rules of delta-spark's
/// ConflictChecker, checked once for each winning commit in order. A pure function.
/// </summary>
internal static class ConflictRules
{
    // Switching these on asks no more of a writer than the gate checks: whoever cannot honour them is refused there.
    private static readonly HashSet<string> RebasedProperties = new(StringComparer.OrdinalIgnoreCase)
    {
        "delta.enableDeletionVectors", "delta.checkpointPolicy", "delta.enableRowTracking",
        "delta.rowTracking.materializedRowIdColumnName", "delta.rowTracking.materializedRowCommitVersionColumnName",
        "delta.columnMapping.mode", "delta.columnMapping.maxColumnId", "delta.enableInCommitTimestamps",
        "delta.inCommitTimestampEnablementVersion", "delta.inCommitTimestampEnablementTimestamp",
    };

    /// <summary>Why the transaction must fail, or null where it may be committed on top of the winner.</summary>
    /// <param name="ours">The transaction.</param>
    /// <param name="winner">The version that it has not seen.</param>
    /// <param name="table">The table before the winner; afterwards as the winner left it.</param>
    /// <param name="root">The table's root, for comparing paths.</param>
    /// <exception cref="UnsupportedFeatureException">The winner switched on what Polder's writer lacks.</exception>
    public static ConcurrentModificationException? Check(
        Transaction ours, CommitFile winner, ref TableState? table, string root)
    {
        if (table is null)
        {
            return new ConcurrentWriteException(winner.Version);
        }

        ConcurrentModificationException? conflict =
            CheckTable(ours, winner, table) ?? CheckNames(ours, winner) ?? CheckFiles(ours, winner, root);
        if (conflict is null)
        {
            TableState after = new(
                winner.Actions.OfType<TableProtocol>().LastOrDefault(table.Protocol),
                winner.Actions.OfType<TableMetadata>().LastOrDefault(table.Metadata));
            if (after != table)
            {
                FeatureGate.CheckWrite(
                    after.Protocol, after.Metadata, SchemaJson.Parse(after.Metadata.SchemaString), root);
            }

            table = after;
        }

        return conflict;
    }

    private static ConcurrentModificationException? CheckTable(Transaction ours, CommitFile winner, TableState table)
    {
        foreach (TableProtocol protocol in winner.Actions.OfType<TableProtocol>())
        {
            if (Actions<TableProtocol>(ours).Any() ||
                !TableFeature.FindSupported(table.Protocol).IsSubsetOf(TableFeature.FindSupported(protocol)))
            {
                return new ProtocolChangedException(winner.Version);
            }
        }

        foreach (TableMetadata metadata in winner.Actions.OfType<TableMetadata>())
        {
            if (Actions<TableMetadata>(ours).Any() || !IsRebased(table.Metadata, metadata))
            {
                return new MetadataChangedException(winner.Version);
            }
        }

        return null;
    }

    private static ConcurrentTransactionException? CheckNames(Transaction ours, CommitFile winner)
    {
        SetTransaction? load = winner.Actions.OfType<SetTransaction>().FirstOrDefault(theirs =>
            Actions<SetTransaction>(ours).Any(mine => mine.ApplicationId == theirs.ApplicationId));
        DomainMetadata? domain = winner.Actions.OfType<DomainMetadata>().FirstOrDefault(theirs =>
            Actions<DomainMetadata>(ours).Any(mine => mine.Domain == theirs.Domain));
        string? name = load?.ApplicationId ?? domain?.Domain;
        return name is null ? null : new ConcurrentTransactionException(winner.Version, name);
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

    /// <summary>Whether the metadata is the same but for properties that a transaction is rebased over.</summary>
    private static bool IsRebased(TableMetadata before, TableMetadata after) =>
        after.SchemaString == before.SchemaString && after.Id == before.Id && after.Name == before.Name &&
        after.Description == before.Description &&
        after.PartitionColumns.SequenceEqual(before.PartitionColumns) &&
        before.Configuration.Keys.All(after.Configuration.ContainsKey) &&
        after.Configuration.All(pair =>
            RebasedProperties.Contains(pair.Key) ||
            (before.Configuration.TryGetValue(pair.Key, out string? value) && value == pair.Value));

    private static IEnumerable<T> Actions<T>(Transaction transaction)
        where T : DeltaAction => transaction.Actions.OfType<T>();
}

/// <summary>What the rules of writing to a table depend on.</summary>
internal sealed record TableState(TableProtocol Protocol, TableMetadata Metadata);
