using System.Collections.Generic;
using Polder.Columns;
using Polder.Delta.Changes;
using Polder.Delta.Shapes;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>
/// What the log knows of the values of one file at a time: partition values, which hold for every row, and PROTOCOL
/// "Per-file Statistics".
/// </summary>
internal sealed class FileStatistics(
    FileSet files, IReadOnlyDictionary<string, ScanColumn> columns) : IColumnStats
{
    private FileTable _table = new();
    private int _row;

    /// <summary>Rows of the file, deleted ones included; statistics count them all.</summary>
    public long RowCount => _table.GetPhysicalRowCount(_row) is long count and >= 0 ? count : -1;

    /// <summary>Moves to a file.</summary>
    public void MoveTo(int file) => (_table, _row) = files.Locate(file);

    /// <summary>Moves to a row of a chunk, whether the file is still active or not.</summary>
    public void MoveTo(int chunk, int row) => (_table, _row) = (files.Chunks[chunk].Table, row);

    public bool TryGetBounds(string path, DataType type, out ColumnBounds bounds)
    {
        bounds = default;
        if (!columns.TryGetValue(path, out ScanColumn? column))
        {
            return false;
        }

        return column.IsPartition
            ? TryGetPartitionBounds(column, out bounds)
            : SnapshotStatistics.Find(_table, column) is StatisticsColumn found && found.TryGetBounds(_row, out bounds);
    }

    private bool TryGetPartitionBounds(ScanColumn column, out ColumnBounds bounds)
    {
        if (column.Names[0] == ChangeColumns.Type && _table.IsChangeFile(_row))
        {
            bounds = default;
            return false;
        }

        string? text = _table.GetPartitionValue(_row, column.Names[0]);
        bool isKnown = PartitionText.TryParse(text, column.Type, out object? value) &&
            value is not (double.NaN or float.NaN);
        bounds = value is null
            ? new ColumnBounds(null, null, RowCount, HidesNaN: false)
            : new ColumnBounds(value, value, 0, HidesNaN: false);

        // A null column of a file whose rows were not counted: nothing can be said in numbers.
        return isKnown && (value is not null || RowCount >= 0);
    }
}
