using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Expressions;
using Polder.Expressions.Lambdas;
using Polder.Files.Native;
using Polder.Parquet;
using Expression = Polder.Expressions.Expression;

namespace Polder.Files;

/// <summary>
/// Rows of a Parquet file, as far as chosen. Immutable; nothing is read before it is enumerated, by
/// <c>await foreach</c>. Batches are plain GC memory.
/// </summary>
public sealed class FileScan
{
    private readonly ParquetFileReader _reader;
    private readonly IReadOnlyList<string>? _columns;
    private readonly Expression? _condition;

    internal FileScan(ParquetFileReader reader, IReadOnlyList<string>? columns, Expression? condition)
    {
        _reader = reader;
        _columns = columns;
        _condition = condition;
    }

    /// <summary>The columns of the batches.</summary>
    public Schema Schema => _reader.SchemaOf(_columns);

    internal ParquetFooter Footer => _reader.Footer;

    /// <summary>Only these columns, in this order; dotted paths reach into structs and lists.</summary>
    /// <exception cref="ArgumentException">There is no column of a name.</exception>
    public FileScan Select(params IReadOnlyList<string> columns)
    {
        _ = _reader.SchemaOf(columns);
        return new FileScan(_reader, columns, _condition);
    }

    /// <summary>
    /// Only rows for which the predicate, in Spark SQL, is true. Row groups and pages in which no row can be are not
    /// read. What stands in braces is a value, whatever it holds: <c>Where($"origin = {airport}")</c>.
    /// </summary>
    /// <exception cref="QueryException">The predicate does not fit the file.</exception>
    public FileScan Where(PredicateText predicate)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        string text = predicate.ToString();
        return Where(schema => ExpressionAnalyzer.AnalyzeCondition(text, schema));
    }

    /// <summary>Reads the rows.</summary>
    /// <exception cref="CorruptFileException">The file is broken where it is read.</exception>
    public IAsyncEnumerator<RecordBatch> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);

    /// <summary>The scan with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<RecordBatch> WithCancellation(CancellationToken cancellationToken) =>
        AsAsyncEnumerable().WithCancellation(cancellationToken);

    /// <summary>The scan as the interface, for whoever knows that LINQ on it runs here, on all rows.</summary>
    public IAsyncEnumerable<RecordBatch> AsAsyncEnumerable()
    {
        return _reader.ReadAsync(new ParquetReadOptions
        {
            Columns = _columns,
            Predicate = _condition,
            FiltersRows = _condition is not null,
        });
    }

    /// <summary>Hands the batches out by Arrow's C stream interface; see <see cref="ArrowStreamExport"/>.</summary>
    /// <param name="stream">The address of an <c>ArrowArrayStream</c>, which takes them over.</param>
    public void ExportTo(nint stream) => ArrowStreamExport.Export(AsAsyncEnumerable(), Schema, stream);

    internal FileScan Where(Func<DataType, Expression> condition)
    {
        IEnumerable<ParquetField> fields = Footer.Schema.Fields.Where(field => field.IsSupported);
        Expression added = condition(DataType.Struct([.. fields.Select(FieldBuilder.ToStructField)]));
        Expression joined = _condition is null ? added : new Call(
            Function.And, [_condition, added], DataType.Boolean, _condition.Nullable || added.Nullable);
        return new FileScan(_reader, _columns, joined);
    }
}

/// <summary>Rows of a Parquet file as instances of a type.</summary>
/// <typeparam name="T">The row type; its members are found in the file by their columns' names.</typeparam>
public sealed class FileScan<T>
    where T : IPolderRow<T>
{
    private readonly FileScan _scan;

    internal FileScan(FileScan scan)
    {
        _scan = scan;
    }

    /// <inheritdoc cref="FileScan.Where(PredicateText)"/>
    public FileScan<T> Where(PredicateText predicate) => new(_scan.Where(predicate));

    /// <summary>
    /// Only rows for which the lambda is true: <c>Where(f => f.Delay > 60 &amp;&amp; f.Origin == airport)</c>. It is
    /// translated, not run; null is compared as C# does, NaN, overflow and the order of texts are Spark's.
    /// </summary>
    /// <exception cref="QueryException">
    /// A part has no counterpart in SQL, and is named; or there is no such column.
    /// </exception>
    public FileScan<T> Where(Expression<Func<T, bool>> predicate) =>
        new(_scan.Where(LambdaPredicate.Translate(predicate)));

    /// <summary>Reads the rows.</summary>
    /// <exception cref="RowMismatchException">Columns and members do not fit each other.</exception>
    /// <exception cref="CorruptFileException">The file is broken where it is read.</exception>
    public IAsyncEnumerator<T> GetAsyncEnumerator(CancellationToken cancellationToken = default) =>
        AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken);

    /// <summary>The scan with a token, for <c>await foreach</c>.</summary>
    public ConfiguredCancelableAsyncEnumerable<T> WithCancellation(CancellationToken cancellationToken) =>
        AsAsyncEnumerable().WithCancellation(cancellationToken);

    /// <summary>The scan as the interface, for whoever knows that LINQ on it runs here, on all rows.</summary>
    public IAsyncEnumerable<T> AsAsyncEnumerable() => new RowSequence<T>(
        _scan.Select(T.Shape.Choose([.. _scan.Footer.Schema.Fields.Select(field => field.Name)])).AsAsyncEnumerable());
}
