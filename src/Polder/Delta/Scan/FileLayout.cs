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
using Polder.Expressions.Evaluation;
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
    private const string PositionColumn = "_position";

    private readonly ScanPlan _plan;
    private readonly List<ParquetField> _variants;
    private readonly Part _output;
    private readonly Part? _filtered;
    private readonly Expression? _predicate;

    private FileLayout(ScanPlan plan, List<Source> sources, List<ParquetField> variants, LegacyCalendar calendar)
    {
        _plan = plan;
        _variants = variants;
        _output = Part.Create(plan.Layout, sources, plan.Projection.Columns);
        if (plan.Predicate is Expression predicate)
        {
            _filtered = Part.Create(plan.Layout, sources, Conjunction.ColumnNames(predicate).ToHashSet());
            _predicate = FindFilePredicate(predicate, plan.Layout, sources, plan.Naming, calendar);
        }
    }

    /// <summary>The columns that come out, as a struct.</summary>
    public DataType Type => _output.Type;

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
                sources.Add(new Source(null, metadata.FileColumns, null, null, metadata));
                continue;
            }

            ParquetField? found = IsConstant(plan, file, field)
                ? null
                : plan.Naming.Find(footer.Schema.Fields, field);
            sources.Add(found is null
                ? new Source(null, [], null, FindConstant(plan, file, field))
                : new Source(
                    found,
                    FindPaths(found, field, plan.Naming),
                    CreateShape(plan, file, found, field, calendar, variants),
                    null));
        }

        return new FileLayout(plan, sources, variants, calendar);
    }

    /// <summary>The rows that satisfy the plan's predicate, of the columns that come out.</summary>
    /// <param name="reader">The file.</param>
    /// <param name="rowGroups">Which row groups; null = all.</param>
    /// <param name="deleted">Rows that are left out; null = none.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        ParquetFileReader reader,
        IReadOnlyList<int>? rowGroups,
        RowMask? deleted,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_output.FilePaths.Count == 0 && !_output.NeedsPositions && _filtered is null && deleted is null)
        {
            long rowCount = rowGroups is null
                ? reader.Footer.RowCount
                : rowGroups.Sum(group => reader.Footer.RowGroups[group].RowCount);
            for (long start = 0; start < rowCount; start += BatchRows)
            {
                yield return _output.Shape(null, (int)long.Min(BatchRows, rowCount - start));
            }

            yield break;
        }

        ParquetReadOptions options = new()
        {
            Columns = _output.FilePaths,
            Variants = _variants,
            RowGroups = rowGroups,
            Predicate = _predicate,
            Filter = _filtered is null ? null : CreateFilter(_filtered, _plan.Predicate!),
            Mask = deleted,
            RowIndexColumn = _output.NeedsPositions ? PositionColumn : null,
        };
        await foreach (RecordBatch batch in reader.ReadAsync(options, cancellationToken).ConfigureAwait(false))
        {
            yield return _output.Shape(batch, batch.Length);
        }
    }

    private static RowFilter CreateFilter(Part columns, Expression predicate)
    {
        Evaluator evaluator = Evaluator.Create(Conjunction.Rebind(predicate, columns.Type));
        return new RowFilter(
            columns.FilePaths,
            (batch, rows) => evaluator.Filter(columns.Shape(batch, batch.Length), rows),
            columns.NeedsPositions);
    }

    private static Expression? FindFilePredicate(
        Expression predicate, DataType layout, List<Source> sources, ColumnNaming naming, LegacyCalendar calendar)
    {
        Dictionary<string, ParquetField> columns = [];
        for (int index = 0; index < sources.Count; index++)
        {
            if (sources[index].File is ParquetField found && !CharTypes.IsPadded(layout.Fields[index]))
            {
                columns[layout.Fields[index].Name] = found;
            }
        }

        return FilePredicate.Create(predicate, columns, naming, calendar);
    }

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

        FileSet files = plan.Snapshot.State.Files;
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
        ParquetField? File,
        IReadOnlyList<string> FilePaths,
        ColumnShape? Shape,
        object? Constant,
        MetadataColumn? Metadata = null);

    /// <summary>Some of the columns, as they are asked for and put together.</summary>
    private sealed record Part(DataType Type, Schema Schema, IReadOnlyList<Source> Sources, List<string> FilePaths)
    {
        /// <summary>Whether the file's batches need a last column with the rows' positions.</summary>
        public bool NeedsPositions { get; } = Sources.Any(source => source.Metadata?.NeedsPositions == true);

        public static Part Create(DataType layout, List<Source> sources, IReadOnlySet<string> names)
        {
            int[] chosen = [.. Enumerable.Range(0, sources.Count)
                .Where(index => names.Contains(layout.Fields[index].Name))];
            DataType type = DataType.Struct([.. chosen.Select(index => layout.Fields[index])]);
            Source[] parts = [.. chosen.Select(index => sources[index])];
            return new Part(
                type, ArrowTypes.ToSchema(type), parts, [.. parts.SelectMany(source => source.FilePaths)]);
        }

        public RecordBatch Shape(RecordBatch? batch, int rowCount)
        {
            IArrowArray[] columns = new IArrowArray[Sources.Count];
            Int64Array? positions = NeedsPositions ? (Int64Array)batch!.Column(batch.ColumnCount - 1) : null;
            int next = 0;
            for (int index = 0; index < columns.Length; index++)
            {
                Source source = Sources[index];
                if (source.Metadata is MetadataColumn metadata)
                {
                    List<IArrowArray> stored = [.. metadata.FileColumns.Select(_ => batch!.Column(next++))];
                    columns[index] = metadata.Build(positions, rowCount, stored);
                    continue;
                }

                columns[index] = source.Shape is null
                    ? Constants.Repeat(source.Constant, Type.Fields[index].Type, rowCount)
                    : source.Shape.Apply(batch!.Column(next++));
            }

            return new RecordBatch(Schema, columns, rowCount);
        }
    }
}
