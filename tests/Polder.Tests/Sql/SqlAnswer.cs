using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Formats;
using Polder.Sql;

namespace Polder.Tests.Sql;

/// <summary>The answer of a statement as JSON, and how it is compared with a recorded one.</summary>
internal sealed record SqlAnswer(IReadOnlyList<(string Name, string Type)> Schema, IReadOnlyList<JsonArray> Rows)
{
    public static async Task<SqlAnswer> OfAsync(SqlSession session, string sql)
    {
        StatementResult result = await session.QueryAsync(sql);
        List<JsonArray> rows = [];
        await foreach (RecordBatch batch in result.Batches)
        {
            for (int row = 0; row < batch.Length; row++)
            {
                rows.Add(RowOf(batch, result.Schema, row));
            }
        }

        return new SqlAnswer([.. result.Schema.Fields.Select(field => (field.Name, field.Type.ToString()))], rows);
    }

    /// <summary>What differs from a recorded answer; null where nothing does.</summary>
    /// <param name="schema">Names and types.</param>
    /// <param name="rows">The rows.</param>
    /// <param name="ordered">Whether the order counts.</param>
    /// <param name="tolerance">Relative difference of floating-point numbers that counts as none.</param>
    public string? DifferenceFrom(JsonArray schema, JsonArray rows, bool ordered, double tolerance)
    {
        string expected = string.Join(", ", schema.Select(field => $"{field!["name"]}:{field["type"]}"));
        string actual = string.Join(", ", Schema.Select(field => $"{field.Name}:{field.Type}"));
        if (expected != actual)
        {
            return $"schema {actual}, expected {expected}";
        }

        List<JsonArray> wanted = [.. rows.Select(row => row!.AsArray())];
        if (wanted.Count != Rows.Count)
        {
            return $"{Rows.Count} rows, expected {wanted.Count}";
        }

        List<JsonArray> left = [.. Rows];
        for (int rowIndex = 0; rowIndex < wanted.Count; rowIndex++)
        {
            int found = ordered
                ? Same(left[rowIndex], wanted[rowIndex], tolerance) ? rowIndex : -1
                : left.FindIndex(row => Same(row, wanted[rowIndex], tolerance));
            if (found < 0)
            {
                string near = ordered ? left[rowIndex].ToJsonString() : string.Join(' ', left.Select(Json).Take(5));
                return $"row {rowIndex}: {wanted[rowIndex].ToJsonString()} expected, not {near}";
            }

            if (!ordered)
            {
                left.RemoveAt(found);
            }
        }

        return null;
    }

    private static string Json(JsonNode row) => row.ToJsonString();

    private static JsonArray RowOf(RecordBatch batch, DataType schema, int row)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, RowJson.WriterOptions))
        {
            writer.WriteStartArray();
            for (int column = 0; column < schema.Fields.Count; column++)
            {
                RowJson.WriteValue(writer, batch.Column(column), schema.Fields[column].Type, row);
            }

            writer.WriteEndArray();
        }

        return JsonNode.Parse(stream.ToArray())!.AsArray();
    }

    internal static bool Same(JsonNode? left, JsonNode? right, double tolerance)
    {
        if (left is null || right is null)
        {
            return left is null && right is null;
        }

        if (left is JsonArray leftItems && right is JsonArray rightItems)
        {
            return leftItems.Count == rightItems.Count &&
                leftItems.Zip(rightItems).All(pair => Same(pair.First, pair.Second, tolerance));
        }

        if (left is JsonObject leftFields && right is JsonObject rightFields)
        {
            return leftFields.Count == rightFields.Count && leftFields.All(field =>
                rightFields.TryGetPropertyValue(field.Key, out JsonNode? other) && Same(field.Value, other, tolerance));
        }

        if (left.GetValueKind() != right.GetValueKind())
        {
            return false;
        }

        return left.GetValueKind() == JsonValueKind.Number
            ? SameNumber(left.ToJsonString(), right.ToJsonString(), tolerance)
            : left.ToJsonString() == right.ToJsonString();
    }

    private static bool SameNumber(string left, string right, double tolerance)
    {
        if (left == right)
        {
            return true;
        }

        if (!left.AsSpan().ContainsAny(".eE") && !right.AsSpan().ContainsAny(".eE"))
        {
            return false;
        }

        double one = double.Parse(left);
        double other = double.Parse(right);
        return one.Equals(other) || (tolerance > 0 &&
            Math.Abs(one - other) <= tolerance * Math.Max(Math.Abs(one), Math.Abs(other)));
    }
}
