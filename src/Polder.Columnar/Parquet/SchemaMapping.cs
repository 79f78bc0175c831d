using System.Collections.Generic;
using System.Globalization;
using Polder.Columns;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>Spark's types as the schema elements that Spark's own writer gives them.</summary>
internal static class SchemaMapping
{
    /// <summary>The key of a field's id in a struct field's metadata, as Spark names it.</summary>
    public const string FieldIdKey = "parquet.field.id";

    /// <summary>The key of a column's id under Delta's column mapping.</summary>
    public const string ColumnMappingIdKey = "delta.columnMapping.id";

    private const string RootName = "spark_schema";

    private static readonly LogicalType Text = new(LogicalKind.String);

    /// <summary>The metadata that carries a field id; null without one.</summary>
    public static IReadOnlyDictionary<string, string>? IdMetadata(int? fieldId) => fieldId is int id
        ? new Dictionary<string, string> { [FieldIdKey] = id.ToString(CultureInfo.InvariantCulture) }
        : null;

    /// <summary>The flat list of a struct's schema, root first.</summary>
    /// <exception cref="UnsupportedFeatureException">A type no file can hold, or an empty struct.</exception>
    public static List<SchemaElement> ToElements(DataType structType)
    {
        RefuseEmpty(structType, "the table");
        List<SchemaElement> elements = [new() { Name = RootName, ChildCount = structType.Fields.Count }];
        foreach (StructField field in structType.Fields)
        {
            Add(elements, field.Name, field.Type, field.Nullable, FieldId(field), field.Name);
        }

        return elements;
    }

    private static int? FieldId(StructField field)
    {
        if (field.Metadata.TryGetValue(FieldIdKey, out string? text)
            || field.Metadata.TryGetValue(ColumnMappingIdKey, out text))
        {
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int id) ? id : null;
        }

        return null;
    }

    private static void Add(
        List<SchemaElement> elements, string name, DataType type, bool isNullable, int? fieldId, string path)
    {
        Repetition repetition = isNullable ? Repetition.Optional : Repetition.Required;
        switch (type.Kind)
        {
            case TypeKind.Array:
                elements.Add(Group(name, repetition, LogicalKind.List, 1, fieldId));
                elements.Add(Group("list", Repetition.Repeated, LogicalKind.None, 1));
                Add(elements, "element", type.Element!, type.ContainsNull, null, path + ".element");
                break;
            case TypeKind.Map:
                elements.Add(Group(name, repetition, LogicalKind.Map, 1, fieldId));
                elements.Add(Group("key_value", Repetition.Repeated, LogicalKind.None, 2));
                Add(elements, "key", type.Key!, false, null, path + ".key");
                Add(elements, "value", type.Element!, type.ContainsNull, null, path + ".value");
                break;
            case TypeKind.Struct:
                RefuseEmpty(type, path);
                elements.Add(Group(name, repetition, LogicalKind.None, type.Fields.Count, fieldId));
                foreach (StructField field in type.Fields)
                {
                    Add(elements, field.Name, field.Type, field.Nullable, FieldId(field), path + "." + field.Name);
                }

                break;
            case TypeKind.Variant:
                elements.Add(Group(name, repetition, LogicalKind.Variant, 2, fieldId));
                elements.Add(Leaf("metadata", PhysicalType.ByteArray, default));
                elements.Add(Leaf("value", PhysicalType.ByteArray, default));
                break;
            default:
                elements.Add(ToLeaf(name, type, path) with { Repetition = repetition, FieldId = fieldId });
                break;
        }
    }

    private static SchemaElement ToLeaf(string name, DataType type, string path) => type.Kind switch
    {
        TypeKind.Void => Leaf(name, PhysicalType.Int32, new LogicalType(LogicalKind.Null)),
        TypeKind.Boolean => Leaf(name, PhysicalType.Boolean, default),
        TypeKind.Byte => Leaf(name, PhysicalType.Int32, LogicalType.Integer(8, true)),
        TypeKind.Short => Leaf(name, PhysicalType.Int32, LogicalType.Integer(16, true)),
        TypeKind.Integer or TypeKind.YearMonthInterval => Leaf(name, PhysicalType.Int32, default),
        TypeKind.Long or TypeKind.DayTimeInterval => Leaf(name, PhysicalType.Int64, default),
        TypeKind.Float => Leaf(name, PhysicalType.Float, default),
        TypeKind.Double => Leaf(name, PhysicalType.Double, default),
        TypeKind.Decimal => ToDecimal(name, type),
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => Leaf(name, PhysicalType.ByteArray, Text),
        TypeKind.Binary => Leaf(name, PhysicalType.ByteArray, default),
        TypeKind.Date => Leaf(name, PhysicalType.Int32, new LogicalType(LogicalKind.Date)),
        TypeKind.Time => Leaf(name, PhysicalType.Int64, LogicalType.Time(LogicalTimeUnit.Micros, false)),
        TypeKind.Timestamp => Leaf(name, PhysicalType.Int64, LogicalType.Timestamp(LogicalTimeUnit.Micros, true)),
        TypeKind.TimestampNtz => Leaf(name, PhysicalType.Int64, LogicalType.Timestamp(LogicalTimeUnit.Micros, false)),
        _ => throw new UnsupportedFeatureException(
            $"type {type} in Parquet", $"column {path}; cast it to a type that files can hold"),
    };

    private static SchemaElement ToDecimal(string name, DataType type)
    {
        LogicalType logical = LogicalType.Decimal(type.Precision, type.Scale);
        return type.Precision switch
        {
            <= 9 => Leaf(name, PhysicalType.Int32, logical),
            <= 18 => Leaf(name, PhysicalType.Int64, logical),
            _ => Leaf(name, PhysicalType.FixedLenByteArray, logical) with
            {
                TypeLength = LeafTypes.DecimalBytes(type.Precision),
            },
        };
    }

    private static SchemaElement Leaf(string name, PhysicalType physical, LogicalType logical) =>
        new() { Name = name, Physical = physical, Logical = logical, Repetition = Repetition.Required };

    private static SchemaElement Group(
        string name, Repetition repetition, LogicalKind kind, int childCount, int? fieldId = null) => new()
        {
            Name = name,
            Repetition = repetition,
            Logical = new LogicalType(kind),
            ChildCount = childCount,
            FieldId = fieldId,
        };

    private static void RefuseEmpty(DataType structType, string what)
    {
        if (structType.Fields.Count == 0)
        {
            throw new UnsupportedFeatureException(
                "a struct of no fields in Parquet", $"{what} has none; a file holds values of leaves only");
        }
    }
}
