using System;
using System.Linq;
using Polder.Columns;

namespace Polder.Parquet;

/// <summary>
/// Finds lists, maps and variants in the schema tree, whatever writer shaped them
/// (LogicalTypes.md, "Nested Types" and its backward-compatibility rules).
/// </summary>
internal static class FieldBuilder
{
    public static ParquetField FromNode(SchemaNode node)
    {
        if (node.Repetition == Repetition.Repeated)
        {
            // A repeated field outside a list or map annotation is a required list of required elements.
            ParquetField element = FromNode(node, "element", isRepeatedEntry: !HasOwnShape(node));
            return MakeList(node, node.Name, false, element, levelsAbove: 1);
        }

        return FromNode(node, node.Name, isRepeatedEntry: false);
    }

    private static ParquetField FromNode(SchemaNode node, string name, bool isRepeatedEntry)
    {
        bool isNullable = node.Repetition == Repetition.Optional;
        if (node.Leaf is ParquetLeaf leaf)
        {
            return new ParquetField(node, name, FieldShape.Leaf, isNullable)
            {
                DefinitionLevel = node.MaxDefinitionLevel,
                RepetitionLevel = node.MaxRepetitionLevel,
                TypeOrRefusal = LeafTypes.ToDataType(leaf),
            };
        }

        if (!isRepeatedEntry)
        {
            ParquetField? annotated = node.LogicalType.Kind switch
            {
                LogicalKind.List => TryMakeAnnotatedList(node, name, isNullable),
                LogicalKind.Map => TryMakeMap(node, name, isNullable),
                LogicalKind.Variant => TryMakeVariant(node, name, isNullable),
                _ => null,
            };
            if (annotated is not null)
            {
                return annotated;
            }
        }

        return MakeStruct(node, name, isNullable);
    }

    private static ParquetField MakeStruct(SchemaNode node, string name, bool isNullable)
    {
        ParquetField[] children = [.. node.Children.Select(FromNode)];
        return new ParquetField(node, name, FieldShape.Struct, isNullable)
        {
            DefinitionLevel = node.MaxDefinitionLevel,
            RepetitionLevel = node.MaxRepetitionLevel,
            Children = children,
            TypeOrRefusal = children.Length == 0
                ? (null, "a group of no fields")
                : Combine(children, () => DataType.Struct([.. children.Select(ToStructField)])),
        };
    }

    /// <summary>A field of a struct, its id in the metadata.</summary>
    public static StructField ToStructField(ParquetField field) =>
        new(field.Name, field.Type, field.IsNullable, SchemaMapping.IdMetadata(field.FieldId));

    private static ParquetField? TryMakeAnnotatedList(SchemaNode node, string name, bool isNullable)
    {
        if (node.Children is not [{ Repetition: Repetition.Repeated } repeated])
        {
            return null;
        }

        ParquetField element = IsElement(node, repeated)
            ? FromNode(repeated, "element", isRepeatedEntry: !HasOwnShape(repeated))
            : FromNode(repeated.Children[0], "element", isRepeatedEntry: false);
        return MakeList(node, name, isNullable, element);
    }

    /// <summary>Whether the repeated node is the element itself (two levels) and not a wrapper of it (three).</summary>
    private static bool IsElement(SchemaNode list, SchemaNode repeated) =>
        repeated.Leaf is not null
        || repeated.Children.Count != 1
        || repeated.Children[0].Repetition == Repetition.Repeated
        || repeated.Name == "array"
        || repeated.Name == list.Name + "_tuple";

    private static bool HasOwnShape(SchemaNode repeated) =>
        repeated.LogicalType.Kind is LogicalKind.List or LogicalKind.Map or LogicalKind.Variant;

    private static ParquetField MakeList(
        SchemaNode node, string name, bool isNullable, ParquetField element, int levelsAbove = 0) =>
        new(node, name, FieldShape.List, isNullable)
        {
            DefinitionLevel = node.MaxDefinitionLevel - levelsAbove,
            RepetitionLevel = node.MaxRepetitionLevel - levelsAbove,
            Children = [element],
            TypeOrRefusal = Combine([element], () => DataType.Array(element.Type, element.IsNullable)),
        };

    private static ParquetField? TryMakeMap(SchemaNode node, string name, bool isNullable)
    {
        if (node.Children is not [{ Repetition: Repetition.Repeated, Leaf: null } entries])
        {
            return null;
        }

        if (entries.Children.Count == 1 && entries.Children[0].Repetition != Repetition.Repeated)
        {
            // A map without values is a set of keys.
            ParquetField element = FromNode(entries.Children[0], "element", isRepeatedEntry: false);
            return MakeList(node, name, isNullable, element);
        }

        if (entries.Children.Count != 2 || entries.Children.Any(child => child.Repetition == Repetition.Repeated))
        {
            return null;
        }

        ParquetField key = FromNode(entries.Children[0], "key", isRepeatedEntry: false);
        ParquetField value = FromNode(entries.Children[1], "value", isRepeatedEntry: false);
        return new ParquetField(node, name, FieldShape.Map, isNullable)
        {
            DefinitionLevel = node.MaxDefinitionLevel,
            RepetitionLevel = node.MaxRepetitionLevel,
            Children = [key, value],
            TypeOrRefusal = Combine(
                [key, value], () => DataType.Map(key.Type, value.Type, value.IsNullable)),
        };
    }

    /// <summary>The variant that a struct is; null where its parts are not those of one.</summary>
    /// <param name="field">A struct that the file does not mark as a variant.</param>
    public static ParquetField? AsVariant(ParquetField field) =>
        TryMakeVariant(field.Node, field.Name, field.IsNullable);

    // Parts are found by name; what is neither of the three is no part of a value.
    private static ParquetField? TryMakeVariant(SchemaNode node, string name, bool isNullable)
    {
        SchemaNode? metadata = Part("metadata");
        SchemaNode? value = Part("value");
        SchemaNode? typed = Part("typed_value");
        if (!IsBinary(metadata) || (value is null ? typed is null : !IsBinary(value)))
        {
            return null;
        }

        ParquetField?[] children = [FromPart(metadata!), FromPart(value), FromPart(typed)];
        return new ParquetField(node, name, FieldShape.Variant, isNullable)
        {
            DefinitionLevel = node.MaxDefinitionLevel,
            RepetitionLevel = node.MaxRepetitionLevel,
            Children = [.. children.OfType<ParquetField>()],
            TypeOrRefusal = (DataType.Variant, null),
        };

        SchemaNode? Part(string part) => node.Children.FirstOrDefault(child => child.Name == part);
        static ParquetField? FromPart(SchemaNode? part) => part is null ? null : FromNode(part);
        static bool IsBinary(SchemaNode? part) => part is
        {
            Leaf.PhysicalType: PhysicalType.ByteArray, Repetition: not Repetition.Repeated,
        };
    }

    private static (DataType? Type, string? Refusal) Combine(ParquetField[] children, Func<DataType> combine)
    {
        ParquetField? refused = Array.Find(children, child => !child.IsSupported);
        return refused is null ? (combine(), null) : (null, refused.TypeOrRefusal.Refusal);
    }
}
