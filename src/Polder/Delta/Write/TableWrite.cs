using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Commit;
using Polder.Delta.Protocol;

namespace Polder.Delta.Write;

/// <summary>
/// One append or overwrite: checks that the table may be written, writes the rows into data files, commits. Data files
/// are deleted again only after a definite failure; where the commit's fate is unknown they stay.
/// </summary>
internal sealed class TableWrite(DeltaTable table, Snapshot snapshot, WriteOptions options, bool replacesAll)
{
    private readonly Engine _engine = table.Engine;

    /// <exception cref="SchemaMismatchException">The rows have other columns than the table.</exception>
    /// <exception cref="ConcurrentModificationException">Another writer got in the way.</exception>
    /// <exception cref="CommitStateUnknownException">The store's answer to the commit was lost.</exception>
    public async Task<CommitResult> RunAsync(
        IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        CheckAllowed();
        if (IsRepeated())
        {
            return new CommitResult { Version = snapshot.Version, IsCommitted = false };
        }

        CommitResult result = await WriteAsync(batches, cancellationToken).ConfigureAwait(false);
        if (result.IsCommitted)
        {
            // Only now, when no failure can make anybody delete the files that the commit names.
            await table.FollowUpAsync(result.Version, cancellationToken).ConfigureAwait(false);
        }

        return result;
    }

    private async Task<CommitResult> WriteAsync(
        IAsyncEnumerable<RecordBatch> batches, CancellationToken cancellationToken)
    {
        IAsyncEnumerator<RecordBatch> input = batches.GetAsyncEnumerator(cancellationToken);
        await using (input.ConfigureAwait(false))
        {
            if (!await input.MoveNextAsync().ConfigureAwait(false))
            {
                return replacesAll || snapshot.IsUnborn
                    ? await CommitAsync(null, [], 0, cancellationToken).ConfigureAwait(false)
                    : new CommitResult { Version = snapshot.Version, IsCommitted = false };
            }

            return await WriteAsync(input, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<CommitResult> WriteAsync(
        IAsyncEnumerator<RecordBatch> input, CancellationToken cancellationToken)
    {
        RecordBatch first = ArrowConvert.ToCanonical(input.Current);
        DataType given = ArrowTypes.FromSchema(first.Schema);
        TableMetadata read = snapshot.State.Metadata;
        SchemaChange? change = SchemaChange.Plan(snapshot, given, options.SchemaMode, replacesAll);
        DataType schema = change?.Schema ?? snapshot.Schema;
        TableMetadata metadata = change?.Metadata ?? read;
        InputShape shape = InputShape.Create(
            given,
            schema,
            PartitionTransform.FindAll(metadata.Configuration),
            options.SchemaMode != SchemaMode.Strict,
            table.Location);
        DataFileWriter writer = new(_engine, table.Store, metadata, schema, options);
        await using (writer.ConfigureAwait(false))
        {
            try
            {
                await writer.WriteAsync(shape.Apply(first), cancellationToken).ConfigureAwait(false);
                while (await input.MoveNextAsync().ConfigureAwait(false))
                {
                    RecordBatch batch = ArrowConvert.ToCanonical(input.Current);
                    CheckSameSchema(given, batch);
                    await writer.WriteAsync(shape.Apply(batch), cancellationToken).ConfigureAwait(false);
                }

                IReadOnlyList<AddFile> files = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
                if (files.Count == 0 && !replacesAll && !snapshot.IsUnborn)
                {
                    return new CommitResult { Version = snapshot.Version, IsCommitted = false };
                }

                return await CommitAsync(change, files, writer.RowCount, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not CommitStateUnknownException)
            {
                await writer.DeleteWrittenAsync().ConfigureAwait(false);
                throw;
            }
        }
    }

    private async Task<CommitResult> CommitAsync(
        SchemaChange? change, IReadOnlyList<AddFile> files, long rowCount, CancellationToken cancellationToken)
    {
        Transaction transaction = new(snapshot.IsUnborn ? null : snapshot)
        {
            Operation = snapshot.IsUnborn ? "CREATE TABLE AS SELECT" : "WRITE",
            ReadsWholeTable = replacesAll,
            UserMetadata = options.UserMetadata,
            OperationParameters = new Dictionary<string, string?>
            {
                ["mode"] = replacesAll ? "Overwrite" : "Append",
                ["partitionBy"] = FormatList(snapshot.PartitionColumns),
            },
        };
        int removed = Stage(transaction, change, files);
        long bytes = files.Sum(file => file.SizeBytes);
        CommitInfo info = new()
        {
            Operation = transaction.Operation,
            OperationParameters = transaction.OperationParameters,
            UserMetadata = transaction.UserMetadata,
            OperationMetrics = new Dictionary<string, string?>
            {
                ["numFiles"] = files.Count.ToString(CultureInfo.InvariantCulture),
                ["numOutputRows"] = rowCount.ToString(CultureInfo.InvariantCulture),
                ["numOutputBytes"] = bytes.ToString(CultureInfo.InvariantCulture),
            },
        };
        CommitOutcome.Committed done = await table.CommitAsync(transaction, info, cancellationToken)
            .ConfigureAwait(false);
        return new CommitResult
        {
            Version = done.Version,
            IsCommitted = true,
            FilesAdded = files.Count,
            FilesRemoved = removed,
            RowsAdded = rowCount,
            BytesAdded = bytes,
            Attempts = done.Attempts,
        };
    }

    /// <summary>Stages what changes; returns how many files are removed.</summary>
    private int Stage(Transaction transaction, SchemaChange? change, IReadOnlyList<AddFile> files)
    {
        if (snapshot.IsUnborn)
        {
            transaction.Stage(snapshot.Protocol);
            transaction.Stage(snapshot.State.Metadata);
        }

        if (change?.Protocol is TableProtocol protocol)
        {
            transaction.Stage(protocol);
        }

        if (change is not null)
        {
            transaction.Stage(change.Metadata);
        }

        if (options.ApplicationId is string application)
        {
            transaction.Stage(new SetTransaction(
                application, options.ApplicationVersion!.Value, _engine.Time.GetUtcNow().ToUnixTimeMilliseconds()));
        }

        foreach (AddFile file in files)
        {
            transaction.Stage(file);
        }

        if (!replacesAll)
        {
            return 0;
        }

        long now = _engine.Time.GetUtcNow().ToUnixTimeMilliseconds();
        for (int row = 0; row < snapshot.State.Files.Count; row++)
        {
            // PROTOCOL: a remove repeats the vector of the add that it ends.
            AddFile file = snapshot.State.Files.GetAction(row);
            transaction.Stage(new RemoveFile
            {
                Path = file.Path,
                DeletionTimestamp = now,
                DataChange = true,
                ExtendedFileMetadata = true,
                PartitionValues = file.PartitionValues,
                SizeBytes = file.SizeBytes,
                DeletionVector = file.DeletionVector,
            });
        }

        return snapshot.State.Files.Count;
    }

    private void CheckAllowed()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.TargetFileBytes, 1, nameof(options));
        if (options.ApplicationId is null != options.ApplicationVersion is null)
        {
            throw new ArgumentException("an application id and its version belong together");
        }

        FeatureGate.CheckWrite(snapshot.Protocol, snapshot.State.Metadata, snapshot.Schema, table.Location);
        if (replacesAll && snapshot.Properties.AppendOnly && snapshot.FileCount > 0)
        {
            throw new ConstraintViolationException(
                $"{table.Location} is append-only (delta.appendOnly): its rows cannot be overwritten");
        }
    }

    private bool IsRepeated() => options.ApplicationId is string application &&
        snapshot.State.Transactions.TryGetValue(application, out SetTransaction? seen) &&
        seen.Version >= options.ApplicationVersion;

    private void CheckSameSchema(DataType first, RecordBatch batch)
    {
        // By their text, which leaves out what may be null: that is a property of a batch, and is checked by value.
        DataType given = ArrowTypes.FromSchema(batch.Schema);
        if (given.ToString() != first.ToString())
        {
            throw new SchemaMismatchException(
                table.Location, [$"a later batch has {given}, the first had {first}"]);
        }
    }

    private static string FormatList(IReadOnlyList<string> names) =>
        "[" + string.Join(',', names.Select(name => $"\"{name}\"")) + "]";
}
