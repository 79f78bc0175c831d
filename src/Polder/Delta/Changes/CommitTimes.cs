using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Storage;

namespace Polder.Delta.Changes;

/// <summary>
/// When commits were made, by the modification times of their files, raised to be strictly increasing. Milliseconds.
/// </summary>
internal sealed class CommitTimes
{
    // delta-spark looks back so far to find what the times of commits have to be raised above.
    private const int TimesLookedBack = 100;

    private readonly IObjectStore _store;
    private readonly Dictionary<long, long> _times = [];
    private long _newest = long.MinValue;

    private CommitTimes(IObjectStore store)
    {
        _store = store;
    }

    /// <summary>Those that are there, from a version on.</summary>
    public static async ValueTask<CommitTimes> LoadAsync(
        IObjectStore store, long version, CancellationToken cancellationToken)
    {
        CommitTimes loaded = new(store);
        LogListing listing = await LogListing
            .LoadAsync(store, long.Max(0, version - TimesLookedBack), cancellationToken).ConfigureAwait(false);
        long[] times = TimeTravel.GetFileTimes(listing.Commits);
        for (int index = 0; index < times.Length; index++)
        {
            loaded._times[listing.Commits[index].Version] = times[index];
            loaded._newest = times[index];
        }

        return loaded;
    }

    /// <summary>The time of a commit; the store is asked where it is newer than those loaded.</summary>
    public async ValueTask<long> FindAsync(long version, CancellationToken cancellationToken)
    {
        if (!_times.TryGetValue(version, out long time))
        {
            StoreObject? head = await _store
                .HeadAsync(LogPath.ForCommit(version), cancellationToken).ConfigureAwait(false);
            time = long.Max(head?.LastModified.ToUnixTimeMilliseconds() ?? 0, _newest + 1);
            _times.Add(version, time);
            _newest = time;
        }

        return time;
    }
}
