using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Polder.Tests.Delta;

/// <summary>A table of the shared corpus and what a correct reader makes of it.</summary>
internal sealed class CorpusTable
{
    /// <summary>What is not read yet; a table may be pending only where one of these is among its features.</summary>
    private static readonly string[] PendingFeatures =
    [
        "deletionVectors", "dv", "dvLarge", "columnMapping", "cm", "typeWidening", "checkpoint:v2-json",
        "checkpoint:v2-parquet", "checkpoint:multipart", "checkpoint:sidecars", "logCompaction", "variant",
        "variantShredding", "type:variant", "catalogManaged", "inCommitTimestamp", "rowTracking", "changeDataFeed",
        "cdf", "domainMetadata", "clustering",
    ];

    private CorpusTable(string name, JsonElement entry)
    {
        Name = name;
        Expect = entry.GetProperty("expect").GetString()!;
        ErrorKind = entry.GetProperty("errorKind").GetString();
        Features = [.. entry.GetProperty("features").EnumerateArray().Select(item => item.GetString()!)];
        Folder = Corpus.Path("corpus", "delta", name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(Folder + ".expected.json"));
        Expected = expected.RootElement.Clone();
    }

    public string Name { get; }

    public string Expect { get; }

    public string? ErrorKind { get; }

    public IReadOnlyList<string> Features { get; }

    public string Folder { get; }

    public JsonElement Expected { get; }

    /// <summary>The expected rows, one JSON object a line, or null where there are none.</summary>
    public string[]? Rows => Expected.GetProperty("ndjson").GetString() is null
        ? null
        : [.. File.ReadLines(Folder + ".expected.ndjson").Where(line => line.Length > 0)];

    /// <summary>Whether it uses something that the first reader does not do; derived, never typed by hand.</summary>
    public bool MayBePending => Features.Any(feature => PendingFeatures.Any(
        pending => feature == pending || feature.StartsWith(pending + ":", StringComparison.Ordinal) ||
            feature == "tableFeature:" + pending));

    public long? Number(string property) =>
        Expected.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : null;

    public static IReadOnlyList<CorpusTable> LoadAll()
    {
        using JsonDocument index = JsonDocument.Parse(File.ReadAllText(Corpus.Path("corpus", "delta", "index.json")));
        return [.. index.RootElement.EnumerateArray()
            .Select(entry => new CorpusTable(entry.GetProperty("table").GetString()!, entry))];
    }
}
