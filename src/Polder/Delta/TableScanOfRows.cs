using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns.Rows;
using Polder.Expressions;
using Polder.Expressions.Lambdas;
using Polder.Files;
using Expression = Polder.Expressions.Expression;

namespace Polder.Delta;

/// <summary>
/// A query over one snapshot as rows of an own type, whose members say which columns are read. Immutable: each method
/// gives another scan. Reading it is <c>await foreach</c>.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public sealed class TableScan<T>
    where T : IPolderRow<T>
{
    private readonly TableScan _scan;

    private TableScan(TableScan scan)
    {
        _scan = scan;
    }

    /// <summary>
    /// Only rows for which the lambda is true: <c>Where(f => f.Delay > 60 &amp;&amp; f.Origin == airport)</c>. It is
    /// translated, not run: comparisons, <c>&amp;&amp;</c>, <c>||</c>, <c>!</c>, <c>??</c>, <c>?:</c>, arithmetic,
    /// <c>HasValue</c>, <c>StartsWith</c>, <c>EndsWith</c>, <c>Contains</c> of a text or a list, parts of dates; what
    /// names no row is evaluated first. Null is compared as C# does; NaN, overflow and the order of texts are Spark's.
    /// </summary>
    /// <exception cref="QueryException">
    /// A part has no counterpart in SQL, and is named; or there is no such column.
    /// </exception>
    public TableScan<T> Where(Expression<Func<T, bool>> predicate) =>
        new(_scan.Where(LambdaPredicate.Translate(predicate)));

    /// <summary>Only rows for which the predicate, in Spark SQL, is true; it may name any column.</summary>
    /// <exception cref="QueryException">The predicate does not fit the table.</exception>
    public TableScan<T> Where(PredicateText predicate) => new(_scan.Where(predicate));

    /// <summary>Only rows for which the predicate is true; its columns are found in the table by name.</summary>
    /// <exception cref="QueryException">There is no such column.</exception>
    public TableScan<T> Where(Expression predicate) => new(_scan.Where(predicate));

    /// <summary>Reads the scan.</summary>
    /// <exception cref="RowMismatchException">A value does not fit its member.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);

    /// <summary>The scan with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<T> WithCancellation(CancellationToken cancellationToken) =>
        AsAsyncEnumerable().WithCancellation(cancellationToken);

    /// <summary>
    /// The scan as a sequence. A method, so that a LINQ operator on the scan itself does not read the whole table by
    /// accident.
    /// </summary>
    public IAsyncEnumerable<T> AsAsyncEnumerable() => new RowSequence<T>(_scan.AsAsyncEnumerable());

    /// <summary>The same scan as batches of columns.</summary>
    public TableScan AsBatches() => _scan;

    /// <summary>Which files are read and which are not, and why; all from the log, nothing is read.</summary>
    public IReadOnlyList<ScannedFile> ListFiles() => _scan.ListFiles();

    /// <summary>One line: how many files are read, what the others were skipped by, and how much is not read.</summary>
    public string Explain() => _scan.Explain();

    /// <inheritdoc />
    public override string ToString() => $"{_scan} as {T.Shape.Name}";

    /// <summary>The columns of a scan that the members map.</summary>
    internal static TableScan<T> Of(TableScan scan)
    {
        RowBatches.Check<T>(scan.Schema);
        IReadOnlyList<string> columns = T.Shape.Choose([.. scan.Schema.Fields.Select(field => field.Name)]);
        return new TableScan<T>(columns.Count == 0 ? scan : scan.Select(columns));
    }
}
