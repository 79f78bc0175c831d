using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using Polder.Columns;
using Polder.Delta;
using Polder.Delta.Actions;
using Polder.Delta.Commit;
using Polder.Delta.Log;
using Polder.Delta.Protocol;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>The recorded verdicts of Delta 4.4 where the loser is a plain insert or a whole overwrite.</summary>
public sealed class ConflictRulesTests
{
    private const string Root = "table";

    private static readonly string Schema = SchemaJson.Format(DataType.Struct(
        new StructField("id", DataType.Integer), new StructField("v", DataType.Integer),
        new StructField("p", DataType.Integer)));

    // Spark rebases over a winner that switches these on; Polder's writer does not honour them, and says so.
    private static readonly string[] RefusedByName =
        ["enableColumnMapping", "enableIct", "enableRowTracking", "clusterById"];

    [Fact]
    public void Verdicts_are_those_of_Delta()
    {
        List<string> offences = [];
        int count = 0;
        foreach (string line in File.ReadLines(Corpus.Path("corpus", "conflicts.ndjson")))
        {
            using JsonDocument json = JsonDocument.Parse(line);
            JsonElement race = json.RootElement;
            string a = race.GetProperty("a").ToString();
            bool isOverwrite = a.StartsWith("INSERT OVERWRITE t VALUES", StringComparison.Ordinal);
            if (!isOverwrite && !a.StartsWith("INSERT INTO t VALUES", StringComparison.Ordinal))
            {
                continue;
            }

            count++;
            string id = race.GetProperty("id").GetString()!;
            string expected = Expected(race, id);
            string actual = Decide(race, isOverwrite);
            if (expected != actual)
            {
                offences.Add($"{id}: {actual}, Delta says {expected}");
            }
        }

        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(count >= 60, $"only {count} races");
    }

    private static string Expected(JsonElement race, string id)
    {
        if (RefusedByName.Any(name => id.Contains(name, StringComparison.Ordinal)))
        {
            return nameof(UnsupportedFeatureException);
        }

        string? condition = race.GetProperty("verdict").GetString() == "commit"
            ? null
            : race.GetProperty("error").GetProperty("condition").GetString();
        return condition?.Split('.')[0] switch
        {
            null => "commit",
            "DELTA_METADATA_CHANGED" => nameof(MetadataChangedException),
            "DELTA_PROTOCOL_CHANGED" => nameof(ProtocolChangedException),
            "DELTA_CONCURRENT_APPEND" => nameof(ConcurrentAppendException),
            "DELTA_CONCURRENT_DELETE_READ" => nameof(ConcurrentDeleteReadException),
            string other => other,
        };
    }

    private static string Decide(JsonElement race, bool isOverwrite)
    {
        (TableState before, TableMetadata changed) = MakeStates(race);
        Transaction ours = new(null)
        {
            Operation = "WRITE",
            ReadsWholeTable = isOverwrite,
            IsWriteSerializable = race.GetProperty("isolation").GetString() == "WriteSerializable",
        };
        ours.Stage(LogFiles.Add("ours"));
        if (isOverwrite)
        {
            ours.Stage(LogFiles.Remove("f0"));
        }

        TableState? table = before;
        try
        {
            foreach (JsonElement commit in race.GetProperty("bCommits").EnumerateArray())
            {
                CommitFile winner = MakeWinner(commit, before.Metadata, changed);
                if (ConflictRules.Check(ours, winner, ref table, Root) is ConcurrentModificationException conflict)
                {
                    return conflict.GetType().Name;
                }
            }

            return "commit";
        }
        catch (UnsupportedFeatureException)
        {
            return nameof(UnsupportedFeatureException);
        }
    }

    private static CommitFile MakeWinner(JsonElement commit, TableMetadata before, TableMetadata changed)
    {
        List<DeltaAction> actions =
        [
            new CommitInfo { IsBlindAppend = commit.GetProperty("isBlindAppend").GetBoolean() },
            .. Enumerable.Range(0, commit.GetProperty("adds").GetInt32())
                .Select(index => LogFiles.Add($"b{index}")),
            .. Enumerable.Range(0, commit.GetProperty("removes").GetInt32())
                .Select(index => LogFiles.Remove($"f{index}")),
        ];
        if (commit.TryGetProperty("protocol", out JsonElement protocol) && protocol.ValueKind == JsonValueKind.Object)
        {
            actions.Add(ActionReader.Read(
                JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, JsonElement> { ["protocol"] = protocol }))!);
        }

        if (commit.TryGetProperty("metaData", out JsonElement metadata) && metadata.ValueKind == JsonValueKind.True)
        {
            string operation = commit.GetProperty("operation").GetString()!;
            bool isSame = operation is "CLUSTER BY" or "RESTORE" or "DROP FEATURE" or "UPGRADE PROTOCOL" ||
                (operation == "SET TBLPROPERTIES" && ReferenceEquals(before, changed));
            bool isProperty = operation.Contains("PROPERTIES", StringComparison.Ordinal);
            actions.Add(isSame ? before : isProperty ? changed : changed with { Description = operation });
        }

        return new CommitFile(commit.GetProperty("version").GetInt64(), actions);
    }

    /// <summary>The table before the race and its metadata afterwards: what the winner names is new.</summary>
    private static (TableState Before, TableMetadata After) MakeStates(JsonElement race)
    {
        TableMetadata before = LogFiles.Metadata with { SchemaString = Schema, PartitionColumns = ["p"] };
        TableMetadata after = before;
        string winner = race.GetProperty("b").ToString();
        if (winner.StartsWith("COMMENT", StringComparison.Ordinal))
        {
            after = before with { Description = "b" };
        }
        else if (race.TryGetProperty("configurationAfter", out JsonElement configuration))
        {
            Dictionary<string, string?> values = configuration.EnumerateObject()
                .ToDictionary(item => item.Name, item => item.Value.GetString());
            after = before with { Configuration = values };
            before = before with
            {
                Configuration = values
                    .Where(pair => !winner.Contains(pair.Key, StringComparison.Ordinal) &&
                        !pair.Key.StartsWith("delta.rowTracking", StringComparison.Ordinal) &&
                        !pair.Key.StartsWith("delta.columnMapping", StringComparison.Ordinal) &&
                        !pair.Key.StartsWith("delta.inCommit", StringComparison.Ordinal))
                    .ToDictionary(),
            };
        }

        string name = race.GetProperty("id").GetString()!;
        bool hasFeatures = name.EndsWith("-ckf", StringComparison.Ordinal);
        TableProtocol protocol = hasFeatures
            ? new TableProtocol(1, 7, null, ["appendOnly", "invariants", "checkConstraints", "domainMetadata"])
            : name.EndsWith("-cmf", StringComparison.Ordinal)
                ? new TableProtocol(2, 7, null, ["appendOnly", "invariants", "columnMapping"])
                : new TableProtocol(1, 2, null, null);
        return (new TableState(protocol, before), after);
    }
}
