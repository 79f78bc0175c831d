using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Polder.Tests.Parquet.Conformance;

/// <summary>A file of the Parquet corpus and what was recorded of it.</summary>
/// <param name="Source">Whose collection it is in.</param>
/// <param name="Name">Its path in there.</param>
/// <param name="Expected">What was recorded.</param>
internal sealed record CorpusFile(string Source, string Name, JsonElement Expected)
{
    private static readonly string[] Sources =
        ["parquet-testing", "duckdb", "writers", "spark-tests", "arrow-testing", "parquet-java"];

    public string FilePath => Corpus.Path("corpus", "parquet", Source, Name);

    public string Expect => Expected.GetProperty("expect").GetString()!;

    public long? RowCount =>
        Expected.TryGetProperty("rowCount", out JsonElement count) && count.ValueKind == JsonValueKind.Number
            ? count.GetInt64()
            : null;

    /// <summary>The recorded rows, or null where none were.</summary>
    public IReadOnlyList<JsonElement>? Rows()
    {
        if (!Expected.TryGetProperty("rows", out JsonElement rows) || rows.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        string name = rows.GetString()!;
        string path = name.StartsWith("parquet/", System.StringComparison.Ordinal)
            ? Corpus.Path("corpus", name)
            : Corpus.Path("corpus", "parquet", Source, name);
        return [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    /// <summary>All files.</summary>
    public static IEnumerable<CorpusFile> All()
    {
        foreach (string source in Sources)
        {
            string path = Corpus.Path("corpus", "parquet", source, "expected.json");
            foreach (JsonProperty file in JsonDocument.Parse(File.ReadAllText(path)).RootElement.EnumerateObject())
            {
                yield return new CorpusFile(source, file.Name, file.Value);
            }
        }
    }

    public override string ToString() => $"{Source}/{Name}";
}
