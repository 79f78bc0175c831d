using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Delta.Actions;
using Polder.Delta.Changes;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Polder.Delta.Scan;
using Polder.Delta.Snapshots;
using Polder.Delta.Write;
using Polder.Expressions;

namespace Polder.Delta;

/// <summary>
/// A table as it was at one version. Read-only and immutable; holds no resources. Reading it later may fail with a
/// missing file once that version has been vacuumed.
/// </summary>
public sealed class Snapshot
{
    internal Snapshot(
        Engine engine,
        FileLocator locator,
        long version,
        DateTimeOffset timestamp,
        ReplayResult state,
        CommitInfo? commitInfo,
        DateTimeOffset? fileTime = null,
        Snapshot? older = null)
    {
        Engine = engine;
        Locator = locator;
        Version = version;
        FileTime = fileTime ?? timestamp;
        State = state;
        CommitInfo = commitInfo;
        Statistics = new SnapshotStatistics(this);
        Timestamp = Properties.InCommitTimestamps && commitInfo?.InCommitTimestamp is long time
            ? DateTimeOffset.FromUnixTimeMilliseconds(time)
            : timestamp;
        if (older is not null && ReferenceEquals(older.State.Metadata, state.Metadata) &&
            ReferenceEquals(older.State.Protocol, state.Protocol))
        {
            Schema = older.Schema;
        }
        else
        {
            FeatureGate.CheckRead(state.Protocol, state.Metadata, locator.Store.Root);
            Schema = ParseSchema(state.Metadata.SchemaString, locator.Store.Root);
        }

        SizeBytes = state.Files.SizeBytes;
        RowCount = state.Files.RowCount;
    }

    /// <summary>The version, from 0.</summary>
    public long Version { get; }

    /// <summary>
    /// When the version was committed: by the commit itself where the table has in-commit timestamps, else by the
    /// store's clock, raised to be later than the version before. The version as of this time is this one.
    /// </summary>
    public DateTimeOffset Timestamp { get; }

    /// <summary>Rows of the table; null where some file does not record its rows.</summary>
    public long? RowCount { get; }

    /// <summary>Active data files.</summary>
    public int FileCount => State.Files.Count;

    /// <summary>Bytes of the active data files.</summary>
    public long SizeBytes { get; }

    /// <summary>The columns: a struct with Delta's field metadata.</summary>
    public DataType Schema { get; }

    /// <summary>The columns as the log has them: Delta's schema JSON.</summary>
    public string SchemaText => State.Metadata.SchemaString;

    /// <summary>
    /// The columns that rows to be appended give: <see cref="Schema"/> without those that are derived from others.
    /// </summary>
    public DataType InputSchema
    {
        get
        {
            HashSet<string> derived = [.. PartitionTransform.FindAll(Configuration).Select(item => item.Column)];
            return DataType.Struct([.. Schema.Fields.Where(column => !derived.Contains(column.Name))]);
        }
    }

    /// <summary>The partition columns, in the order of the directory layout.</summary>
    public IReadOnlyList<string> PartitionColumns => State.Metadata.PartitionColumns;

    /// <summary>What a client must honour.</summary>
    public TableProtocol Protocol => State.Protocol;

    /// <summary>The table's properties.</summary>
    public IReadOnlyDictionary<string, string?> Configuration => State.Metadata.Configuration;

    /// <summary>The table's unique id.</summary>
    public string Id => State.Metadata.Id;

    /// <summary>The table's name, where it has one.</summary>
    public string? Name => State.Metadata.Name;

    /// <summary>What the table is about, where it says so.</summary>
    public string? Description => State.Metadata.Description;

    /// <summary>The active data files, made one by one as they are looked at.</summary>
    public IReadOnlyList<DataFile> Files => new DataFileList(State.Files);

    /// <summary>How far each application has got: application id to version.</summary>
    public IReadOnlyDictionary<string, long> SetTransactions =>
        State.Transactions.ToDictionary(pair => pair.Key, pair => pair.Value.Version);

    /// <summary>Metadata domains and their configuration.</summary>
    public IReadOnlyDictionary<string, string> DomainMetadata =>
        State.Domains.ToDictionary(pair => pair.Key, pair => pair.Value.Configuration);

    /// <summary>The columns that a scan may name: those of the table and the hidden <c>_metadata</c>.</summary>
    internal DataType ScanSchema => MetadataColumn.AppendTo(this);

    /// <summary>A scan of this version.</summary>
    public TableScan Scan() => new(this);

    /// <summary>A scan of the snapshot as rows of an own type, whose members say which columns are read.</summary>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public TableScan<T> Scan<T>()
        where T : IPolderRow<T> => TableScan<T>.Of(Scan());

    /// <summary>
    /// The rows in which another version differs from this one: those that only this one has, then those that only the
    /// other has, with <c>_change_type</c> (delete, insert; with a key also update_preimage, update_postimage) after
    /// the columns of the other. Nothing needs to have been recorded; only files and deletion vectors in which the two
    /// differ are read. Rows are the same as in grouping: null equals null, NaN equals NaN.
    /// </summary>
    /// <param name="to">The other version of the same table, in most cases a later one.</param>
    /// <param name="options">Which rows belong to each other, which columns count.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    /// <exception cref="QueryException">There is no such column, or one has types that cannot be compared.</exception>
    /// <exception cref="ArgumentException">The snapshots are of different tables.</exception>
    public IAsyncEnumerable<RecordBatch> DiffAsync(
        Snapshot to, DiffOptions? options = null, CancellationToken cancellationToken = default) =>
        new SnapshotDiff(this, to, options ?? DiffOptions.Default).ReadAsync(cancellationToken);

    /// <summary>
    /// The rows in which another version differs from this one, as rows of an own type: only the columns that its
    /// members map are read and compared.
    /// </summary>
    /// <inheritdoc cref="DiffAsync(Snapshot, DiffOptions, CancellationToken)"/>
    /// <exception cref="RowMismatchException">A column is missing or of a type that does not fit.</exception>
    public IAsyncEnumerable<Change<T>> DiffAsync<T>(Snapshot to, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => DiffAsync<T>(to, [], cancellationToken);

    /// <inheritdoc cref="DiffAsync{T}(Snapshot, CancellationToken)"/>
    /// <param name="to">The other version of the same table, in most cases a later one.</param>
    /// <param name="key">The columns that say which row is which; see <see cref="DiffOptions.Key"/>.</param>
    /// <param name="cancellationToken">Cancels between batches.</param>
    public IAsyncEnumerable<Change<T>> DiffAsync<T>(
        Snapshot to, IReadOnlyList<string> key, CancellationToken cancellationToken = default)
        where T : IPolderRow<T> => ChangedRows<T>.ReadAsync(this, to, key, cancellationToken);

    /// <summary>The columns of <see cref="DiffAsync(Snapshot, DiffOptions, CancellationToken)"/>: a struct.</summary>
    /// <inheritdoc cref="DiffAsync(Snapshot, DiffOptions, CancellationToken)"/>
    public DataType DiffSchema(Snapshot to, DiffOptions? options = null) =>
        new SnapshotDiff(this, to, options ?? DiffOptions.Default).Schema;

    /// <summary>The same version with other files.</summary>
    internal Snapshot With(FileSet files) =>
        new(Engine, Locator, Version, Timestamp, State with { Files = files }, CommitInfo, FileTime);

    /// <summary>Whether the table is not there yet: its first commit will make it.</summary>
    internal bool IsUnborn => Version < 0;

    /// <summary>When the commit's file was written, as the store says it.</summary>
    internal DateTimeOffset FileTime { get; }

    internal Engine Engine { get; }

    internal FileLocator Locator { get; }

    internal ReplayResult State { get; }

    internal CommitInfo? CommitInfo { get; }

    /// <summary>What the log says of the values in the files, column by column as predicates ask for it.</summary>
    internal SnapshotStatistics Statistics { get; }

    internal TableProperties Properties => new(State.Metadata.Configuration);

    /// <summary>Whether the table is partitioned as <see cref="TableOptions.PartitionBy"/> says.</summary>
    public bool IsPartitionedBy(IReadOnlyList<string> partitionBy) => PartitionColumns.SequenceEqual(
        partitionBy.Select(text => PartitionTransform.TryParse(text)?.Column ?? text),
        StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override string ToString() => FormattableString.Invariant($"{Locator.Store.Root} version {Version}");

    /// <summary>A newer version, which shares what has not changed.</summary>
    internal Snapshot Advance(
        long version, DateTimeOffset timestamp, ReplayResult state, CommitInfo? commitInfo, DateTimeOffset fileTime) =>
        new(Engine, Locator, version, timestamp, state, commitInfo, fileTime, this);

    /// <summary>What a table will be before its first commit.</summary>
    internal static Snapshot Unborn(
        Engine engine, FileLocator locator, TableProtocol protocol, TableMetadata metadata) => new(
            engine,
            locator,
            -1,
            DateTimeOffset.UnixEpoch,
            new ReplayResult(
                protocol,
                metadata,
                FileSet.Empty,
                Tombstones.Empty,
                new Dictionary<string, SetTransaction>(),
                new Dictionary<string, DomainMetadata>()),
            null);

    private static DataType ParseSchema(string schema, string location)
    {
        try
        {
            return SchemaJson.Parse(schema);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new CorruptLogException(
                $"the schema cannot be understood: {exception.Message.TrimEnd('.')}",
                $"{location}/{LogPath.Folder}",
                innerException: exception);
        }
    }
}
