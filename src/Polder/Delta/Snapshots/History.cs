using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Polder.Delta.Log;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>Reads the commits that are still there, newest first.</summary>
internal static class History
{
    public static async IAsyncEnumerable<TableCommit> ReadAsync(
        Engine engine,
        IObjectStore store,
        int limit,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LogListing listing = await LogListing.LoadAsync(store, 0, cancellationToken).ConfigureAwait(false);
        if (listing.IsEmpty)
        {
            throw new TableNotFoundException(store.Root);
        }

        int last = int.Max(0, listing.Commits.Count - limit);
        long[] times = TimeTravel.GetFileTimes(listing.Commits);
        for (int index = listing.Commits.Count - 1; index >= last; index--)
        {
            long version = listing.Commits[index].Version;
            CommitFile? commit = await CommitFile
                .LoadAsync(engine, store, version, cancellationToken).ConfigureAwait(false);
            if (commit is not null)
            {
                yield return new TableCommit(
                    version, DateTimeOffset.FromUnixTimeMilliseconds(times[index]), commit.Info);
            }
        }
    }
}
