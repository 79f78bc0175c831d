using System.Collections.Generic;

namespace Polder.Delta;

/// <summary>How the rows of two snapshots are told apart.</summary>
public sealed class DiffOptions
{
    internal static DiffOptions Default { get; } = new();

    /// <summary>
    /// The columns that say which row is which: a row that is there on both sides with other values is an
    /// update_preimage and an update_postimage. Empty: rows are the same or not, as a whole, and counted. Keys that
    /// several rows have are allowed: all those that changed are shown.
    /// </summary>
    public IReadOnlyList<string> Key { get; init; } = [];

    /// <summary>
    /// Only these columns (and those of the key) are read, compared and given; null = all of the later snapshot.
    /// </summary>
    public IReadOnlyList<string>? Columns { get; init; }
}
