using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Expressions;
using Polder.Parquet;
using Polder.Parquet.Footer;
using Polder.Parquet.Read;
using Polder.Storage;

namespace Polder.Files;

/// <summary>
/// Reads a Parquet file of a store. Holds the footer only: it may be kept as long as anybody likes, and read any number
/// of times, by several threads at once.
/// </summary>
public sealed class ParquetFileReader : IAsyncDisposable
{
    private const int TailGuessBytes = 64 << 10;

    private readonly Engine _engine;
    private readonly IObjectStore _store;
    private readonly StorePath _path;
    private readonly long _sizeBytes;

    private ParquetFileReader(
        Engine engine, IObjectStore store, StorePath path, long sizeBytes, ParquetFooter footer)
    {
        _engine = engine;
        _store = store;
        _path = path;
        _sizeBytes = sizeBytes;
        Footer = footer;
    }

    /// <summary>What the file says of itself.</summary>
    public ParquetFooter Footer { get; }

    /// <summary>All columns, in the forms that <see cref="Columns.ArrowTypes"/> gives.</summary>
    /// <exception cref="UnsupportedFeatureException">A column's type has no counterpart.</exception>
    public Schema Schema => Footer.Schema.ToArrow();

    /// <summary>The columns that reading with these <see cref="ParquetReadOptions.Columns"/> gives.</summary>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public Schema SchemaOf(IReadOnlyList<string>? columns) => ReadPlan.Create(Footer.Schema, columns).Schema;

    /// <summary>
    /// The columns that reading with these options gives, without <see cref="ParquetReadOptions.RowIndexColumn"/>.
    /// </summary>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public Schema SchemaOf(ParquetReadOptions options) => ReadPlan.Create(
        Footer.Schema,
        options.Columns,
        options.Variants,
        leaf => ParquetScan.FormOf(Footer, leaf, options.Strings)).Schema;

    /// <summary>Reads the footer of a file.</summary>
    /// <param name="engine">Scheduler, memory and limits.</param>
    /// <param name="store">The store.</param>
    /// <param name="path">The file.</param>
    /// <param name="sizeBytes">Its size where the caller knows it; null = the store is asked.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    /// <exception cref="CorruptFileException">It is no Parquet file, or broken.</exception>
    /// <exception cref="UnsupportedFeatureException">It is encrypted.</exception>
    /// <exception cref="StoreException">The store has no such file or failed.</exception>
    public static async ValueTask<ParquetFileReader> OpenAsync(
        Engine engine,
        IObjectStore store,
        StorePath path,
        long? sizeBytes = null,
        CancellationToken cancellationToken = default)
    {
        long size = sizeBytes ?? await SizeAsync(store, path, cancellationToken).ConfigureAwait(false);
        int wanted = (int)long.Min(TailGuessBytes, size);
        try
        {
            while (true)
            {
                engine.Shared<Telemetry>().CountBytes(store.Root, wanted);
                using BufferSlice tail = await ExactReads.ReadAsync(
                    store, path, new ByteRange(size - wanted, wanted), engine.Allocator, cancellationToken)
                    .ConfigureAwait(false);
                ParquetFooter? footer = FooterDecoder.Decode(tail.Span, size, engine.Limits, out int needed);
                if (footer is not null)
                {
                    return new ParquetFileReader(engine, store, path, size, footer);
                }

                wanted = needed;
            }
        }
        catch (CorruptFileException exception)
        {
            throw exception.In(Name(store, path));
        }
    }

    /// <summary>Reads rows, in file order.</summary>
    /// <param name="options">What to read.</param>
    /// <param name="cancellationToken">Cancels between batches; nothing stays rented.</param>
    /// <returns>Batches in plain GC memory, that need no disposal.</returns>
    /// <exception cref="ArgumentException">A column or a row group is not in the file.</exception>
    /// <exception cref="CorruptFileException">The file is broken where it is read.</exception>
    /// <exception cref="UnsupportedFeatureException">It uses there what Polder does not read.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        ParquetReadOptions? options = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        options ??= new ParquetReadOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchRows, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchBytes, 1, nameof(options));
        ParquetScan scan = Begin(options);
        await using (scan.ConfigureAwait(false))
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                RecordBatch? batch;
                try
                {
                    batch = await scan.NextAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (CorruptFileException exception)
                {
                    throw exception.In(Name(_store, _path));
                }

                if (batch is null)
                {
                    yield break;
                }

                yield return batch;
            }
        }
    }

    /// <summary>The pages of a column chunk, as their headers describe them.</summary>
    internal IAsyncEnumerable<ListedPage> ListPagesAsync(
        ColumnChunkMetadata chunk, CancellationToken cancellationToken) =>
        PageListing.ReadAsync(_engine, _store, _path, _sizeBytes, chunk, cancellationToken);

    /// <summary>The page index of a column chunk; null where there is none.</summary>
    internal ValueTask<PageIndexes?> ReadPageIndexesAsync(
        ColumnChunkMetadata chunk, CancellationToken cancellationToken) =>
        PageListing.ReadIndexesAsync(_engine, _store, _path, chunk, cancellationToken);

    /// <summary>
    /// Which row groups and pages a read would leave out, and why. Reads page indexes, bloom filters and dictionaries,
    /// as the read itself does, but no data.
    /// </summary>
    /// <param name="options">What would be read.</param>
    /// <param name="cancellationToken">Cancels the reads.</param>
    /// <returns>An entry for each row group that the options do not leave out by its number.</returns>
    /// <exception cref="ArgumentException">A column or a row group is not in the file.</exception>
    /// <exception cref="StoreException">The store failed.</exception>
    internal async ValueTask<IReadOnlyList<RowGroupPruning>> ExplainAsync(
        ParquetReadOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<RowGroupPruning> groups = [];
        Expression? predicate = FindPredicate(options);
        ParquetScan scan = new(_engine, _store, _path, _sizeBytes, Footer, [], options);
        await using (scan.ConfigureAwait(false))
        {
            foreach (RowGroupMetadata rowGroup in Listed(options))
            {
                cancellationToken.ThrowIfCancellationRequested();
                groups.Add(FindReason(rowGroup, predicate, options) is PruneReason reason
                    ? new RowGroupPruning(rowGroup.Index, rowGroup.RowCount, 0, "statistics", reason.Text)
                    : await scan.ExplainAsync(rowGroup).ConfigureAwait(false));
            }
        }

        return groups;
    }

    /// <summary>Does nothing: a reader holds nothing that must be given back.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // Chunks of the footer are decoded where they are first looked at.
    private ParquetScan Begin(ParquetReadOptions options)
    {
        try
        {
            return new ParquetScan(_engine, _store, _path, _sizeBytes, Footer, Choose(options), options);
        }
        catch (CorruptFileException exception)
        {
            throw exception.In(Name(_store, _path));
        }
    }

    private List<RowGroupMetadata> Choose(ParquetReadOptions options)
    {
        List<RowGroupMetadata> chosen = [];
        Expression? predicate = FindPredicate(options);
        foreach (RowGroupMetadata rowGroup in Listed(options))
        {
            if (FindReason(rowGroup, predicate, options) is PruneReason reason)
            {
                options.RowGroupSkipped?.Invoke(rowGroup.Index, reason);
                continue;
            }

            chosen.Add(rowGroup);
        }

        return chosen;
    }

    private List<RowGroupMetadata> Listed(ParquetReadOptions options)
    {
        List<RowGroupMetadata> listed = [];
        foreach (int index in options.RowGroups ?? [.. Enumerable.Range(0, Footer.RowGroups.Count)])
        {
            listed.Add(index >= 0 && index < Footer.RowGroups.Count
                ? Footer.RowGroups[index]
                : throw new ArgumentException(
                    $"the file has {Footer.RowGroups.Count} row groups, none of number {index}", nameof(options)));
        }

        return listed;
    }

    private Expression? FindPredicate(ParquetReadOptions options) => options.Predicate is null
        ? null
        : TypedPredicates.Rewrite(options.Predicate, Footer, options.Variants);

    private PruneReason? FindReason(RowGroupMetadata rowGroup, Expression? predicate, ParquetReadOptions options) =>
        predicate is null
            ? null
            : StatsPruner.Explain(predicate, new RowGroupStats(Footer, rowGroup), options.IsSessionUtc);

    private static async ValueTask<long> SizeAsync(
        IObjectStore store, StorePath path, CancellationToken cancellationToken)
    {
        StoreObject? found = await store.HeadAsync(path, cancellationToken).ConfigureAwait(false);
        return found?.SizeBytes ?? throw new StoreException(
            StoreFailure.NotFound, Name(store, path), $"{Name(store, path)} does not exist");
    }

    private static string Name(IObjectStore store, StorePath path) => $"{store.Root.TrimEnd('/')}/{path}";
}
