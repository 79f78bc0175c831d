using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Protocol;
using Polder.Delta.Shapes;

namespace Polder.Delta.Changes;

/// <summary>A table's columns at one version, as the rules of a change feed look at them.</summary>
/// <param name="Version">The version.</param>
/// <param name="Schema">The columns.</param>
/// <param name="Metadata">Their mapping and partitioning.</param>
/// <param name="Protocol">Whether the mapping counts.</param>
internal sealed record VersionSchema(long Version, DataType Schema, TableMetadata Metadata, TableProtocol Protocol)
{
    public bool IsMapped => FeatureGate.ColumnMappingMode(Protocol, Metadata) != "none";

    public static VersionSchema Of(Snapshot snapshot) =>
        new(snapshot.Version, snapshot.Schema, snapshot.State.Metadata, snapshot.Protocol);
}

/// <summary>
/// Whether rows of one version can be read with the columns of another: delta-spark's
/// <c>checkBatchCdfReadSchemaIncompatibility</c>. Columns may have been added; none may have been dropped, renamed,
/// widened or made NOT NULL.
/// </summary>
internal static class SchemaRange
{
    /// <param name="read">The columns that rows are read with.</param>
    /// <param name="other">The columns of a version in the range.</param>
    public static bool IsCompatible(VersionSchema read, VersionSchema other)
    {
        // Which is the older matters: a column that was added looks like one that was dropped, seen from the other end.
        (VersionSchema older, VersionSchema newer) = other.Version <= read.Version ? (other, read) : (read, other);
        return HasSameMapping(older, newer) &&
            IsReadable(older.Schema, newer.Schema, forbidTightening: other.Version <= read.Version);
    }

    private static bool HasSameMapping(VersionSchema older, VersionSchema newer)
    {
        if (!newer.IsMapped)
        {
            return !older.IsMapped;
        }

        Dictionary<string, string> before = [], after = [];
        ListNames(older.Schema, "", ColumnNaming.Create(older.Protocol, older.Metadata), before);
        ListNames(newer.Schema, "", ColumnNaming.Create(newer.Protocol, newer.Metadata), after);
        return before.All(pair => after.TryGetValue(pair.Key, out string? name) && name == pair.Value) &&
            older.Metadata.PartitionColumns.SequenceEqual(newer.Metadata.PartitionColumns);
    }

    /// <summary>Every field by its physical path, with the name that it has in the table.</summary>
    private static void ListNames(DataType type, string path, ColumnNaming naming, Dictionary<string, string> names)
    {
        foreach (StructField field in type.Fields)
        {
            string physical = $"{path}\0{naming.PhysicalName(field)}";
            names[physical] = field.Name;
            ListNames(field.Type, physical, naming, names);
        }

        if (type.Key is not null)
        {
            ListNames(type.Key, path + "\0key", naming, names);
        }

        if (type.Element is not null)
        {
            ListNames(type.Element, path + "\0element", naming, names);
        }
    }

    /// <summary>delta-spark's <c>SchemaUtils.isReadCompatible</c>.</summary>
    private static bool IsReadable(DataType existing, DataType read, bool forbidTightening)
    {
        bool IsNullable(bool before, bool after) => forbidTightening ? after || !before : before || !after;

        switch (existing.Kind, read.Kind)
        {
            case (TypeKind.Struct, TypeKind.Struct):
                return existing.Fields.All(field => read.IndexOf(field.Name) >= 0) && read.Fields.All(field =>
                {
                    int index = existing.IndexOf(field.Name);
                    return index < 0 || (existing.Fields[index] is StructField before &&
                        string.Equals(before.Name, field.Name, StringComparison.Ordinal) &&
                        IsNullable(before.Nullable, field.Nullable) &&
                        IsReadable(before.Type, field.Type, forbidTightening));
                });
            case (TypeKind.Array, TypeKind.Array):
                return IsNullable(existing.ContainsNull, read.ContainsNull) &&
                    IsReadable(existing.Element!, read.Element!, forbidTightening);
            case (TypeKind.Map, TypeKind.Map):
                return IsNullable(existing.ContainsNull, read.ContainsNull) &&
                    IsReadable(existing.Key!, read.Key!, forbidTightening) &&
                    IsReadable(existing.Element!, read.Element!, forbidTightening);
            default:
                return existing.Kind == TypeKind.Void || existing.Equals(read);
        }
    }
}
