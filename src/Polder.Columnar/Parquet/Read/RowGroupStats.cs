using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Parquet.Footer;

namespace Polder.Parquet.Read;

/// <summary>What the footer says of the values of one row group, for the pruner.</summary>
internal sealed class RowGroupStats : IColumnStats
{
    private readonly ParquetFooter _footer;
    private readonly RowGroupMetadata _rowGroup;

    private readonly IReadOnlyDictionary<int, BloomFilter>? _blooms;

    /// <param name="footer">The file.</param>
    /// <param name="rowGroup">The row group.</param>
    /// <param name="blooms">By leaf the bloom filters that have been read; null = none.</param>
    public RowGroupStats(
        ParquetFooter footer, RowGroupMetadata rowGroup, IReadOnlyDictionary<int, BloomFilter>? blooms = null)
    {
        _blooms = blooms;
        _footer = footer;
        _rowGroup = rowGroup;
    }

    /// <inheritdoc />
    public long RowCount => _rowGroup.RowCount;

    /// <inheritdoc />
    public bool TryGetBounds(string path, DataType type, out ColumnBounds bounds)
    {
        bounds = default;
        ParquetField? field = Find(_footer.Schema, path);
        if (field?.Leaf is not ParquetLeaf leaf || !field.IsSupported)
        {
            return false;
        }

        bounds = StatisticsBounds.From(
            leaf, field.Type, _footer.ColumnOrders[leaf.Index], _footer.CreatedBy,
            _rowGroup.Columns[leaf.Index].Statistics, _rowGroup.RowCount);
        if (!IsSame(field.Type, type))
        {
            // The reader's type is not the file's: only nulls are the same in both.
            bounds = new ColumnBounds(null, null, bounds.NullCount);
        }

        return true;
    }

    /// <inheritdoc />
    public bool MayHold(string path, DataType type, object value)
    {
        if (_blooms is null || Find(_footer.Schema, path) is not { Leaf: ParquetLeaf leaf, IsSupported: true } field ||
            !_blooms.TryGetValue(leaf.Index, out BloomFilter? bloom) || !IsSame(field.Type, type))
        {
            return true;
        }

        return PlainLiteral.FormsOf(leaf, field.Type, value) is not { } forms ||
            forms.Any(form => bloom.MayContain(BloomFilter.Hash(form)));
    }

    /// <summary>The field of a dotted path; null where the file has none.</summary>
    public static ParquetField? Find(ParquetSchema schema, string path) => Find(schema.Fields, path);

    /// <summary>Whether bounds of the one type are bounds of the other.</summary>
    public static bool IsSame(DataType stored, DataType wanted) =>
        stored.Equals(wanted) || (stored.IsText && wanted.IsText);

    // Through structs only: of what is in lists and maps, a row has many values or none.
    private static ParquetField? Find(IReadOnlyList<ParquetField> fields, string path)
    {
        foreach (ParquetField field in fields)
        {
            if (string.Equals(field.Name, path, StringComparison.Ordinal))
            {
                return field;
            }
        }

        foreach (ParquetField field in fields)
        {
            if (field.Shape is FieldShape.Struct or FieldShape.Variant && path.Length > field.Name.Length &&
                path[field.Name.Length] == '.' && path.StartsWith(field.Name, StringComparison.Ordinal) &&
                Find(field.Children, path[(field.Name.Length + 1)..]) is ParquetField found)
            {
                return found;
            }
        }

        return null;
    }
}
