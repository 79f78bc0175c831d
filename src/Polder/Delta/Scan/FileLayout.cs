using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Changes;
using Polder.Delta.Shapes;
using Polder.Delta.Snapshots;
using Polder.Expressions;
using Polder.Files;
using Polder.Parquet;

namespace Polder.Delta.Scan;

/// <summary>
/// How the columns of one data file become the columns that a scan reads: some are in the file, partition columns come
/// from the log, others were added to the table later and are null.
/// </summary>
internal sealed class FileLayout
{
    private const int BatchRows = 8192;

    private readonly ScanPlan _plan;
    private readonly Schema _schema;
    private readonly List<Source> _sources;
    private readonly List<string> _fileColumns;
    private readonly List<ParquetField> _variants;

    private FileLayout(ScanPlan plan, List<Source> sources, List<ParquetField> variants)
    {
        _plan = plan;
        _variants = variants;
        _sources = sources;
        _schema = ArrowTypes.ToSchema(plan.Layout);
        _fileColumns = [.. sources.SelectMany(source => source.FilePaths)];
    }

    /// <exception cref="CorruptFileException">A column has a type that the table's cannot be read from.</exception>
    public static FileLayout Create(ScanPlan plan, int file, ParquetFooter footer)
    {
        List<Source> sources = [];
        List<ParquetField> variants = [];
        LegacyCalendar calendar = LegacyCalendar.Find(footer);
        foreach (StructField field in plan.Layout.Fields)
        {
            if (field.Name == MetadataColumn.Name && plan.Snapshot.Schema.IndexOf(field.Name) < 0)
            {
                MetadataColumn metadata = MetadataColumn.Create(plan, file, field, footer);
                sources.Add(new Source(null, metadata.FileColumns, null, null, IsSameType: false, metadata));
                continue;
            }

            ParquetField? found = IsConstant(plan, file, field)
                ? null
                : plan.Naming.Find(footer.Schema.Fields, field);
            sources.Add(found is null
                ? new Source(null, [], null, FindConstant(plan, file, field), IsSameType: false)
                : new Source(
                    found.Name,
                    FindPaths(found, field, plan.Naming),
                    CreateShape(plan, file, found, field, calendar, variants),
                    null,
                    found.IsSupported && found.Type.Equals(field.Type) && !CharTypes.IsPadded(field) &&
                        !calendar.AppliesTo(found)));
        }

        return new FileLayout(plan, sources, variants);
    }

    /// <summary>The rows, laid out as the plan says.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="rowGroups">Which row groups; null = all.</param>
    /// <param name="keepsAll">Whether no row group may be left out, because rows are told by position.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        ParquetFileReader reader,
        IReadOnlyList<int>? rowGroups,
        bool keepsAll,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        rowGroups ??= [.. Enumerable.Range(0, reader.Footer.RowGroups.Count)];
        if (_fileColumns.Count == 0)
        {
            foreach (int group in rowGroups)
            {
                long rowCount = reader.Footer.RowGroups[group].RowCount;
                for (long start = 0; start < rowCount; start += BatchRows)
                {
                    int count = (int)long.Min(BatchRows, rowCount - start);
                    yield return Shape(null, FindFirstRow(reader.Footer, group) + start, count);
                }
            }

            yield break;
        }

        keepsAll |= _sources.Any(source => source.Metadata?.NeedsPositions == true);
        int next = 0;
        long done = 0;

        ParquetReadOptions options = new()
        {
            Columns = _fileColumns,
            Variants = _variants,
            RowGroups = rowGroups,
            Predicate = keepsAll ? null : FindFilePredicate(),
        };
        await foreach (RecordBatch batch in reader.ReadAsync(options, cancellationToken).ConfigureAwait(false))
        {
            while (keepsAll && done == reader.Footer.RowGroups[rowGroups[next]].RowCount)
            {
                (next, done) = (next + 1, 0);
            }

            long firstRow = keepsAll ? FindFirstRow(reader.Footer, rowGroups[next]) + done : 0;
            done += batch.Length;
            yield return Shape(batch, firstRow, batch.Length);
        }
    }

    private static long FindFirstRow(ParquetFooter footer, int rowGroup) =>
        footer.RowGroups.Take(rowGroup).Sum(group => group.RowCount);

    /// <summary>Rows of the file as the plan has them.</summary>
    /// <param name="batch">The file's columns; null where none is needed.</param>
    /// <param name="firstRow">Position of the first row in the file, where positions are needed.</param>
    /// <param name="rowCount">How many rows.</param>
    private RecordBatch Shape(RecordBatch? batch, long firstRow, int rowCount)
    {
        IArrowArray[] columns = new IArrowArray[_sources.Count];
        int next = 0;
        for (int index = 0; index < columns.Length; index++)
        {
            Source source = _sources[index];
            if (source.Metadata is MetadataColumn metadata)
            {
                List<IArrowArray> stored = [.. metadata.FileColumns.Select(_ => batch!.Column(next++))];
                columns[index] = metadata.Build(firstRow, rowCount, stored);
                continue;
            }

            columns[index] = source.Shape is null
                ? Constants.Repeat(source.Constant, _plan.Layout.Fields[index].Type, rowCount)
                : source.Shape.Apply(batch!.Column(next++));
        }

        return new RecordBatch(_schema, columns, rowCount);
    }

    /// <summary>
    /// The conditions that row groups may be pruned by: on columns that the file holds in the table's type, under the
    /// file's names.
    /// </summary>
    private Expression? FindFilePredicate()
    {
        if (_plan.Predicate is null)
        {
            return null;
        }

        Dictionary<string, string> names = [];
        for (int index = 0; index < _sources.Count; index++)
        {
            StructField field = _plan.Layout.Fields[index];
            if (_sources[index] is { IsSameType: true, FileColumn: string column } && !field.Type.IsNested)
            {
                names[field.Name] = column;
            }
        }

        return Conjunction.Join(Conjunction.Split(_plan.Predicate)
            .Where(condition => Conjunction.ColumnNames(condition).All(names.ContainsKey))
            .Select(condition => Rename(condition, names)));
    }

    private static Expression Rename(Expression expression, Dictionary<string, string> names) =>
        expression is ColumnReference column
            ? new ColumnReference(column.Index, names[column.Name], column.Type, column.Nullable, column.Span)
            : expression.WithChildren([.. expression.Children.Select(child => Rename(child, names))]);

    /// <summary>
    /// What to ask the file for: the column, or of a struct the parts that the plan has. A struct of which the file has
    /// none is read whole: whether it is null stands there.
    /// </summary>
    private static List<string> FindPaths(ParquetField found, StructField field, ColumnNaming naming)
    {
        if (field.Type.Kind != TypeKind.Struct || found.Shape != FieldShape.Struct || found.Name.Contains('.'))
        {
            return [found.Name];
        }

        List<string> paths = [];
        foreach (StructField part in field.Type.Fields)
        {
            if (naming.Find(found.Children, part) is ParquetField child)
            {
                paths.AddRange(FindPaths(child, part, naming).Select(path => $"{found.Name}.{path}"));
            }
        }

        bool isAmbiguous = found.Children.Any(child => child.Name.Contains('.'));
        return paths.Count == 0 || isAmbiguous ? [found.Name] : paths;
    }

    private static ColumnShape CreateShape(
        ScanPlan plan,
        int file,
        ParquetField found,
        StructField field,
        LegacyCalendar calendar,
        List<ParquetField> variants)
    {
        try
        {
            return ColumnShape.Create(
                found, CharTypes.FindReadType(field), plan.Naming, field.Name, calendar, variants);
        }
        catch (CorruptFileException exception)
        {
            throw exception.In($"{plan.Snapshot.Locator.Store.Root}/{plan.Snapshot.State.Files.GetPath(file)}");
        }
    }

    private static bool IsConstant(ScanPlan plan, int file, StructField field) =>
        plan.Partitions.Contains(field.Name) &&
        !(field.Name == ChangeColumns.Type && plan.Snapshot.State.Files.IsChangeFile(file));

    private static object? FindConstant(ScanPlan plan, int file, StructField field)
    {
        if (!IsConstant(plan, file, field))
        {
            return null;
        }

        FileTable files = plan.Snapshot.State.Files;
        string? text = files.GetPartitionValue(file, plan.Naming.PhysicalName(field));
        if (!PartitionText.TryParse(text, field.Type, out object? value))
        {
            throw new CorruptLogException(
                $"the partition value '{text}' of column {field.Name} is no {field.Type}",
                $"{plan.Snapshot.Locator.Store.Root}/{files.GetPath(file)}");
        }

        DataType type = CharTypes.FindReadType(field);
        return type.Kind == TypeKind.Char && value is string unpadded
            ? CharPadding.Apply(unpadded, type.Length)
            : value;
    }

    /// <summary>Where a column comes from: a column of the file in the table's shape, or one value.</summary>
    private sealed record Source(
        string? FileColumn,
        IReadOnlyList<string> FilePaths,
        ColumnShape? Shape,
        object? Constant,
        bool IsSameType,
        MetadataColumn? Metadata = null);
}
