using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;

namespace Polder.Tests.Delta;

/// <summary>A store that does something else when a commit is put: a rival is faster, an answer is lost.</summary>
internal sealed class FaultyStore(IObjectStore inner) : IObjectStore
{
    /// <summary>Runs before a commit is put; gone after the first time.</summary>
    public Func<Task>? BeforeCommit { get; set; }

    /// <summary>The next puts of commits: land = whether they reach the store before the answer is lost.</summary>
    public Queue<bool> LostAnswers { get; } = [];

    /// <summary>Whether reading commits fails while answers are being lost.</summary>
    public bool IsCutOff { get; set; }

    /// <summary>A definite failure of the next put of a commit.</summary>
    public bool RefusesCommit { get; set; }

    public string Root => inner.Root;

    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default) =>
        inner.HeadAsync(path, cancellationToken);

    public ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default) => IsCutOff && IsCommit(path)
            ? throw new StoreException(StoreFailure.Failed, path.Value, "the network is down")
            : inner.ReadAsync(path, range, allocator, cancellationToken);

    public async ValueTask<PutOutcome> PutAsync(
        StorePath path, ReadOnlyMemory<byte> body, PutMode mode, CancellationToken cancellationToken = default)
    {
        if (!IsCommit(path))
        {
            return await inner.PutAsync(path, body, mode, cancellationToken);
        }

        if (BeforeCommit is Func<Task> rival)
        {
            BeforeCommit = null;
            await rival();
        }

        if (RefusesCommit)
        {
            throw new StoreException(StoreFailure.Full, path.Value, "no room");
        }

        if (LostAnswers.TryDequeue(out bool lands))
        {
            if (lands)
            {
                await inner.PutAsync(path, body, mode, cancellationToken);
            }

            throw new StoreException(StoreFailure.Unknown, path.Value, "the answer was lost");
        }

        return await inner.PutAsync(path, body, mode, cancellationToken);
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        inner.OpenWriteAsync(path, cancellationToken);

    public IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix, StorePath? startAfter = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(prefix, startAfter, cancellationToken);

    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        inner.DeleteAsync(path, cancellationToken);

    private static bool IsCommit(StorePath path) =>
        path.Value.StartsWith("_delta_log/0", StringComparison.Ordinal) &&
        path.Value.EndsWith(".json", StringComparison.Ordinal);
}
