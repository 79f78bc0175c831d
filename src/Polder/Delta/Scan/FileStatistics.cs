using System;
using System.Collections.Generic;
using System.Text.Json;
using Polder.Columns;
using Polder.Delta.Changes;
using Polder.Delta.Shapes;
using Polder.Delta.Snapshots;
using Polder.Expressions;

namespace Polder.Delta.Scan;

/// <summary>
/// What the log knows of the values of one file at a time: partition values, which hold for every row, and PROTOCOL
/// "Per-file Statistics", whose JSON is looked at only for columns that are asked for.
/// </summary>
internal sealed class FileStatistics(FileTable files, IReadOnlyDictionary<string, ScanColumn> columns)
    : IColumnStats, IDisposable
{
    private JsonDocument? _json;
    private bool _isParsed;
    private int _row;

    /// <summary>Rows of the file, deleted ones included; statistics count them all.</summary>
    public long RowCount => files.GetPhysicalRowCount(_row) is long count and >= 0 ? count : -1;

    public void MoveTo(int row)
    {
        _row = row;
        _isParsed = false;
        _json?.Dispose();
        _json = null;
    }

    public bool TryGetBounds(string path, DataType type, out ColumnBounds bounds)
    {
        bounds = default;
        if (!columns.TryGetValue(path, out ScanColumn? column))
        {
            return false;
        }

        return column.IsPartition ? TryGetPartitionBounds(column, out bounds) : TryGetFileBounds(column, out bounds);
    }

    public void Dispose() => _json?.Dispose();

    private bool TryGetPartitionBounds(ScanColumn column, out ColumnBounds bounds)
    {
        if (column.Names[0] == ChangeColumns.Type && files.IsChangeFile(_row))
        {
            bounds = default;
            return false;
        }

        string? text = files.GetPartitionValue(_row, column.Names[0]);
        bool isKnown = PartitionText.TryParse(text, column.Type, out object? value) &&
            value is not (double.NaN or float.NaN);
        bounds = value is null
            ? new ColumnBounds(null, null, RowCount, HidesNaN: false)
            : new ColumnBounds(value, value, 0, HidesNaN: false);

        // A null column of a file whose rows were not counted: nothing can be said in numbers.
        return isKnown && (value is not null || RowCount >= 0);
    }

    private bool TryGetFileBounds(ScanColumn column, out ColumnBounds bounds)
    {
        bounds = default;
        if (Parse() is not JsonElement stats)
        {
            return false;
        }

        long nullCount = FindCount(stats, column);
        JsonElement? minimum = Find(stats, "minValues", column.Names);
        JsonElement? maximum = Find(stats, "maxValues", column.Names);
        bounds = new ColumnBounds(
            minimum is JsonElement low ? StatisticsValue.ReadMinimum(low, column.Type) : null,
            maximum is JsonElement high ? StatisticsValue.ReadMaximum(high, column.Type) : null,
            nullCount);
        return bounds.Minimum is not null || bounds.Maximum is not null || nullCount >= 0;
    }

    private JsonElement? Parse()
    {
        if (!_isParsed)
        {
            _isParsed = true;
            ReadOnlySpan<byte> text = files.GetStats(_row);
            try
            {
                _json = text.IsEmpty ? null : JsonDocument.Parse(text.ToArray());
            }
            catch (JsonException)
            {
                // Statistics that nobody can read are as good as none.
            }
        }

        return _json?.RootElement;
    }

    /// <summary>
    /// Null rows, -1 where unknown. PROTOCOL: with wide bounds a count says something only if it is none or all.
    /// </summary>
    private long FindCount(JsonElement stats, ScanColumn column)
    {
        bool isTight = stats.ValueKind != JsonValueKind.Object ||
            !stats.TryGetProperty("tightBounds", out JsonElement tight) || tight.ValueKind != JsonValueKind.False;
        return Find(stats, "nullCount", column.Names) is JsonElement { ValueKind: JsonValueKind.Number } found &&
            found.TryGetInt64(out long count) && count >= 0 && (isTight || count == 0 || count == RowCount)
            ? count
            : -1;
    }

    private static JsonElement? Find(JsonElement stats, string section, IReadOnlyList<string> names)
    {
        if (stats.ValueKind != JsonValueKind.Object || !stats.TryGetProperty(section, out JsonElement found))
        {
            return null;
        }

        foreach (string name in names)
        {
            if (found.ValueKind != JsonValueKind.Object || !found.TryGetProperty(name, out found))
            {
                return null;
            }
        }

        return found;
    }
}
