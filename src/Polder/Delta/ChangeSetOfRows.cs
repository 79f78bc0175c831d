using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns.Rows;
using Polder.Delta.Changes;

namespace Polder.Delta;

/// <summary>
/// A step of following a table, as rows of an own type: the changes of one version, or a part of them. Reading it is
/// <c>await foreach</c>, any number of times.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class ChangeSet<T>
    where T : IPolderRow<T>
{
    private readonly ChangeSet _step;

    internal ChangeSet(ChangeSet step)
    {
        RowBatches.Check<T>(step.Schema);
        _step = step;
    }

    /// <inheritdoc cref="ChangeSet.Version"/>
    public long Version => _step.Version;

    /// <inheritdoc cref="ChangeSet.Timestamp"/>
    public DateTimeOffset Timestamp => _step.Timestamp;

    /// <inheritdoc cref="ChangeSet.IsSnapshot"/>
    public bool IsSnapshot => _step.IsSnapshot;

    /// <inheritdoc cref="ChangeSet.Token"/>
    public FollowToken Token => _step.Token;

    /// <summary>Reads the changes.</summary>
    /// <exception cref="RowMismatchException">A value does not fit its member.</exception>
    public IAsyncEnumerator<Change<T>> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);

    /// <summary>The changes with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<Change<T>> WithCancellation(CancellationToken cancellationToken) =>
        AsAsyncEnumerable().WithCancellation(cancellationToken);

    /// <summary>The changes as a sequence.</summary>
    public IAsyncEnumerable<Change<T>> AsAsyncEnumerable() => ChangedRows<T>.ReadAsync(_step.Scan());

    /// <summary>The same step as batches of columns.</summary>
    public ChangeSet AsBatches() => _step;

    /// <inheritdoc />
    public override string ToString() => _step.ToString();
}
