using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
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
        LogListing listing = await LogListing.LoadAsync(store, 0, cancellationToken).ConfigureAwait(false);
        long earliest = FindEarliest(listing);
        List<LogPath> commits = [.. listing.Commits.Where(commit => commit.Version <= latest.Version)];
        long wanted = asOf.ToUnixTimeMilliseconds();
        (long enablementVersion, long enablementTime) = FindEnablement(latest);
        int split = commits.FindIndex(commit => commit.Version >= enablementVersion);
        if (split >= 0 && wanted >= enablementTime)
        {
            return await FindByCommitTimestampAsync(commits[split..], wanted, asOf, earliest, cancellationToken)
                .ConfigureAwait(false);
        }

        return FindByFileTime(split < 0 ? commits : commits[..split], wanted, asOf, earliest, split < 0);
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

    private static long FindByFileTime(
        List<LogPath> commits, long wanted, DateTimeOffset asOf, long earliest, bool endsWithLatest)
    {
        long[] times = GetFileTimes(commits);
        int index = Array.FindLastIndex(times, time => time <= wanted);
        if (index < 0 || commits[index].Version < earliest)
        {
            throw TooEarly(asOf, earliest);
        }

        return endsWithLatest && wanted > times[^1]
            ? throw TooLate(asOf, times[^1])
            : commits[index].Version;
    }

    private async ValueTask<long> FindByCommitTimestampAsync(
        List<LogPath> commits, long wanted, DateTimeOffset asOf, long earliest, CancellationToken cancellationToken)
    {
        int low = 0, high = commits.Count - 1, found = -1;
        long newest = long.MinValue;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            long time = await ReadCommitTimestampAsync(commits[middle].Version, cancellationToken)
                .ConfigureAwait(false);
            newest = middle == commits.Count - 1 ? time : newest;
            (found, low, high) = time <= wanted ? (middle, middle + 1, high) : (found, low, middle - 1);
        }

        if (found < 0 || commits[found].Version < earliest)
        {
            throw TooEarly(asOf, earliest);
        }

        return found == commits.Count - 1 && wanted > newest
            ? throw TooLate(asOf, newest)
            : commits[found].Version;
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
}
