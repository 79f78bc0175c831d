using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Shapes;

namespace Polder.Delta.Scan;

/// <summary>Where the log keeps what it knows of a column, nested ones included.</summary>
/// <param name="Type">The column's type.</param>
/// <param name="Names">Physical names from the root.</param>
/// <param name="IsPartition">Whether the value is in the log itself, one per file.</param>
internal sealed record ScanColumn(DataType Type, IReadOnlyList<string> Names, bool IsPartition)
{
    /// <summary>Every column by its dotted path as predicates name it: exact case, logical names.</summary>
    public static Dictionary<string, ScanColumn> FindAll(
        DataType schema, IReadOnlyList<string> partitionColumns, ColumnNaming naming)
    {
        Dictionary<string, ScanColumn> columns = new(StringComparer.Ordinal);
        HashSet<string> partitions = new(partitionColumns, StringComparer.OrdinalIgnoreCase);
        foreach (StructField field in schema.Fields.Where(field => !CharTypes.IsPadded(field)))
        {
            Add(columns, "", [], field, naming, partitions.Contains(field.Name));
        }

        return columns;
    }

    private static void Add(
        Dictionary<string, ScanColumn> columns,
        string prefix,
        IReadOnlyList<string> parents,
        StructField field,
        ColumnNaming naming,
        bool isPartition)
    {
        string path = prefix + field.Name;
        IReadOnlyList<string> names = [.. parents, naming.PhysicalName(field)];
        if (!columns.TryAdd(path, new ScanColumn(field.Type, names, isPartition)))
        {
            // "a.b" may be a column of that name or a field of a: nothing is known of what cannot be told apart.
            columns.Remove(path);
            return;
        }

        foreach (StructField child in field.Type.Fields)
        {
            Add(columns, path + ".", names, child, naming, isPartition: false);
        }
    }
}
