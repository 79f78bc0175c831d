using System;

namespace Polder.Delta;

/// <summary>How to follow a table.</summary>
public sealed class FollowOptions
{
    internal static FollowOptions Default { get; } = new();

    /// <summary>How long to wait before asking again whether there is a new version.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether to end where the table ends, instead of waiting for more.</summary>
    public bool StopsAtLatest { get; init; }

    /// <summary>Only rows of versions that do nothing but add; those that change or delete rows are left out.</summary>
    public bool AppendsOnly { get; init; }

    /// <summary>
    /// Whether a version that rewrote files, and recorded no changes, is given as whole files: every row of a removed
    /// file as deleted, every row of an added one as inserted, those included that stayed the same. Else such a version
    /// is an error.
    /// </summary>
    public bool WholeFiles { get; init; }

    /// <summary>Files of a step at most: a version with more comes in several steps.</summary>
    public int MaximumFiles { get; init; } = int.MaxValue;

    /// <summary>Bytes of a step's files at most; a step has one file at least.</summary>
    public long MaximumBytes { get; init; } = long.MaxValue;
}
