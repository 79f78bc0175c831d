using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Polder.Tests.Expressions;

/// <summary>
/// The recorded evaluations of single expressions (<c>corpus/spark-sql/evaluations.ndjson</c>): what Spark 4.2 says of
/// each, its type, its nullability, and its value or its error.
/// </summary>
internal static class EvaluationCases
{
    /// <summary>Every case; the calling test is skipped where the corpus is missing.</summary>
    public static IEnumerable<EvaluationCase> Read()
    {
        foreach (string line in File.ReadLines(Corpus.Path("corpus", "spark-sql", "evaluations.ndjson")))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            yield return Parse(document.RootElement);
        }
    }

    private static EvaluationCase Parse(JsonElement record) => new(
        record.GetProperty("id").GetString()!,
        record.GetProperty("group").GetString()!,
        record.GetProperty("sql").GetString()!,
        record.TryGetProperty("type", out JsonElement type) ? type.GetString() : null,
        record.TryGetProperty("nullable", out JsonElement nullable) && nullable.GetBoolean(),
        record.TryGetProperty("value", out JsonElement value) ? value.Clone() : null,
        record.TryGetProperty("error", out JsonElement error) ? ParseError(error) : null,
        record.TryGetProperty("note", out JsonElement note) ? note.GetString() : null);

    private static EvaluationError ParseError(JsonElement error)
    {
        Dictionary<string, string> parameters = [];
        if (error.TryGetProperty("parameters", out JsonElement recorded) && recorded.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty parameter in recorded.EnumerateObject())
            {
                parameters[parameter.Name] = parameter.Value.ToString();
            }
        }

        return new EvaluationError(
            TextOf(error, "condition"), TextOf(error, "sqlState"), parameters, TextOf(error, "exception"));
    }

    private static string? TextOf(JsonElement record, string name) =>
        record.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}

/// <summary>One recorded evaluation.</summary>
/// <param name="Id">Unique: group and number.</param>
/// <param name="Group">What the case is about.</param>
/// <param name="Sql">The expression.</param>
/// <param name="Type">The result's type as simpleString; null where the expression does not analyse.</param>
/// <param name="Nullable">Of the result, as the analyser says.</param>
/// <param name="Value">The result in the corpus' row encoding, JSON null for NULL; absent with an error.</param>
/// <param name="Error">The error, or null.</param>
/// <param name="Note">A remark.</param>
internal sealed record EvaluationCase(
    string Id,
    string Group,
    string Sql,
    string? Type,
    bool Nullable,
    JsonElement? Value,
    EvaluationError? Error,
    string? Note);

/// <summary>A recorded error; the condition is null where Spark threw something that is no Spark error.</summary>
internal sealed record EvaluationError(
    string? Condition, string? SqlState, IReadOnlyDictionary<string, string> Parameters, string? Exception);
