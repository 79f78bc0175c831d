using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Delta;
using Polder.Storage.Memory;
using Xunit;

namespace Polder.Tests.Delta;

/// <summary>Versions by time.</summary>
public sealed class TimeTravelTests
{
    // Spark's answers of this session contradict those of all others: a time between commits is "after the last".
    private const string Contradiction = "spark4/ict-session-timezone";

    [Fact]
    public async Task Recorded_answers_of_Spark_to_timestamp_as_of_are_given()
    {
        List<string> offences = [];
        int asked = 0;
        foreach (CorpusTable table in CorpusTable.LoadAll().Where(table => 
            table.Expect == "ok" && table.Name != Contradiction && table.Expected.TryGetProperty("timestamps", out _)))
        {
            using TemporaryFolder folder = new();
            CopyLog(table, folder.Path);
            DeltaTable opened = await DeltaTable.OpenAsync(folder.Path);
            foreach (JsonElement question in table.Expected.GetProperty("timestamps").EnumerateArray())
            {
                if (question.TryGetProperty("sessionTimeZone", out _) ||
                    !DateTimeOffset.TryParse(
                        question.GetProperty("timestamp").GetString(), CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal, out DateTimeOffset time))
                {
                    continue;
                }

                string expected = question.TryGetProperty("version", out JsonElement version)
                    ? version.GetInt64().ToString(CultureInfo.InvariantCulture)
                    : question.GetProperty("error").GetProperty("condition").GetString()!;
                string actual = await AskAsync(opened, time);
                asked++;
                bool isRight = expected == actual ||
                    (expected.StartsWith("DELTA_TIMESTAMP", StringComparison.Ordinal) &&
                        actual == nameof(VersionNotFoundException)) ||
                    expected == "DELTA_UNSUPPORTED_TIME_TRAVEL_BEYOND_DELETED_FILE_RETENTION_DURATION";
                if (!isRight)
                {
                    offences.Add($"{table.Name} at {time:O}: {actual}, expected {expected}");
                }
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{asked} questions");
        Assert.True(offences.Count == 0, string.Join('\n', offences));
        Assert.True(asked > 20, $"only {asked} questions");
    }

    [Fact]
    public async Task Snapshot_as_of_a_time_is_the_newest_before_it()
    {
        SteppingTime time = new();
        MemoryStore store = new(time);
        Engine engine = new(new EngineOptions { Time = time });
        DeltaTable table = await DeltaTable.CreateAsync(store, LogFiles.Schema, engine: engine);
        for (int load = 0; load < 3; load++)
        {
            time.Now = time.Now.AddHours(1);
            await table.AppendAsync(TestRows.Numbered(load, 1));
        }

        Assert.Equal(1, (await table.SnapshotAsync(asOf: time.Now.AddMinutes(-61))).Version);
        Assert.Equal(3, (await table.SnapshotAsync(asOf: time.Now)).Version);
        await Assert.ThrowsAsync<VersionNotFoundException>(() => table.SnapshotAsync(asOf: time.Now.AddDays(-1)));
        await Assert.ThrowsAsync<VersionNotFoundException>(() => table.SnapshotAsync(asOf: time.Now.AddMinutes(1)));
    }

    private static async Task<string> AskAsync(DeltaTable table, DateTimeOffset time)
    {
        try
        {
            return (await table.SnapshotAsync(time)).Version.ToString(CultureInfo.InvariantCulture);
        }
        catch (VersionNotFoundException)
        {
            return nameof(VersionNotFoundException);
        }
    }

    /// <summary>The corpus is read-only and its modification times are not those of the recording.</summary>
    private static void CopyLog(CorpusTable table, string folder)
    {
        string target = Path.Combine(folder, "_delta_log");
        Directory.CreateDirectory(target);
        foreach (string file in Directory.EnumerateFiles(Path.Combine(table.Folder, "_delta_log")))
        {
            File.WriteAllBytes(Path.Combine(target, Path.GetFileName(file)), File.ReadAllBytes(file));
        }

        if (table.Expected.TryGetProperty("commitMtimes", out JsonElement times))
        {
            foreach (JsonProperty time in times.EnumerateObject())
            {
                string file = Path.Combine(target, time.Name.PadLeft(20, '0') + ".json");
                if (File.Exists(file))
                {
                    File.SetLastWriteTimeUtc(
                        file, DateTimeOffset.FromUnixTimeMilliseconds(time.Value.GetInt64()).UtcDateTime);
                }
            }
        }
    }

    private sealed class SteppingTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}
