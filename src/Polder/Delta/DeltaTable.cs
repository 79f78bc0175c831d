using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Snapshots;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Delta;

/// <summary>
/// A Delta table: a folder with Parquet files and a log of commits, which any number of processes and engines may read
/// and write at once. Thread-safe; holds no resources and is not disposed. Each read sees the newest version;
/// <see cref="SnapshotAsync(CancellationToken)"/> pins one.
/// </summary>
public sealed class DeltaTable
{
    private readonly SnapshotLoader _loader;
    private Snapshot _latest;

    private DeltaTable(Engine engine, FileLocator locator, SnapshotLoader loader, Snapshot latest)
    {
        Engine = engine;
        Locator = locator;
        _loader = loader;
        _latest = latest;
    }

    /// <summary>What names the table in messages: its folder or URL.</summary>
    public string Location => Store.Root;

    internal Engine Engine { get; }

    internal FileLocator Locator { get; }

    internal IObjectStore Store => Locator.Store;

    /// <summary>The newest snapshot that was seen so far.</summary>
    internal Snapshot LastSeen => Volatile.Read(ref _latest);

    /// <summary>Opens the table in a local folder.</summary>
    /// <exception cref="TableNotFoundException">There is no table.</exception>
    /// <exception cref="CorruptLogException">Its log is broken.</exception>
    /// <exception cref="UnsupportedFeatureException">It needs what Polder does not honour; names it.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public static Task<DeltaTable> OpenAsync(string path, CancellationToken cancellationToken = default) =>
        OpenAsync(path, null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="path">The table's folder.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static Task<DeltaTable> OpenAsync(
        string path, Engine? engine, CancellationToken cancellationToken = default) =>
        OpenAsync(new FileLocator(new LocalStore(path), mayLeaveTable: true), engine, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="store">A store rooted at the table; whoever made it disposes it.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static Task<DeltaTable> OpenAsync(IObjectStore store, CancellationToken cancellationToken = default) =>
        OpenAsync(store, null, cancellationToken);

    /// <inheritdoc cref="OpenAsync(string, CancellationToken)"/>
    /// <param name="store">A store rooted at the table; whoever made it disposes it.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static Task<DeltaTable> OpenAsync(
        IObjectStore store, Engine? engine, CancellationToken cancellationToken = default) =>
        OpenAsync(new FileLocator(store, mayLeaveTable: false), engine, cancellationToken);

    /// <summary>The newest version.</summary>
    /// <exception cref="CorruptLogException">The log is broken.</exception>
    /// <exception cref="UnsupportedFeatureException">The table now needs what Polder does not honour.</exception>
    public async Task<Snapshot> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        Snapshot latest = await _loader.RefreshAsync(LastSeen, cancellationToken).ConfigureAwait(false);
        Volatile.Write(ref _latest, latest);
        return latest;
    }

    /// <summary>One version.</summary>
    /// <param name="version">The version, from 0.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <exception cref="VersionNotFoundException">It never was, or the log no longer reaches back to it.</exception>
    public async Task<Snapshot> SnapshotAsync(long version, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        Snapshot known = LastSeen;
        return known.Version == version
            ? known
            : await _loader.LoadAsync(version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The version that was the newest at a time.</summary>
    /// <param name="asOf">The time, to the millisecond.</param>
    /// <param name="cancellationToken">Cancels the loading.</param>
    /// <exception cref="VersionNotFoundException">Before the first commit that is left, or after the last.</exception>
    public async Task<Snapshot> SnapshotAsync(DateTimeOffset asOf, CancellationToken cancellationToken = default)
    {
        Snapshot latest = await SnapshotAsync(cancellationToken).ConfigureAwait(false);
        long version = await new TimeTravel(Engine, Store)
            .FindVersionAsync(asOf, latest, cancellationToken).ConfigureAwait(false);
        return await SnapshotAsync(version, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The commits that the log still holds, newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IAsyncEnumerable<TableCommit> HistoryAsync(
        int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        History.ReadAsync(Engine, Store, limit, cancellationToken);

    /// <inheritdoc />
    public override string ToString() => Location;

    private static async Task<DeltaTable> OpenAsync(
        FileLocator locator, Engine? engine, CancellationToken cancellationToken)
    {
        engine ??= Engine.Default;
        SnapshotLoader loader = new(engine, locator);
        Snapshot latest = await loader.LoadLatestAsync(cancellationToken).ConfigureAwait(false);
        return new DeltaTable(engine, locator, loader, latest);
    }
}
