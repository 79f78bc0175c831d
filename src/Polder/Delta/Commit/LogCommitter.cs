using System;
using System.Buffers;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Actions;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Delta.Commit;

/// <summary>
/// Puts a transaction into the log: <c>N.json</c> if there is none, else check against whoever was faster and try the
/// next number. The store's put-if-absent alone decides who won.
/// </summary>
internal sealed class LogCommitter(Engine engine, IObjectStore store)
{
    private const int PutsPerVersion = 3;

    public static string EngineInfo { get; } =
        "Polder/" + typeof(LogCommitter).Assembly.GetName().Version!.ToString(3);

    /// <summary>Commits.</summary>
    /// <exception cref="StoreException">A definite failure: nothing was committed.</exception>
    public async ValueTask<CommitOutcome> CommitAsync(
        Transaction transaction, CommitInfo info, CancellationToken cancellationToken)
    {
        string transactionId = engine.NextId().ToString("D", CultureInfo.InvariantCulture);
        ReadOnlyMemory<byte> body = Encode(transaction, info with
        {
            Timestamp = engine.Time.GetUtcNow().ToUnixTimeMilliseconds(),
            ReadVersion = transaction.Read?.Version,
            IsolationLevel = transaction.IsWriteSerializable ? "WriteSerializable" : "Serializable",
            IsBlindAppend = transaction.IsBlindAppend,
            EngineInfo = EngineInfo,
            TransactionId = transactionId,
            ActionCount = transaction.Actions.Count + 1,
        });
        long version = (transaction.Read?.Version ?? -1) + 1;
        TableState? table = transaction.Read is Snapshot read
            ? new TableState(read.State.Protocol, read.State.Metadata)
            : null;
        for (int attempts = 1; ; attempts++)
        {
            // Past this point a cancelled put would leave its outcome unknown, so it is not cancelled.
            cancellationToken.ThrowIfCancellationRequested();
            (bool? isOurs, Exception? cause) = await PutAsync(version, body, transactionId).ConfigureAwait(false);
            if (isOurs is null)
            {
                return new CommitOutcome.Unknown(version, transactionId, cause!);
            }

            if (isOurs.Value)
            {
                return new CommitOutcome.Committed(version, attempts);
            }

            while (await CommitFile.LoadAsync(engine, store, version, cancellationToken)
                .ConfigureAwait(false) is CommitFile winner)
            {
                if (ConflictRules.Check(transaction, winner, ref table, store.Root)
                    is ConcurrentModificationException conflict)
                {
                    return new CommitOutcome.Conflicted(conflict);
                }

                version++;
            }
        }
    }

    /// <summary>Puts one version: true = ours, false = somebody else's is there, null = cannot be known.</summary>
    private async ValueTask<(bool? IsOurs, Exception? Cause)> PutAsync(
        long version, ReadOnlyMemory<byte> body, string transactionId)
    {
        StoreException? unknown = null;
        for (int put = 0; put < PutsPerVersion; put++)
        {
            try
            {
                PutOutcome outcome = await store
                    .PutAsync(LogPath.ForCommit(version), body, PutMode.Create).ConfigureAwait(false);
                if (outcome == PutOutcome.Created)
                {
                    return (true, null);
                }
            }
            catch (StoreException exception) when (exception.Failure == StoreFailure.Unknown || unknown is not null)
            {
                // After one lost answer no later refusal is definite any more.
                unknown = exception;
            }

            // "Exists" may be the answer to our own request, repeated by the store's client after a lost reply.
            (bool? isOurs, Exception? cause) = await ReadBackAsync(version, transactionId).ConfigureAwait(false);
            if (isOurs is not null || cause is not null)
            {
                return (isOurs, cause ?? unknown);
            }
        }

        return (null, unknown ?? new StoreException(
            StoreFailure.Unknown,
            $"{store.Root}/{LogPath.ForCommit(version).Value}",
            "the store says that the commit exists and that it does not"));
    }

    /// <summary>Whose commit a version is; null without a cause where there is none.</summary>
    private async ValueTask<(bool? IsOurs, Exception? Cause)> ReadBackAsync(long version, string transactionId)
    {
        try
        {
            CommitFile? found = await CommitFile
                .LoadAsync(engine, store, version, CancellationToken.None).ConfigureAwait(false);
            return (found is null ? null : found.Info?.TransactionId == transactionId, null);
        }
        catch (Exception exception) when (exception is StoreException or CorruptLogException)
        {
            return (null, exception);
        }
    }

    private static ReadOnlyMemory<byte> Encode(Transaction transaction, CommitInfo info)
    {
        ArrayBufferWriter<byte> body = new();
        foreach (DeltaAction action in transaction.Actions.Prepend(info))
        {
            ActionWriter.WriteLine(body, action);
        }

        return body.WrittenMemory;
    }
}
