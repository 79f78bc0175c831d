using System;
using System.Buffers;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Delta;
using Polder.Formats;

namespace Polder.Tests.Delta;

/// <summary>Rows as lines of JSON in the corpus' encoding, alike however a number was spelt.</summary>
internal static class RowLines
{
    /// <summary>Every row of a scan, sorted.</summary>
    public static async Task<List<string>> ReadAsync(TableScan scan)
    {
        List<string> lines = [];
        DataType schema = scan.Schema;
        await foreach (RecordBatch batch in scan)
        {
            lines.AddRange(Format(batch, schema));
        }

        lines.Sort(StringComparer.Ordinal);
        return lines;
    }

    /// <summary>The rows of a batch in their order.</summary>
    public static IEnumerable<string> Format(RecordBatch batch, DataType schema)
    {
        ArrayBufferWriter<byte> output = new();
        for (int row = 0; row < batch.Length; row++)
        {
            output.ResetWrittenCount();
            using (Utf8JsonWriter json = new(output, RowJson.WriterOptions))
            {
                RowJson.WriteRow(json, batch, schema, row);
            }

            yield return Normalize(Encoding.UTF8.GetString(output.WrittenSpan), schema);
        }
    }

    /// <summary>A line of the corpus in the form that <see cref="Format"/> gives.</summary>
    public static string Normalize(string line, DataType schema)
    {
        using JsonDocument json = JsonDocument.Parse(line);
        StringBuilder text = new();
        Append(text, json.RootElement, schema);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement json, DataType type)
    {
        switch (type.Kind, json.ValueKind)
        {
            case (_, JsonValueKind.Null):
                text.Append("null");
                break;
            case (TypeKind.Struct, JsonValueKind.Object):
                text.Append('{').AppendJoin(',', json.EnumerateObject().Select(property =>
                    JsonSerializer.Serialize(property.Name) + ":" +
                    Normalize(property.Value, type.Fields[type.IndexOf(property.Name)].Type))).Append('}');
                break;
            case (TypeKind.Array, JsonValueKind.Array):
                text.Append('[').AppendJoin(
                    ',', json.EnumerateArray().Select(item => Normalize(item, type.Element!))).Append(']');
                break;
            case (TypeKind.Map, JsonValueKind.Array):
                text.Append('[').AppendJoin(',', json.EnumerateArray().Select(pair =>
                    $"[{Normalize(pair[0], type.Key!)},{Normalize(pair[1], type.Element!)}]")).Append(']');
                break;
            case (TypeKind.Float, JsonValueKind.Number):
                text.Append(json.GetSingle().ToString("R", CultureInfo.InvariantCulture));
                break;
            case (TypeKind.Variant, JsonValueKind.Number) when json.GetRawText().AsSpan().ContainsAny(".eE"):
            case (TypeKind.Double, JsonValueKind.Number):
                text.Append(json.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            case (TypeKind.Variant, JsonValueKind.Object):
                text.Append('{').AppendJoin(',', json.EnumerateObject().Select(property =>
                    JsonSerializer.Serialize(property.Name) + ":" + Normalize(property.Value, type))).Append('}');
                break;
            case (TypeKind.Variant, JsonValueKind.Array):
                text.Append('[').AppendJoin(
                    ',', json.EnumerateArray().Select(item => Normalize(item, type))).Append(']');
                break;
            case (_, JsonValueKind.String):
                text.Append(JsonSerializer.Serialize(json.GetString()));
                break;
            default:
                text.Append(json.GetRawText());
                break;
        }
    }

    private static string Normalize(JsonElement json, DataType type)
    {
        StringBuilder text = new();
        Append(text, json, type);
        return text.ToString();
    }
}
