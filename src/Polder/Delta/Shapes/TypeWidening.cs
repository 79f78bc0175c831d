using System.Collections.Generic;
using System.Text.Json;
using Polder.Columns;
using Polder.Delta.Protocol;

namespace Polder.Delta.Shapes;

/// <summary>PROTOCOL "Type Widening": which older types a column's files may hold.</summary>
internal static class TypeWidening
{
    private const string ChangesKey = "delta.typeChanges";

    /// <summary>
    /// Whether values of one type are read as another: every change that the protocol lists, and 32-bit integers as
    /// the narrower types that a writer without annotations meant (a value that does not fit is an error).
    /// </summary>
    public static bool IsAllowed(DataType source, DataType target) => (source.Kind, target.Kind) switch
    {
        (TypeKind.Byte, TypeKind.Short or TypeKind.Integer or TypeKind.Long or TypeKind.Double) => true,
        (TypeKind.Short, TypeKind.Integer or TypeKind.Long or TypeKind.Double) => true,
        (TypeKind.Integer, TypeKind.Byte or TypeKind.Short or TypeKind.Long or TypeKind.Double) => true,
        (TypeKind.Float, TypeKind.Double) => true,
        (TypeKind.Date, TypeKind.TimestampNtz) => true,
        (TypeKind.Byte or TypeKind.Short or TypeKind.Integer, TypeKind.Decimal) =>
            target.Precision - target.Scale >= 10,
        (TypeKind.Long, TypeKind.Decimal) => target.Precision - target.Scale >= 20,
        (TypeKind.Decimal, TypeKind.Decimal) =>
            target.Scale >= source.Scale && target.Precision - target.Scale >= source.Precision - source.Scale,
        _ => false,
    };

    /// <summary>Throws where the schema records a change that is no known widening.</summary>
    /// <exception cref="UnsupportedFeatureException">It does; names both types.</exception>
    public static void CheckChanges(DataType schema)
    {
        foreach (StructField field in FeatureGate.AllFields(schema))
        {
            if (!field.Metadata.TryGetValue(ChangesKey, out string? changes))
            {
                continue;
            }

            using JsonDocument json = JsonDocument.Parse(changes);
            IEnumerable<JsonElement> items =
                json.RootElement.ValueKind == JsonValueKind.Array ? json.RootElement.EnumerateArray() : [];
            foreach (JsonElement change in items)
            {
                string from = Text(change, "fromType"), to = Text(change, "toType");
                if (SchemaJson.TryParsePrimitive(from) is not DataType source ||
                    SchemaJson.TryParsePrimitive(to) is not DataType target || !IsAllowed(source, target))
                {
                    throw new UnsupportedFeatureException(
                        $"changing a column from {from} to {to}", $"column {field.Name} was changed so");
                }
            }
        }
    }

    private static string Text(JsonElement change, string name) =>
        change.ValueKind == JsonValueKind.Object && change.TryGetProperty(name, out JsonElement value) &&
        value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
