using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta.Snapshots;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Delta.Scan;

/// <summary>
/// The hidden column <c>_metadata</c>, as Spark calls it: where a row lies and, with row tracking, what its id is. It
/// is read only where it is asked for, and a column of the table that bears its name hides it.
/// </summary>
internal sealed class MetadataColumn
{
    public const string Name = "_metadata";

    private const string RowIndex = "row_index";
    private const string RowId = "row_id";
    private const string RowCommitVersion = "row_commit_version";

    private static readonly StructField[] Always =
    [
        new("file_path", DataType.String, nullable: false),
        new("file_name", DataType.String, nullable: false),
        new("file_size", DataType.Long, nullable: false),
        new("file_modification_time", DataType.Timestamp, nullable: false),
        new(RowIndex, DataType.Long, nullable: false),
    ];

    private static readonly StructField[] Tracked =
    [
        new("base_row_id", DataType.Long),
        new("default_row_commit_version", DataType.Long),
        new(RowId, DataType.Long),
        new(RowCommitVersion, DataType.Long),
    ];

    private readonly StructField _field;
    private readonly Dictionary<string, object?> _constants;
    private readonly List<string> _stored = [];

    private MetadataColumn(StructField field, Dictionary<string, object?> constants)
    {
        _field = field;
        _constants = constants;
    }

    /// <summary>Columns of the file that hold what an earlier file told, in the order that they are given in.</summary>
    public List<string> FileColumns { get; } = [];

    /// <summary>Whether rows must be told by their position in the file.</summary>
    public bool NeedsPositions => _field.Type.Fields.Any(part => part.Name is RowIndex or RowId);

    /// <summary>The columns of a table and the hidden one.</summary>
    public static DataType AppendTo(Snapshot snapshot) => snapshot.Schema.IndexOf(Name) >= 0
        ? snapshot.Schema
        : DataType.Struct(
        [
            .. snapshot.Schema.Fields,
            new StructField(
                Name,
                DataType.Struct(snapshot.Properties.RowTracking ? [.. Always, .. Tracked] : Always),
                nullable: false),
        ]);

    /// <summary>What to give for one file.</summary>
    /// <param name="plan">The scan.</param>
    /// <param name="file">The file, by position in the snapshot.</param>
    /// <param name="field">The hidden column, with the parts that are asked for.</param>
    /// <param name="footer">The file's footer.</param>
    public static MetadataColumn Create(ScanPlan plan, int file, StructField field, ParquetFooter footer)
    {
        FileSet files = plan.Snapshot.State.Files;
        (IObjectStore store, StorePath path) = plan.Snapshot.Locator.Locate(files.GetPath(file));
        MetadataColumn column = new(field, new Dictionary<string, object?>
        {
            ["file_path"] = $"{store.Root.TrimEnd('/')}/{path.Value}",
            ["file_name"] = path.Name,
            ["file_size"] = files.GetSizeBytes(file),
            ["file_modification_time"] = files.GetModificationTime(file) * TimeSpan.MicrosecondsPerMillisecond,
            ["base_row_id"] = files.GetBaseRowId(file),
            ["default_row_commit_version"] = files.GetCommitVersion(file),
        });
        column.FindStored(RowId, "delta.rowTracking.materializedRowIdColumnName", plan, footer);
        column.FindStored(RowCommitVersion, "delta.rowTracking.materializedRowCommitVersionColumnName", plan, footer);
        return column;
    }

    /// <summary>The column for some rows of the file.</summary>
    /// <param name="positions">Their positions; null where <see cref="NeedsPositions"/> is false.</param>
    /// <param name="rowCount">How many.</param>
    /// <param name="stored">The file's columns, as <see cref="FileColumns"/> lists them.</param>
    public IArrowArray Build(Int64Array? positions, int rowCount, IReadOnlyList<IArrowArray> stored) => new StructArray(
        ArrowTypes.ToArrow(_field.Type),
        rowCount,
        _field.Type.Fields.Select(part => BuildPart(part, positions, rowCount, stored)),
        ArrowBuffer.Empty,
        0);

    private IArrowArray BuildPart(
        StructField part, Int64Array? positions, int rowCount, IReadOnlyList<IArrowArray> stored) =>
        part.Name switch
        {
            RowIndex => Number(rowCount, row => PositionOf(positions, row)),
            RowId => Track(RowId, rowCount, stored, _constants["base_row_id"] is long first
                ? row => first + PositionOf(positions, row)
                : null),
            RowCommitVersion => Track(
                RowCommitVersion, rowCount, stored, _constants["default_row_commit_version"] is long version
                    ? _ => version
                    : null),
            _ => Constants.Repeat(_constants[part.Name], part.Type, rowCount),
        };

    private static long PositionOf(Int64Array? positions, int row) => positions!.GetValue(row).GetValueOrDefault();

    /// <summary>PROTOCOL "Reader Requirements for Row Tracking": what is stored counts, else it is derived.</summary>
    private IArrowArray Track(string name, int rowCount, IReadOnlyList<IArrowArray> stored, Func<int, long>? derive)
    {
        int index = _stored.IndexOf(name);
        if (index < 0)
        {
            return derive is null ? Constants.Repeat(null, DataType.Long, rowCount) : Number(rowCount, derive);
        }

        ReadOnlySpan<long> values = ColumnValues.Fixed<long>(stored[index]);
        Validity validity = Validity.Of(stored[index]);
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, rowCount);
        for (int row = 0; row < rowCount; row++)
        {
            if (validity.IsValid(row) || derive is not null)
            {
                builder.Append(validity.IsValid(row) ? values[row] : derive!(row));
            }
            else
            {
                builder.AppendNull();
            }
        }

        return builder.Build();
    }

    private static IArrowArray Number(int rowCount, Func<int, long> value)
    {
        FixedBuilder<long> builder = (FixedBuilder<long>)ColumnBuilder.Create(DataType.Long, rowCount);
        Span<long> values = builder.AppendSpan(rowCount);
        for (int row = 0; row < rowCount; row++)
        {
            values[row] = value(row);
        }

        return builder.Build();
    }

    private void FindStored(string part, string property, ScanPlan plan, ParquetFooter footer)
    {
        if (_field.Type.IndexOf(part) >= 0 && plan.Snapshot.Properties.Find(property) is string name &&
            footer.Schema.Fields.Any(field => field.Name == name && field.Type.Equals(DataType.Long)))
        {
            _stored.Add(part);
            FileColumns.Add(name);
        }
    }
}
