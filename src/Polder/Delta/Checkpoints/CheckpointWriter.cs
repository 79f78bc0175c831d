using System;
using System.Buffers;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Delta.Checkpoints;

/// <summary>
/// Writes a snapshot as a classic checkpoint, then the hint to it. The file appears whole or not at all, and two
/// writers of one version write the same.
/// </summary>
internal sealed class CheckpointWriter(Engine engine, IObjectStore store)
{
    private const int BatchRows = 8192;

    public async ValueTask WriteAsync(Snapshot snapshot, CancellationToken cancellationToken)
    {
        StorePath path = LogPath.ForCheckpoint(snapshot.Version);
        ParquetFileWriter writer = await ParquetFileWriter
            .CreateAsync(
                engine, store, path, CheckpointSchema.Type, ParquetWriteOptions.Default, cancellationToken)
            .ConfigureAwait(false);
        await using (writer.ConfigureAwait(false))
        {
            CheckpointRowBuilder rows = new();
            long actionCount = 0;
            await foreach (DeltaAction action in FindAllAsync(snapshot, cancellationToken).ConfigureAwait(false))
            {
                rows.Append(action);
                actionCount++;
                if (rows.RowCount == BatchRows)
                {
                    await writer.WriteAsync(rows.Build(), cancellationToken).ConfigureAwait(false);
                }
            }

            if (rows.RowCount > 0)
            {
                await writer.WriteAsync(rows.Build(), cancellationToken).ConfigureAwait(false);
            }

            WrittenFile written = await writer.CompleteAsync(cancellationToken).ConfigureAwait(false);
            Invariant.Holds(written.RowCount == actionCount, "a checkpoint has other rows than the snapshot actions");
            await WriteHintAsync(snapshot, actionCount, written.SizeBytes, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>PROTOCOL "Checkpoints": everything that is still valid, tombstones until they expire.</summary>
    private IEnumerable<DeltaAction> FindActions(Snapshot snapshot)
    {
        ReplayResult state = snapshot.State;
        yield return state.Protocol;
        yield return state.Metadata;
        DateTimeOffset now = engine.Time.GetUtcNow();
        TimeSpan? retention = snapshot.Properties.TransactionRetention;
        foreach (SetTransaction transaction in state.Transactions.Values)
        {
            // delta-spark: with a retention, an entry that does not say when it was made is dropped too.
            if (retention is null || transaction.LastUpdated > (now - retention.Value).ToUnixTimeMilliseconds())
            {
                yield return transaction;
            }
        }

        foreach (DomainMetadata domain in state.Domains.Values)
        {
            yield return domain;
        }

        long oldest = (now - snapshot.Properties.DeletedFileRetention).ToUnixTimeMilliseconds();
        foreach (RemoveFile remove in state.Tombstones.Find(state.Files, store.Root, oldest))
        {
            yield return remove;
        }
    }

    /// <summary>The actions and, last, the adds; statistics that are not in memory are read on the way.</summary>
    private async IAsyncEnumerable<DeltaAction> FindAllAsync(
        Snapshot snapshot, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (DeltaAction action in FindActions(snapshot))
        {
            yield return action;
        }

        foreach (FileChunk chunk in snapshot.State.Files.Chunks)
        {
            int row = 0;
            await foreach ((int stored, ReadOnlyMemory<byte> json) in StoredStatistics
                .ReadAsync(engine, store, chunk.Table, cancellationToken).ConfigureAwait(false))
            {
                foreach (AddFile add in FindAdds(chunk, row, stored))
                {
                    yield return add;
                }

                row = stored + 1;
                foreach (AddFile add in FindAdds(chunk, stored, row))
                {
                    yield return json.IsEmpty
                        ? add
                        : add with { Stats = System.Text.Encoding.UTF8.GetString(json.Span) };
                }
            }

            foreach (AddFile add in FindAdds(chunk, row, chunk.Table.Count))
            {
                yield return add;
            }
        }
    }

    /// <summary>The active ones among some rows of a chunk.</summary>
    private static IEnumerable<AddFile> FindAdds(FileChunk chunk, int start, int end)
    {
        for (int row = start; row < end; row++)
        {
            if (!chunk.Removed.Contains(row))
            {
                yield return chunk.Table.GetAction(row);
            }
        }
    }

    private async ValueTask WriteHintAsync(
        Snapshot snapshot, long actionCount, long sizeBytes, CancellationToken cancellationToken)
    {
        long? known = await LastCheckpointHint.LoadAsync(store, cancellationToken).ConfigureAwait(false);
        if (known >= snapshot.Version)
        {
            return;
        }

        ArrayBufferWriter<byte> body = new();
        using (Utf8JsonWriter json = new(body))
        {
            json.WriteStartObject();
            json.WriteNumber("version", snapshot.Version);
            json.WriteNumber("size", actionCount);
            json.WriteNumber("sizeInBytes", sizeBytes);
            json.WriteNumber("numOfAddFiles", snapshot.FileCount);
            json.WriteEndObject();
        }

        await store.PutAsync(LogPath.LastCheckpoint, body.WrittenMemory, PutMode.Overwrite, cancellationToken)
            .ConfigureAwait(false);
    }
}
