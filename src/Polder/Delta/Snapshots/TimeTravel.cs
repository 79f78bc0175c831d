using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Changes;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>
/// Finds the version that was current at a time. Commits carry the modification time of their file, raised to be
/// strictly increasing; from where in-commit timestamps were enabled, those count instead.
/// </summary>
internal sealed class TimeTravel(Engine engine, IObjectStore store)
{
    /// <summary>The last version committed at or before the time.</summary>
    /// <param name="asOf">The time; fractions of a millisecond do not count.</param>
    /// <param name="latest">The newest snapshot: it says whether in-commit timestamps are enabled.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <exception cref="VersionNotFoundException">Before the earliest or after the latest commit.</exception>
    public async ValueTask<long> FindVersionAsync(
        DateTimeOffset asOf, Snapshot latest, CancellationToken cancellationToken)
    {
        CommitAtTime found = await FindAsync(asOf, latest, cancellationToken).ConfigureAwait(false);
        long wanted = asOf.ToUnixTimeMilliseconds();
        if (found.Time > wanted)
        {
            throw TooEarly(asOf, found.Version);
        }

        return found.Version == latest.Version && wanted > found.Time
            ? throw TooLate(asOf, found.Time)
            : found.Version;
    }

    /// <summary>The last commit at or before the time; the earliest that is left where all are later.</summary>
    private async ValueTask<CommitAtTime> FindAsync(
        DateTimeOffset asOf, Snapshot latest, CancellationToken cancellationToken)
    {
        LogListing listing = await LogListing.LoadAsync(store, 0, cancellationToken).ConfigureAwait(false);
        long earliest = FindEarliest(listing);
        List<LogPath> commits = [.. listing.Commits.Where(commit => commit.Version <= latest.Version)];
        long[] times = GetFileTimes(commits);
        long wanted = asOf.ToUnixTimeMilliseconds();
        (long enablementVersion, long enablementTime) = FindEnablement(latest);
        int split = commits.FindIndex(commit => commit.Version >= enablementVersion);
        int low = int.Max(commits.FindIndex(commit => commit.Version >= earliest), 0);
        bool isInCommit = split >= 0 && (wanted >= enablementTime || split <= low);
        (low, int high) = isInCommit
            ? (int.Max(low, split), commits.Count - 1)
            : (low, (split < 0 ? commits.Count : split) - 1);
        if (high < low)
        {
            throw TooEarly(asOf, earliest);
        }

        CommitAtTime found = await ReadAsync(low).ConfigureAwait(false);
        while (low < high)
        {
            int middle = low + ((high - low + 1) / 2);
            CommitAtTime commit = await ReadAsync(middle).ConfigureAwait(false);
            (found, low, high) = commit.Time <= wanted ? (commit, middle, high) : (found, low, middle - 1);
        }

        return found;

        async ValueTask<CommitAtTime> ReadAsync(int index) => new(commits[index].Version, isInCommit
            ? await ReadCommitTimestampAsync(commits[index].Version, cancellationToken).ConfigureAwait(false)
            : times[index]);
    }

    /// <summary>The first version committed at or after the time.</summary>
    /// <inheritdoc cref="FindVersionAsync"/>
    /// <exception cref="Expressions.QueryException">Nothing was committed since.</exception>
    public async ValueTask<long> FindFirstVersionAsync(
        DateTimeOffset asOf, Snapshot latest, CancellationToken cancellationToken)
    {
        CommitAtTime found = await FindAsync(asOf, latest, cancellationToken).ConfigureAwait(false);
        if (found.Time >= asOf.ToUnixTimeMilliseconds())
        {
            return found.Version;
        }

        return found.Version < latest.Version ? found.Version + 1 : throw ChangeErrors.StartsAfterLatest(
            asOf, DateTimeOffset.FromUnixTimeMilliseconds(found.Time));
    }

    /// <summary>The times of commits by file modification, strictly increasing; one per commit.</summary>
    public static long[] GetFileTimes(IReadOnlyList<LogPath> commits)
    {
        long[] times = new long[commits.Count];
        for (int index = 0; index < times.Length; index++)
        {
            long time = commits[index].Object.LastModified.ToUnixTimeMilliseconds();
            times[index] = index == 0 ? time : long.Max(time, times[index - 1] + 1);
        }

        return times;
    }

    private async ValueTask<long> ReadCommitTimestampAsync(long version, CancellationToken cancellationToken)
    {
        CommitFile? commit = await CommitFile
            .LoadAsync(engine, store, version, cancellationToken).ConfigureAwait(false);
        return commit?.Info?.InCommitTimestamp ?? throw new CorruptLogException(
            "the commit lacks the inCommitTimestamp that the table requires",
            $"{store.Root}/{LogPath.ForCommit(version).Value}");
    }

    /// <summary>From which version and time in-commit timestamps count; never where they are not enabled.</summary>
    private static (long Version, long Time) FindEnablement(Snapshot latest)
    {
        TableProperties properties = latest.Properties;
        if (!properties.InCommitTimestamps)
        {
            return (long.MaxValue, long.MaxValue);
        }

        return long.TryParse(
                properties.Find("delta.inCommitTimestampEnablementVersion"),
                NumberStyles.None, CultureInfo.InvariantCulture, out long version) &&
            long.TryParse(
                properties.Find("delta.inCommitTimestampEnablementTimestamp"),
                NumberStyles.None, CultureInfo.InvariantCulture, out long time) ? (version, time) : (0, long.MinValue);
    }

    private static long FindEarliest(LogListing listing) =>
        listing.Commits.Count > 0 && listing.Commits[0].Version == 0 ? 0
        : listing.Checkpoints.Count > 0 ? listing.Checkpoints[0].Version
        : long.MaxValue;

    private static VersionNotFoundException TooEarly(DateTimeOffset asOf, long earliest) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{asOf:O} lies before the earliest version that can be read, {earliest}"));

    private static VersionNotFoundException TooLate(DateTimeOffset asOf, long newest) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{asOf:O} lies after the latest commit, of {DateTimeOffset.FromUnixTimeMilliseconds(newest):O}"));

    private readonly record struct CommitAtTime(long Version, long Time);
}
