using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Scan;
using Polder.Execution;
using Polder.Expressions;
using Polder.Files;

namespace Polder.Delta;

/// <summary>
/// A query over one snapshot: some columns, the rows that meet a predicate. Immutable: each method gives another scan.
/// Reading it is <c>await foreach</c>; batches come in the order of the files, hold plain GC memory, and stay valid.
/// </summary>
public sealed class TableScan : IBatchSource
{
    private const long SplitBytes = 32L << 20;

    private readonly Snapshot _snapshot;
    private readonly DeltaTable? _table;
    private readonly Lazy<ScanPlan> _plan;

    /// <summary>A scan of a snapshot; with a table, of the snapshot that is its newest when the scan is read.</summary>
    internal TableScan(Snapshot snapshot, DeltaTable? table = null)
    {
        _snapshot = snapshot;
        _table = table;
        _plan = new Lazy<ScanPlan>(() => ScanPlan.Create(_snapshot, Columns, Predicate));
    }

    private IReadOnlyList<string>? Columns { get; init; }

    private Expression? Predicate { get; init; }

    // Texts are analysed again where the table's schema has changed between making the scan and reading it.
    private IReadOnlyList<Func<DataType, Expression>> Conditions { get; init; } = [];

    /// <summary>A struct of the columns that come out.</summary>
    public DataType Schema => Projection.Create(_snapshot, Columns).Output;

    /// <summary>Rows of the files that are read; null where some file does not record its rows.</summary>
    public long? RowCountEstimate
    {
        get
        {
            long count = 0;
            foreach (int row in _plan.Value.KeptFiles)
            {
                long rows = _snapshot.State.Files.GetRowCount(row);
                if (rows < 0)
                {
                    return null;
                }

                count += rows;
            }

            return count;
        }
    }

    /// <summary>
    /// Only these columns, in this order; dotted paths reach into structs. Case does not matter. Besides the table's
    /// columns there is <c>_metadata</c> with file_path, file_name, file_size, file_modification_time and row_index,
    /// and on tables with row tracking row_id and row_commit_version.
    /// </summary>
    /// <exception cref="QueryException">There is no such column.</exception>
    public TableScan Select(params IReadOnlyList<string> columns)
    {
        _ = Projection.Create(_snapshot, columns);
        return new TableScan(_snapshot, _table) { Columns = columns, Predicate = Predicate, Conditions = Conditions };
    }

    /// <summary>
    /// Only rows for which the predicate, in Spark SQL, is true. What stands in braces is a value, whatever it holds:
    /// <c>Where($"origin = {airport} AND delay > {60}")</c>.
    /// </summary>
    /// <exception cref="QueryException">The predicate does not fit the table.</exception>
    public TableScan Where(PredicateText predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        string text = predicate.ToString();
        return Where(schema => ExpressionAnalyzer.AnalyzeCondition(text, schema));
    }

    /// <summary>Only rows for which the predicate is true; its columns are found in the table by name.</summary>
    /// <exception cref="QueryException">There is no such column.</exception>
    public TableScan Where(Expression predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        return Where(schema =>
        {
            _ = Projection.Create(schema, [.. Conjunction.ColumnNames(predicate)]);
            return predicate;
        });
    }

    /// <summary>Reads the scan.</summary>
    public IAsyncEnumerator<RecordBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);

    /// <summary>The scan with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<RecordBatch> WithCancellation(CancellationToken cancellationToken) =>
        AsAsyncEnumerable().WithCancellation(cancellationToken);

    /// <summary>
    /// The scan as a sequence. A method, so that a LINQ operator on the scan itself does not read the whole table by
    /// accident.
    /// </summary>
    public IAsyncEnumerable<RecordBatch> AsAsyncEnumerable() => ReadAsync(default);

    /// <summary>
    /// Which files are read and which are not, and why. Of tables whose statistics are too large for memory
    /// (<see cref="Limits.StatisticsMemory"/>) they are read from the log first.
    /// </summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async Task<IReadOnlyList<ScannedFile>> ListFilesAsync(CancellationToken cancellationToken = default)
    {
        await _plan.Value.CompleteAsync(cancellationToken).ConfigureAwait(false);
        return ListFiles();
    }

    /// <summary>
    /// Which files are read and which are not, and why, as far as it is known without reading anything: where
    /// statistics are too large for memory and no read has needed them yet, by partition values alone.
    /// </summary>
    public IReadOnlyList<ScannedFile> ListFiles()
    {
        ScanPlan plan = _plan.Value;
        return [.. Enumerable.Range(0, plan.Skips.Count).Select(row => new ScannedFile(
            _snapshot.Files[row], plan.Skips[row]?.By, plan.Skips[row]?.Columns))];
    }

    /// <summary>How many files are read, as far as it is known without reading anything.</summary>
    public int CountKeptFiles() => _plan.Value.Skips.KeptCount;

    /// <summary>One line: how many files are read, what the others were skipped by, and how much is not read.</summary>
    public string Explain()
    {
        ScanPlan plan = _plan.Value;
        int kept = plan.Skips.KeptCount;
        string text = string.Create(CultureInfo.InvariantCulture, $"{kept} of {plan.Skips.Count} files") +
            (plan.IsComplete ? "" : " before statistics are looked at");
        if (kept == plan.Skips.Count)
        {
            return text;
        }

        IEnumerable<string> reasons = plan.Skips.OfType<FileSkip>()
            .GroupBy(skip => skip.ToString())
            .OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => plan.Skips.Count - kept == group.Count()
                ? group.Key
                : string.Create(CultureInfo.InvariantCulture, $"{group.Key} {group.Count()}"));
        long notRead = Enumerable.Range(0, plan.Skips.Count)
            .Where(row => plan.Skips[row] is not null).Sum(_snapshot.State.Files.GetSizeBytes);
        return text + string.Create(
            CultureInfo.InvariantCulture,
            $"; {plan.Skips.Count - kept} skipped: {string.Join(", ", reasons)}; {notRead} bytes not read");
    }

    /// <summary>The parts of the scan, in the order of the files; large files are split by row groups.</summary>
    public async ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken)
    {
        ScanPlan plan = _plan.Value;
        await plan.CompleteAsync(cancellationToken).ConfigureAwait(false);
        _snapshot.Engine.Shared<Telemetry>().CountFiles(
            _snapshot.Locator.Store.Root, plan.Skips.Count, plan.Skips.Count - plan.Skips.KeptCount);
        List<Morsel> morsels = [];
        foreach (int file in plan.KeptFiles)
        {
            if (_snapshot.State.Files.GetSizeBytes(file) < SplitBytes)
            {
                morsels.Add(new FileMorsel(plan, file));
                continue;
            }

            ParquetFileReader reader = await FileMorsel.OpenAsync(plan, file, cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                for (int group = 0; group < reader.Footer.RowGroups.Count; group++)
                {
                    morsels.Add(new FileMorsel(plan, file, [group]));
                }
            }
        }

        return morsels;
    }

    /// <inheritdoc />
    public override string ToString() => $"scan of {_snapshot}";

    internal TableScan Where(Func<DataType, Expression> condition) => On(_snapshot, [.. Conditions, condition]);

    private TableScan On(Snapshot snapshot, IReadOnlyList<Func<DataType, Expression>> conditions) =>
        new(snapshot, _table)
        {
            Columns = Columns,
            Conditions = conditions,
            Predicate = Conjunction.Join(conditions.Select(condition => condition(snapshot.ScanSchema))),
        };

    private async IAsyncEnumerable<RecordBatch> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Snapshot newest = _table is null
            ? _snapshot
            : await _table.SnapshotAsync(cancellationToken).ConfigureAwait(false);
        TableScan scan = ReferenceEquals(newest, _snapshot) ? this : On(newest, Conditions);
        using Activity? activity = newest.Engine.Shared<Telemetry>()
            .StartScan(newest.Locator.Store.Root, newest.Version);
        await foreach (RecordBatch batch in Query
            .ExecuteAsync(new ScanNode(scan), newest.Engine, cancellationToken).ConfigureAwait(false))
        {
            yield return batch;
        }
    }
}

/// <summary>A file of a table as a scan sees it.</summary>
/// <param name="File">The file.</param>
/// <param name="SkippedBy">partition or statistics; null where the file is read.</param>
/// <param name="Columns">The columns that rule the file out; null where it is read.</param>
public sealed record ScannedFile(DataFile File, string? SkippedBy, string? Columns);
