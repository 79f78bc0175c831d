using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Columns.Variant;
using Polder.Expressions.Analysis;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>The type of a variant's value as schema_of_variant names it.</summary>
internal static class VariantSchema
{
    private const int MaxPrecision = 38;

    /// <summary>The type as text: BIGINT, ARRAY&lt;STRING&gt;, OBJECT&lt;a: BIGINT&gt;.</summary>
    /// <exception cref="CorruptFileException">The value is damaged.</exception>
    public static string Describe(VariantValue value)
    {
        VariantWalk walk = new(Limits.Default, value);
        return Format(TypeOf(value, ref walk));
    }

    private static string Format(DataType type) => type.Kind switch
    {
        TypeKind.Struct => $"OBJECT<{string.Join(", ", type.Fields.Select(
            field => $"{NameSuggestions.QuoteIfNeeded(field.Name)}: {Format(field.Type)}"))}>",
        TypeKind.Array => $"ARRAY<{Format(type.Element!)}>",
        _ => SqlText.TypeName(type),
    };

    private static DataType TypeOf(VariantValue value, ref VariantWalk walk)
    {
        walk.Enter(value);
        DataType type = value.Kind switch
        {
            VariantKind.Object => ObjectType(value, ref walk),
            VariantKind.Array => ArrayType(value, ref walk),
            VariantKind.Null => DataType.Void,
            VariantKind.Boolean => DataType.Boolean,
            VariantKind.Float => DataType.Float,
            VariantKind.Double => DataType.Double,
            VariantKind.Decimal => DecimalType(value),
            VariantKind.Date => DataType.Date,
            VariantKind.Timestamp => DataType.Timestamp,
            VariantKind.TimestampNtz => DataType.TimestampNtz,
            VariantKind.String => DataType.String,
            VariantKind.Binary => DataType.Binary,
            _ when value.IsInteger => DataType.Long,
            _ => throw QueryException.NotYet($"the schema of a variant's {value.Kind}", default),
        };
        walk.Leave();
        return type;
    }

    private static DataType DecimalType(VariantValue value)
    {
        (_, int precision, int scale) = VariantText.Normalize(value.GetDecimal());
        return DataType.Decimal(precision, scale);
    }

    private static DataType ObjectType(VariantValue value, ref VariantWalk walk)
    {
        List<StructField> fields = new(value.Count);
        for (int index = 0; index < value.Count; index++)
        {
            fields.Add(new StructField(Encoding.UTF8.GetString(value.KeyAt(index)), TypeOf(value[index], ref walk)));
        }

        return DataType.Struct(fields);
    }

    private static DataType ArrayType(VariantValue value, ref VariantWalk walk)
    {
        DataType element = DataType.Void;
        for (int index = 0; index < value.Count; index++)
        {
            element = Merge(element, TypeOf(value[index], ref walk));
        }

        return DataType.Array(element);
    }

    // Spark's SchemaOfVariant.mergeSchema and JsonInferSchema.compatibleType.
    private static DataType Merge(DataType left, DataType right)
    {
        if (left.Equals(right) || right.Kind == TypeKind.Void)
        {
            return left;
        }

        return (left.Kind, right.Kind) switch
        {
            (TypeKind.Void, _) => right,
            (TypeKind.Struct, TypeKind.Struct) => MergeFields(left, right),
            (TypeKind.Array, TypeKind.Array) => DataType.Array(Merge(left.Element!, right.Element!)),
            (TypeKind.Double, TypeKind.Long or TypeKind.Float or TypeKind.Decimal) => DataType.Double,
            (TypeKind.Long or TypeKind.Float or TypeKind.Decimal, TypeKind.Double) => DataType.Double,
            (TypeKind.Long, TypeKind.Float) or (TypeKind.Float, TypeKind.Long) => DataType.Float,
            (TypeKind.Decimal or TypeKind.Long, TypeKind.Decimal or TypeKind.Long) => MergeDecimals(left, right),
            (TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz,
                TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz) =>
                left.Kind == TypeKind.Timestamp || right.Kind == TypeKind.Timestamp
                    ? DataType.Timestamp
                    : DataType.TimestampNtz,
            _ => DataType.Variant,
        };
    }

    private static DataType MergeDecimals(DataType left, DataType right)
    {
        left = DecimalTypes.Holding(left)!;
        right = DecimalTypes.Holding(right)!;
        int scale = int.Max(left.Scale, right.Scale);
        int precision = scale + int.Max(left.Precision - left.Scale, right.Precision - right.Scale);
        return precision > MaxPrecision ? DataType.Double : DataType.Decimal(precision, scale);
    }

    private static DataType MergeFields(DataType left, DataType right)
    {
        SortedDictionary<string, DataType> fields = new(StringComparer.Ordinal);
        foreach (StructField field in left.Fields.Concat(right.Fields))
        {
            fields[field.Name] = fields.TryGetValue(field.Name, out DataType? known)
                ? Merge(known, field.Type)
                : field.Type;
        }

        return DataType.Struct([.. fields.Select(field => new StructField(field.Key, field.Value))]);
    }
}
