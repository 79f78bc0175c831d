using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polder.Columns;

namespace Polder.Delta.Protocol;

/// <summary>PROTOCOL "Schema Serialization Format": a table's schema as JSON, both ways.</summary>
internal static class SchemaJson
{
    /// <summary>Spark's note that a string column is a CHAR(n) or VARCHAR(n).</summary>
    public const string CharVarcharKey = "__CHAR_VARCHAR_TYPE_STRING";

    private const int MaximumDepth = 64;

    private static readonly Dictionary<string, string> NoMetadata = [];

    /// <summary>The struct type that a schemaString describes.</summary>
    /// <exception cref="JsonException">It is no schema.</exception>
    /// <exception cref="UnsupportedFeatureException">It has a type that Polder does not know.</exception>
    public static DataType Parse(string schema)
    {
        using JsonDocument document = JsonDocument.Parse(
            schema, new JsonDocumentOptions { MaxDepth = 4 * MaximumDepth });
        DataType type = ParseType(document.RootElement, 0);
        return type.Kind == TypeKind.Struct ? type : throw new JsonException("the schema is no struct");
    }

    /// <summary>The schemaString of a struct type.</summary>
    public static string Format(DataType schema)
    {
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(
            output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            WriteType(json, schema);
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The type of a primitive's name, or null where it is none.</summary>
    public static DataType? TryParsePrimitive(string name)
    {
        try
        {
            return ParsePrimitive(name);
        }
        catch (UnsupportedFeatureException)
        {
            return null;
        }
    }

    private static DataType ParseType(JsonElement json, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw new JsonException("the schema is nested too deeply");
        }

        if (json.ValueKind == JsonValueKind.String)
        {
            return ParsePrimitive(json.GetString()!);
        }

        string kind = Required(json, "type").GetString() ?? "";
        return kind switch
        {
            "struct" => ParseStruct(json, depth),
            "array" => DataType.Array(
                ParseType(Required(json, "elementType"), depth + 1), Required(json, "containsNull").GetBoolean()),
            "map" => DataType.Map(
                ParseType(Required(json, "keyType"), depth + 1),
                ParseType(Required(json, "valueType"), depth + 1),
                Required(json, "valueContainsNull").GetBoolean()),
            "udt" => ParseType(Required(json, "sqlType"), depth + 1),
            _ => ParsePrimitive(kind),
        };
    }

    private static DataType ParseStruct(JsonElement json, int depth)
    {
        List<StructField> fields = [];
        foreach (JsonElement field in Required(json, "fields").EnumerateArray())
        {
            fields.Add(new StructField(
                Required(field, "name").GetString() ?? throw new JsonException("a field's name is null"),
                ParseType(Required(field, "type"), depth + 1),
                Required(field, "nullable").GetBoolean(),
                field.TryGetProperty("metadata", out JsonElement metadata) ? ParseMetadata(metadata) : NoMetadata));
        }

        return DataType.Struct(fields);
    }

    private static Dictionary<string, string> ParseMetadata(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return NoMetadata;
        }

        Dictionary<string, string> metadata = [];
        foreach (JsonProperty property in json.EnumerateObject())
        {
            metadata[property.Name] = property.Value.GetRawText();
        }

        return metadata.Count == 0 ? NoMetadata : metadata;
    }

    private static DataType ParsePrimitive(string name) => name switch
    {
        "string" => DataType.String,
        "long" => DataType.Long,
        "integer" => DataType.Integer,
        "short" => DataType.Short,
        "byte" => DataType.Byte,
        "float" => DataType.Float,
        "double" => DataType.Double,
        "boolean" => DataType.Boolean,
        "binary" => DataType.Binary,
        "date" => DataType.Date,
        "timestamp" => DataType.Timestamp,
        "timestamp_ntz" => DataType.TimestampNtz,
        "variant" => DataType.Variant,
        "void" or "null" => DataType.Void,
        "decimal" => DataType.Decimal(10, 0),
        _ => ParseParameterised(name),
    };

    private static DataType ParseParameterised(string name)
    {
        int open = name.IndexOf('(');
        if (open > 0 && name.EndsWith(')'))
        {
            string[] arguments = name[(open + 1)..^1].Split(',');
            string kind = name[..open].Trim();
            if (kind == "decimal" && arguments.Length == 2 &&
                ParseInt(arguments[0]) is int precision and >= 1 and <= 38 &&
                ParseInt(arguments[1]) is int scale && scale >= 0 && scale <= precision)
            {
                return DataType.Decimal(precision, scale);
            }

            if (kind is "char" or "varchar" && arguments.Length == 1 && ParseInt(arguments[0]) is > 0)
            {
                return DataType.String;
            }
        }

        // Collated strings of preview writers: the data is plain text; only comparisons would differ.
        return name.StartsWith("string collate ", StringComparison.Ordinal)
            ? throw new UnsupportedFeatureException("collations", $"a column has the type {name}")
            : throw new UnsupportedFeatureException($"data type {name}", "a column has it");
    }

    private static int? ParseInt(string text) =>
        int.TryParse(text.Trim(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value)
            ? value
            : null;

    private static JsonElement Required(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out JsonElement value)
            ? value
            : throw new JsonException($"the schema lacks {name}");

    private static void WriteType(Utf8JsonWriter json, DataType type)
    {
        switch (type.Kind)
        {
            case TypeKind.Struct:
                json.WriteStartObject();
                json.WriteString("type", "struct");
                json.WriteStartArray("fields");
                foreach (StructField field in type.Fields)
                {
                    WriteField(json, field);
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            case TypeKind.Array:
                json.WriteStartObject();
                json.WriteString("type", "array");
                json.WritePropertyName("elementType");
                WriteType(json, type.Element!);
                json.WriteBoolean("containsNull", type.ContainsNull);
                json.WriteEndObject();
                break;
            case TypeKind.Map:
                json.WriteStartObject();
                json.WriteString("type", "map");
                json.WritePropertyName("keyType");
                WriteType(json, type.Key!);
                json.WritePropertyName("valueType");
                WriteType(json, type.Element!);
                json.WriteBoolean("valueContainsNull", type.ContainsNull);
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(FormatPrimitive(type));
                break;
        }
    }

    private static void WriteField(Utf8JsonWriter json, StructField field)
    {
        json.WriteStartObject();
        json.WriteString("name", field.Name);
        json.WritePropertyName("type");
        WriteType(json, field.Type);
        json.WriteBoolean("nullable", field.Nullable);
        json.WriteStartObject("metadata");
        foreach ((string key, string value) in field.Metadata)
        {
            json.WritePropertyName(key);
            json.WriteRawValue(value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string FormatPrimitive(DataType type) => type.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => "string",
        TypeKind.Long => "long",
        TypeKind.Integer => "integer",
        TypeKind.Short => "short",
        TypeKind.Byte => "byte",
        TypeKind.Float => "float",
        TypeKind.Double => "double",
        TypeKind.Boolean => "boolean",
        TypeKind.Binary => "binary",
        TypeKind.Date => "date",
        TypeKind.Timestamp => "timestamp",
        TypeKind.TimestampNtz => "timestamp_ntz",
        TypeKind.Variant => "variant",
        TypeKind.Void => "void",
        TypeKind.Decimal => string.Create(CultureInfo.InvariantCulture, $"decimal({type.Precision},{type.Scale})"),
        _ => throw new UnsupportedFeatureException($"data type {type}", "Delta tables have no such column"),
    };
}
