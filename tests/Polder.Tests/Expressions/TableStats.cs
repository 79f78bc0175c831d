using System.Collections.Generic;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Tests.Expressions;

/// <summary>Statistics written down by hand.</summary>
internal sealed class TableStats(long rowCount) : IColumnStats
{
    private readonly Dictionary<string, ColumnBounds> _bounds = [];

    public long RowCount => rowCount;

    public ColumnBounds this[string path]
    {
        set => _bounds[path] = value;
    }

    public bool TryGetBounds(string path, DataType type, out ColumnBounds bounds) =>
        _bounds.TryGetValue(path, out bounds);
}
