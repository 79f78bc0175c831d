using System;
using System.Globalization;

namespace Polder.Delta;

/// <summary>
/// How far somebody who follows a table has got. Kept as text (<see cref="ToString"/>, <see cref="Parse"/>) it lets a
/// process go on where another one ended: with the first change that the other had not been given.
/// </summary>
public sealed record FollowToken
{
    private const string Form = "1";
    private const string SnapshotMark = "s";
    private const string ChangesMark = "c";

    private FollowToken(string tableId, long version, int fileIndex, bool isSnapshot)
    {
        TableId = tableId;
        Version = version;
        FileIndex = fileIndex;
        IsSnapshot = isSnapshot;
    }

    /// <summary>First all rows of the newest version, as inserts, then what every later version changes.</summary>
    public static FollowToken Beginning { get; } = new("", -1, 0, isSnapshot: true);

    /// <summary>The table's id; empty where the token fits every table.</summary>
    internal string TableId { get; }

    /// <summary>The version that comes next; -1 = the newest.</summary>
    internal long Version { get; }

    /// <summary>How many of that version's files were given already.</summary>
    internal int FileIndex { get; }

    /// <summary>Whether all rows of the version come next, not its changes.</summary>
    internal bool IsSnapshot { get; }

    /// <summary>The changes of a version, and of every later one; it may be one that is not there yet.</summary>
    /// <param name="version">The version, from 0.</param>
    public static FollowToken From(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        return new FollowToken("", version, 0, isSnapshot: false);
    }

    /// <summary>The token of a text.</summary>
    /// <exception cref="FormatException">The text is none.</exception>
    public static FollowToken Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Trim().Split(':', 5);
        return parts is [Form, string version, string index, SnapshotMark or ChangesMark, string id] &&
            long.TryParse(version, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) &&
            int.TryParse(index, NumberStyles.None, CultureInfo.InvariantCulture, out int fileIndex) &&
            (number >= 0 || (number == -1 && parts[3] == SnapshotMark))
            ? new FollowToken(id, number, fileIndex, parts[3] == SnapshotMark)
            : throw new FormatException($"'{text}' is no token of a followed table");
    }

    /// <summary>The token as text, one line.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Form}:{Version}:{FileIndex}:{(IsSnapshot ? SnapshotMark : ChangesMark)}:{TableId}");

    internal static FollowToken At(string tableId, long version, int fileIndex, bool isSnapshot) =>
        new(tableId, version, fileIndex, isSnapshot);
}
