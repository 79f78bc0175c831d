using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Microsoft.Extensions.Logging;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Delta.Actions;
using Polder.Delta.Changes;
using Polder.Delta.Checkpoints;
using Polder.Delta.Commit;
using Polder.Delta.Snapshots;
using Polder.Delta.Write;
using Polder.Files;
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
        OpenAsync(Locate(path, engine), engine, cancellationToken);

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

    /// <summary>Makes an empty table in a local folder, which need not exist.</summary>
    /// <param name="path">The table's folder.</param>
    /// <param name="schema">The columns, a struct.</param>
    /// <param name="options">Partitioning, properties, name.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the creation.</param>
    /// <exception cref="ConcurrentWriteException">There is a table already.</exception>
    /// <exception cref="ArgumentException">The columns do not make a table.</exception>
    /// <exception cref="UnsupportedFeatureException">A type or property that Polder does not write.</exception>
    public static Task<DeltaTable> CreateAsync(
        string path,
        DataType schema,
        TableOptions? options = null,
        Engine? engine = null,
        CancellationToken cancellationToken = default) => CreateAsync(
            Locate(path, engine), schema, options, engine, cancellationToken);

    /// <inheritdoc cref="CreateAsync(string, DataType, TableOptions, Engine, CancellationToken)"/>
    /// <param name="store">A store rooted at the table; whoever made it disposes it.</param>
    /// <param name="schema">The columns, a struct.</param>
    /// <param name="options">Partitioning, properties, name.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the creation.</param>
    public static Task<DeltaTable> CreateAsync(
        IObjectStore store,
        DataType schema,
        TableOptions? options = null,
        Engine? engine = null,
        CancellationToken cancellationToken = default) =>
        CreateAsync(new FileLocator(store, mayLeaveTable: false), schema, options, engine, cancellationToken);

    /// <summary>Opens the table in a local folder, or makes an empty one with the columns of a row type.</summary>
    /// <param name="path">The table's folder, which need not exist.</param>
    /// <param name="options">Partitioning, properties, name of a new table; not looked at where there is one.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    /// <exception cref="RowMismatchException">There is a table, with columns that do not fit the row type.</exception>
    /// <inheritdoc cref="OpenAsync(string, CancellationToken)" path="/exception"/>
    public static Task<DeltaTable> OpenOrCreateAsync<T>(
        string path, TableOptions? options = null, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => OpenOrCreateAsync<T>(
            Locate(path, null), options, null, cancellationToken);

    /// <inheritdoc cref="OpenOrCreateAsync{T}(string, TableOptions, CancellationToken)"/>
    /// <param name="store">A store rooted at the table; whoever made it disposes it.</param>
    /// <param name="options">Partitioning, properties, name of a new table; not looked at where there is one.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels the opening.</param>
    public static Task<DeltaTable> OpenOrCreateAsync<T>(
        IObjectStore store,
        TableOptions? options = null,
        Engine? engine = null,
        CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => OpenOrCreateAsync<T>(
            new FileLocator(store, mayLeaveTable: false), options, engine, cancellationToken);

    /// <summary>
    /// Makes a table in a local folder with its first rows, both in version 0: either the table is there with all of
    /// them, or there is none.
    /// </summary>
    /// <param name="path">The table's folder, which need not exist.</param>
    /// <param name="schema">The columns, a struct.</param>
    /// <param name="batches">The rows; read once. None make an empty table.</param>
    /// <param name="tableOptions">Partitioning, properties, name.</param>
    /// <param name="writeOptions">How to write.</param>
    /// <param name="engine">What the process's tables share; null = <see cref="Engine.Default"/>.</param>
    /// <param name="cancellationToken">Cancels between batches; nothing is committed then.</param>
    /// <exception cref="ConcurrentWriteException">There is a table already.</exception>
    /// <exception cref="ArgumentException">The columns do not make a table.</exception>
    /// <exception cref="SchemaMismatchException">The rows have other columns than the schema.</exception>
    /// <exception cref="UnsupportedFeatureException">A type or property that Polder does not write.</exception>
    public static async Task<CommitResult> CreateAsync(
        string path,
        DataType schema,
        IAsyncEnumerable<RecordBatch> batches,
        TableOptions? tableOptions = null,
        WriteOptions? writeOptions = null,
        Engine? engine = null,
        CancellationToken cancellationToken = default)
    {
        engine ??= Engine.Default;
        FileLocator locator = Locate(path, engine);
        (TableProtocol protocol, TableMetadata metadata) =
            TableCreation.Plan(engine, schema, tableOptions ?? new TableOptions());
        Snapshot unborn = Snapshot.Unborn(engine, locator, protocol, metadata);
        DeltaTable table = new(engine, locator, new SnapshotLoader(engine, locator), unborn);
        return await new TableWrite(table, unborn, writeOptions ?? WriteOptions.Default, replacesAll: false)
            .RunAsync(batches, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Adds rows. Memory stays bounded whatever their number; either all rows become part of the table, in one version,
    /// or none. No rows make no version.
    /// </summary>
    /// <param name="batches">The rows, all batches with the same columns; read once.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellationToken">Cancels between batches; nothing is committed then.</param>
    /// <exception cref="SchemaMismatchException">The rows have other columns than the table.</exception>
    /// <exception cref="ConstraintViolationException">A NOT NULL column has no value in some row.</exception>
    /// <exception cref="UnsupportedFeatureException">The table uses what Polder's writer does not honour.</exception>
    /// <exception cref="ConcurrentModificationException">Another writer changed the table itself.</exception>
    /// <exception cref="CommitStateUnknownException">The store's answer to the commit was lost.</exception>
    /// <exception cref="StoreException">The store failed; nothing was committed.</exception>
    public async Task<CommitResult> AppendAsync(
        IAsyncEnumerable<RecordBatch> batches,
        WriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Snapshot snapshot = await SnapshotAsync(cancellationToken).ConfigureAwait(false);
        return await new TableWrite(this, snapshot, options ?? WriteOptions.Default, replacesAll: false)
            .RunAsync(batches, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Adds rows of an own type.</summary>
    /// <param name="rows">The rows; read once.</param>
    /// <param name="options">How to write.</param>
    /// <param name="cancellationToken">Cancels between batches; nothing is committed then.</param>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    /// <inheritdoc cref="AppendAsync(IAsyncEnumerable{RecordBatch}, WriteOptions, CancellationToken)"
    /// path="/exception"/>
    public Task<CommitResult> AppendAsync<T>(
        IEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => AppendAsync(rows.ToBatches().ToAsyncEnumerable(), options, cancellationToken);

    /// <inheritdoc cref="AppendAsync{T}(IEnumerable{T}, WriteOptions, CancellationToken)"/>
    public Task<CommitResult> AppendAsync<T>(
        IAsyncEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => AppendAsync(RowSequence<T>.ToBatchesAsync(rows), options, cancellationToken);

    /// <summary>Replaces all rows by rows of an own type, in one version.</summary>
    /// <inheritdoc cref="AppendAsync{T}(IEnumerable{T}, WriteOptions, CancellationToken)"/>
    public Task<CommitResult> OverwriteAsync<T>(
        IEnumerable<T> rows, WriteOptions? options = null, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => OverwriteAsync(rows.ToBatches().ToAsyncEnumerable(), options, cancellationToken);

    /// <summary>
    /// Replaces all rows, in one version. Conflicts with whatever other writers commit in the meantime.
    /// </summary>
    /// <inheritdoc cref="AppendAsync(IAsyncEnumerable{RecordBatch}, WriteOptions, CancellationToken)"/>
    public async Task<CommitResult> OverwriteAsync(
        IAsyncEnumerable<RecordBatch> batches,
        WriteOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        Snapshot snapshot = await SnapshotAsync(cancellationToken).ConfigureAwait(false);
        return await new TableWrite(this, snapshot, options ?? WriteOptions.Default, replacesAll: true)
            .RunAsync(batches, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The newest version.</summary>
    /// <exception cref="CorruptLogException">The log is broken.</exception>
    /// <exception cref="UnsupportedFeatureException">The table now needs what Polder does not honour.</exception>
    public async Task<Snapshot> SnapshotAsync(CancellationToken cancellationToken = default)
    {
        Snapshot known = LastSeen;
        Snapshot latest = await _loader.RefreshAsync(known, cancellationToken).ConfigureAwait(false);
        if (latest.Version > LastSeen.Version || latest.Id != known.Id)
        {
            Volatile.Write(ref _latest, latest);
        }

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

    /// <summary>A scan of the table; each reading of it sees the version that is the newest then.</summary>
    public TableScan Scan() => new(LastSeen, this);

    /// <summary>
    /// A scan of the table as rows of an own type, whose members say which columns are read; each reading of it sees
    /// the version that is the newest then.
    /// </summary>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public TableScan<T> Scan<T>()
        where T : IPolderRow<T> => TableScan<T>.Of(Scan());

    /// <summary>
    /// The change feed of a range of versions: a scan of the rows that were changed, with <c>_change_type</c> (insert,
    /// delete, update_preimage, update_postimage), <c>_commit_version</c> and <c>_commit_timestamp</c> after the
    /// table's columns, in the order of the versions. The columns are those of the table's latest version; with column
    /// mapping, of the end of the range.
    /// </summary>
    /// <param name="from">The first version whose changes count.</param>
    /// <param name="to">The last one; null, or beyond the latest = the latest.</param>
    /// <param name="cancellationToken">Cancels the reading of the log.</param>
    /// <exception cref="Expressions.QueryException">
    /// By Delta's name, as DELTA_MISSING_CHANGE_DATA where a version did not record its changes, or
    /// DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE where its columns cannot be read as the range's.
    /// </exception>
    /// <exception cref="VersionNotFoundException">The log no longer reaches back so far.</exception>
    /// <exception cref="CorruptLogException">The log is broken.</exception>
    public async Task<TableScan> ChangesAsync(
        long from, long? to = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        Snapshot feed = await new ChangeFeed(this, from, to)
            .LoadAsync(cancellationToken).ConfigureAwait(false);
        return feed.Scan();
    }

    /// <summary>The change feed of all that was committed in a time.</summary>
    /// <param name="from">The first moment whose commits count.</param>
    /// <param name="to">The last one; null = now.</param>
    /// <param name="cancellationToken">Cancels the reading of the log.</param>
    /// <inheritdoc cref="ChangesAsync(long, long?, CancellationToken)"/>
    public async Task<TableScan> ChangesAsync(
        DateTimeOffset from, DateTimeOffset? to = null, CancellationToken cancellationToken = default)
    {
        Snapshot latest = await SnapshotAsync(cancellationToken).ConfigureAwait(false);
        TimeTravel times = new(Engine, Store);
        long first = await times.FindFirstVersionAsync(from, latest, cancellationToken).ConfigureAwait(false);
        long last = to is DateTimeOffset end
            ? await times.FindVersionAsync(end, latest, cancellationToken).ConfigureAwait(false)
            : latest.Version;

        // Both times may lie between two commits: then nothing happened in between, which is no error.
        return last == first - 1 && from <= to
            ? ChangeFeed.Present(latest, latest.Version, new FileTable()).Scan()
            : await ChangesAsync(first, last, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// The change feed of a range of versions as rows of an own type: only the columns that its members map are read.
    /// </summary>
    /// <inheritdoc cref="ChangesAsync(long, long?, CancellationToken)"/>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public async IAsyncEnumerable<Change<T>> ChangesAsync<T>(
        long from, long? to = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : IPolderRow<T>
    {
        TableScan feed = await ChangesAsync(from, to, cancellationToken).ConfigureAwait(false);
        RowBatches.Check<T>(feed.Schema);
        await foreach (Change<T> change in ChangedRows<T>
            .ReadAsync(feed, cancellationToken).ConfigureAwait(false))
        {
            yield return change;
        }
    }

    /// <summary>
    /// Follows the table: the changes of each version, one step after the other, as versions are committed; versions
    /// that change no data have no step. Never ends, unless asked to.
    /// </summary>
    /// <param name="from">Where to begin, or to go on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Expressions.QueryException">
    /// By Delta's name, as DELTA_MISSING_CHANGE_DATA where a version rewrote files without recording what it changed.
    /// </exception>
    /// <exception cref="VersionNotFoundException">The log no longer reaches back so far.</exception>
    /// <exception cref="CorruptLogException">The log is broken.</exception>
    public IAsyncEnumerable<ChangeSet> FollowAsync(
        FollowToken from, CancellationToken cancellationToken = default) =>
        FollowAsync(from, FollowOptions.Default, cancellationToken);

    /// <inheritdoc cref="FollowAsync(FollowToken, CancellationToken)"/>
    /// <param name="from">Where to begin, or to go on.</param>
    /// <param name="options">How to follow.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public IAsyncEnumerable<ChangeSet> FollowAsync(
        FollowToken from, FollowOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(options);
        return new TableFollower(this, options).RunAsync(from, cancellationToken);
    }

    /// <summary>Follows the table as rows of an own type.</summary>
    /// <inheritdoc cref="FollowAsync(FollowToken, CancellationToken)"/>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public IAsyncEnumerable<ChangeSet<T>> FollowAsync<T>(
        FollowToken from, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => FollowAsync<T>(from, FollowOptions.Default, cancellationToken);

    /// <inheritdoc cref="FollowAsync{T}(FollowToken, CancellationToken)"/>
    /// <param name="from">Where to begin, or to go on.</param>
    /// <param name="options">How to follow.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<ChangeSet<T>> FollowAsync<T>(
        FollowToken from,
        FollowOptions options,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
        where T : IPolderRow<T>
    {
        await foreach (ChangeSet step in FollowAsync(from, options, cancellationToken).ConfigureAwait(false))
        {
            yield return new ChangeSet<T>(step);
        }
    }

    /// <summary>The commits that the log still holds, newest first.</summary>
    /// <param name="limit">At most so many.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public IAsyncEnumerable<TableCommit> HistoryAsync(
        int limit = int.MaxValue, CancellationToken cancellationToken = default) =>
        History.ReadAsync(Engine, Store, limit, cancellationToken);

    /// <inheritdoc />
    public override string ToString() => Location;

    private static FileLocator Locate(string path, Engine? engine) => new(
        new LocalStore(path), mayLeaveTable: true, (engine ?? Engine.Default).Limits.AllowedRoots);

    private static async Task<DeltaTable> OpenOrCreateAsync<T>(
        FileLocator locator, TableOptions? options, Engine? engine, CancellationToken cancellationToken)
        where T : IPolderRow<T>
    {
        try
        {
            DeltaTable table = await OpenAsync(locator, engine, cancellationToken).ConfigureAwait(false);
            RowBatches.Check<T>(table.LastSeen.Schema);
            return table;
        }
        catch (TableNotFoundException)
        {
            try
            {
                return await CreateAsync(locator, T.Shape.Type, options, engine, cancellationToken)
                    .ConfigureAwait(false);
            }
            catch (ConcurrentWriteException)
            {
                // Somebody else made it in the meantime.
                return await OpenOrCreateAsync<T>(locator, options, engine, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static async Task<DeltaTable> OpenAsync(
        FileLocator locator, Engine? engine, CancellationToken cancellationToken)
    {
        engine ??= Engine.Default;
        SnapshotLoader loader = new(engine, locator);
        Snapshot latest = await loader.LoadLatestAsync(cancellationToken).ConfigureAwait(false);
        return new DeltaTable(engine, locator, loader, latest);
    }

    /// <summary>Commits a transaction. What fails here is definite, or the answer is unknown.</summary>
    /// <exception cref="ConcurrentModificationException">Another writer got in the way.</exception>
    /// <exception cref="CommitStateUnknownException">The store's answer was lost.</exception>
    internal async ValueTask<CommitOutcome.Committed> CommitAsync(
        Transaction transaction, CommitInfo info, CancellationToken cancellationToken)
    {
        CommitOutcome outcome = await new LogCommitter(Engine, Store)
            .CommitAsync(transaction, info, cancellationToken).ConfigureAwait(false);
        return Require(outcome, Location);
    }

    /// <summary>
    /// Looks at a version that was committed and, every so often, writes its checkpoint. The commit stands whatever
    /// happens here: a failure is logged, no more.
    /// </summary>
    internal async ValueTask FollowUpAsync(long version, CancellationToken cancellationToken)
    {
        try
        {
            Snapshot snapshot = await SnapshotAsync(cancellationToken).ConfigureAwait(false);
            if (version > 0 && version % snapshot.Properties.CheckpointInterval == 0)
            {
                snapshot = snapshot.Version == version
                    ? snapshot
                    : await SnapshotAsync(version, cancellationToken).ConfigureAwait(false);
                await new CheckpointWriter(Engine, Store).WriteAsync(snapshot, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is not System.Diagnostics.UnreachableException)
        {
            Engine.Loggers.CreateLogger<DeltaTable>().LogWarning(
                exception, "{Location}: no checkpoint was written after version {Version}", Location, version);
        }
    }

    private static CommitOutcome.Committed Require(CommitOutcome outcome, string location) => outcome switch
    {
        CommitOutcome.Committed committed => committed,
        CommitOutcome.Conflicted conflicted => throw conflicted.Cause,
        CommitOutcome.Unknown unknown => throw new CommitStateUnknownException(
            location, unknown.Version, unknown.TransactionId, unknown.Cause),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static async Task<DeltaTable> CreateAsync(
        FileLocator locator,
        DataType schema,
        TableOptions? options,
        Engine? engine,
        CancellationToken cancellationToken)
    {
        engine ??= Engine.Default;
        (TableProtocol protocol, TableMetadata metadata) =
            TableCreation.Plan(engine, schema, options ?? new TableOptions());
        Transaction transaction = new(null) { Operation = "CREATE TABLE" };
        transaction.Stage(protocol);
        transaction.Stage(metadata);
        CommitInfo info = new()
        {
            Operation = transaction.Operation,
            OperationParameters = new Dictionary<string, string?> { ["isManaged"] = "false" },
        };
        CommitOutcome outcome = await new LogCommitter(engine, locator.Store)
            .CommitAsync(transaction, info, cancellationToken).ConfigureAwait(false);
        Require(outcome, locator.Store.Root);
        return await OpenAsync(locator, engine, cancellationToken).ConfigureAwait(false);
    }
}
