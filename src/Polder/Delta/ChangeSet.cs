using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Delta;

/// <summary>
/// A step of following a table: the changes of one version, or a part of them. Reading it is <c>await foreach</c>, any
/// number of times; it has the table's columns of its version, then <c>_change_type</c>, <c>_commit_version</c> and
/// <c>_commit_timestamp</c>.
/// </summary>
public sealed class ChangeSet
{
    private readonly Snapshot _feed;

    internal ChangeSet(Snapshot feed, bool isSnapshot, FollowToken token)
    {
        _feed = feed;
        IsSnapshot = isSnapshot;
        Token = token;
    }

    /// <summary>The version.</summary>
    public long Version => _feed.Version;

    /// <summary>When it was committed.</summary>
    public DateTimeOffset Timestamp => _feed.Timestamp;

    /// <summary>Whether these are all rows of the version, not what it changed.</summary>
    public bool IsSnapshot { get; }

    /// <summary>Where to go on after this step: to be kept once its changes have been dealt with.</summary>
    public FollowToken Token { get; }

    /// <summary>A struct of the columns.</summary>
    public DataType Schema => _feed.Schema;

    /// <summary>The changes as a scan: to choose columns and rows.</summary>
    public TableScan Scan() => _feed.Scan();

    /// <summary>Reads the changes.</summary>
    public IAsyncEnumerator<RecordBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        Scan().GetAsyncEnumerator(cancellationToken);

    /// <summary>The changes with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<RecordBatch> WithCancellation(CancellationToken cancellationToken) =>
        Scan().WithCancellation(cancellationToken);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"changes of version {Version}");
}
