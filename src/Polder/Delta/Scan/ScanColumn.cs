using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Shapes;

namespace Polder.Delta.Scan;

/// <summary>Where the log keeps what it knows of a column, nested ones included.</summary>
/// <param name="type">The column's type.</param>
/// <param name="names">Physical names from the root.</param>
/// <param name="isPartition">Whether the value is in the log itself, one per file.</param>
internal sealed class ScanColumn(DataType type, IReadOnlyList<string> names, bool isPartition)
{
    private string? _key;

    public DataType Type => type;

    /// <summary>Physical names from the root.</summary>
    public IReadOnlyList<string> Names => names;

    /// <summary>Whether the value is in the log itself, one per file.</summary>
    public bool IsPartition => isPartition;

    /// <summary>What tells the column, read as its type, apart from all others that files may have.</summary>
    public string Key => _key ??= $"{type}\0{string.Join('\0', names)}";

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
