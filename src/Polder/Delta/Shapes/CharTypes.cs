using System.Linq;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Protocol;
using Polder.Expressions;
using Polder.Expressions.Syntax;

namespace Polder.Delta.Shapes;

/// <summary>
/// CHAR(n) columns: strings to Delta, with Spark's note in the metadata of the column, which covers all that is nested
/// in it. Spark pads their values with blanks when it reads, whatever the file holds.
/// </summary>
internal static class CharTypes
{
    /// <summary>The column's type with CHAR where the note has it; the column's own type where there is none.</summary>
    public static DataType FindReadType(StructField column)
    {
        if (!column.Metadata.TryGetValue(SchemaJson.CharVarcharKey, out string? json) ||
            JsonTokens.ParseText(json) is not string text || !text.Contains("char", System.StringComparison.Ordinal))
        {
            return column.Type;
        }

        try
        {
            return Overlay(column.Type, TypeParser.ParseType(text));
        }
        catch (QueryException)
        {
            // A note that says nothing readable changes nothing.
            return column.Type;
        }
    }

    /// <summary>Whether a column, or a part of it, is padded: then its files have other bounds.</summary>
    public static bool IsPadded(StructField column) => FeatureGate.Uses(FindReadType(column), TypeKind.Char);

    private static DataType Overlay(DataType type, DataType note) => (type.Kind, note.Kind) switch
    {
        (TypeKind.String, TypeKind.Char) => note,
        (TypeKind.Array, TypeKind.Array) =>
            DataType.Array(Overlay(type.Element!, note.Element!), type.ContainsNull),
        (TypeKind.Map, TypeKind.Map) => DataType.Map(
            Overlay(type.Key!, note.Key!), Overlay(type.Element!, note.Element!), type.ContainsNull),
        (TypeKind.Struct, TypeKind.Struct) when type.Fields.Count == note.Fields.Count => DataType.Struct(
            [.. type.Fields.Zip(note.Fields, (field, other) => new StructField(
                field.Name, Overlay(field.Type, other.Type), field.Nullable, field.Metadata))]),
        _ => type,
    };
}
