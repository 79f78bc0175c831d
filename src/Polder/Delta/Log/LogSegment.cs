using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace Polder.Delta.Log;

/// <summary>The files that make one version: at most one checkpoint and the commits after it.</summary>
/// <remarks>
/// 1. Commits are contiguous and ascending; the last one is <see cref="Version"/>, unless there are none.
/// 2. The first commit follows the checkpoint, or is version 0 where there is no checkpoint.
/// 3. Without commits the checkpoint is of <see cref="Version"/>.
/// </remarks>
internal sealed record LogSegment(long Version, CheckpointFiles? Checkpoint, IReadOnlyList<LogPath> Commits)
{
    /// <summary>
    /// What to read for <see cref="Commits"/>: compactions in place of the commits that they cover, the longest first.
    /// The last commit is always read itself: only there stands who made the version, and when.
    /// </summary>
    /// <param name="compactions">Those that there are.</param>
    public IReadOnlyList<LogPath> Shorten(IReadOnlyList<LogPath> compactions)
    {
        List<LogPath> pieces = [];
        for (int index = 0; index < Commits.Count;)
        {
            long version = Commits[index].Version;
            LogPath piece = compactions
                .Where(path => path.Version == version && path.LastVersion < Version)
                .MaxBy(path => path.LastVersion) ?? Commits[index];
            pieces.Add(piece);
            index += (int)(piece.LastVersion - version + 1);
        }

        return pieces;
    }

    /// <summary>Every segment that makes <paramref name="version"/> (null = the latest), best first.</summary>
    /// <param name="listing">What lies in the log.</param>
    /// <param name="version">The version wanted.</param>
    /// <param name="gap">Why there is none, where there is none.</param>
    public static List<LogSegment> FindAll(LogListing listing, long? version, out string gap)
    {
        long latest = long.Max(
            listing.Commits.Count > 0 ? listing.Commits[^1].Version : -1,
            listing.Checkpoints.Count > 0 ? listing.Checkpoints[^1].Version : -1);
        long wanted = version ?? latest;
        gap = "";
        List<LogSegment> segments = [];
        if (latest < 0 || wanted > latest)
        {
            gap = string.Create(CultureInfo.InvariantCulture, $"version {wanted} is beyond the latest, {latest}");
            return segments;
        }

        IEnumerable<CheckpointFiles?> bases = listing.Checkpoints
            .Where(files => files.Version <= wanted).Reverse().Append<CheckpointFiles?>(null);
        foreach (CheckpointFiles? checkpoint in bases)
        {
            long first = (checkpoint?.Version ?? -1) + 1;
            List<LogPath> commits =
                [.. listing.Commits.Where(commit => commit.Version >= first && commit.Version <= wanted)];
            string? missing = FindGap(commits, first, wanted);
            if (missing is null)
            {
                segments.Add(new LogSegment(wanted, checkpoint, commits));
            }
            else if (gap.Length == 0)
            {
                gap = missing;
            }
        }

        return segments;
    }

    private static string? FindGap(List<LogPath> commits, long first, long wanted)
    {
        long expected = first;
        foreach (LogPath commit in commits)
        {
            if (commit.Version != expected)
            {
                break;
            }

            expected++;
        }

        return expected == wanted + 1 ? null : string.Create(
            CultureInfo.InvariantCulture,
            $"version {wanted} needs commit {expected}, which is missing, and no checkpoint covers it");
    }
}
