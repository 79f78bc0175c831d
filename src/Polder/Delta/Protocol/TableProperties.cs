using System;
using System.Collections.Generic;
using System.Globalization;

namespace Polder.Delta.Protocol;

/// <summary>The properties of a table that change what Polder does; keys match without case.</summary>
internal readonly struct TableProperties(IReadOnlyDictionary<string, string?> configuration)
{
    public const string TimeTransformPrefix = "polder.partition.";

    private const int DefaultIndexedColumns = 32;
    private const int DefaultCheckpointInterval = 10;

    private static readonly TimeSpan DefaultRetention = TimeSpan.FromDays(7);

    public bool AppendOnly => IsTrue("delta.appendOnly");

    public bool ChangeDataFeed => IsTrue("delta.enableChangeDataFeed");

    public bool RowTracking => IsTrue("delta.enableRowTracking");

    public bool InCommitTimestamps =>
        IsTrue("delta.enableInCommitTimestamps") || IsTrue("delta.enableInCommitTimestamps-preview");

    /// <summary>none, name or id.</summary>
    public string ColumnMappingMode => Find("delta.columnMapping.mode")?.ToLowerInvariant() ?? "none";

    /// <summary>Leaf columns that get statistics; -1 = all.</summary>
    public int IndexedColumnCount => (int)Number("delta.dataSkippingNumIndexedCols", DefaultIndexedColumns);

    /// <summary>The columns that get statistics instead of the first ones, or null.</summary>
    public string? StatsColumns => Find("delta.dataSkippingStatsColumns");

    public long CheckpointInterval => long.Max(1, Number("delta.checkpointInterval", DefaultCheckpointInterval));

    public string? CompressionCodec => Find("delta.parquet.compression.codec");

    /// <summary>How long a tombstone stays in checkpoints.</summary>
    public TimeSpan DeletedFileRetention =>
        ParseInterval(Find("delta.deletedFileRetentionDuration")) ?? DefaultRetention;

    /// <summary>How long an application's version stays in checkpoints; null = for ever.</summary>
    public TimeSpan? TransactionRetention => ParseInterval(Find("delta.setTransactionRetentionDuration"));

    public string? Find(string key)
    {
        if (configuration.TryGetValue(key, out string? value))
        {
            return value;
        }

        foreach ((string name, string? other) in configuration)
        {
            if (string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
            {
                return other;
            }
        }

        return null;
    }

    public bool IsTrue(string key) => string.Equals(Find(key), "true", StringComparison.OrdinalIgnoreCase);

    /// <summary><c>interval 30 days</c>, several units allowed; null where it is none.</summary>
    internal static TimeSpan? ParseInterval(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        int start = words.Length > 0 && words[0].Equals("interval", StringComparison.OrdinalIgnoreCase) ? 1 : 0;
        if (words.Length == start || (words.Length - start) % 2 != 0)
        {
            return null;
        }

        double seconds = 0;
        for (int index = start; index < words.Length; index += 2)
        {
            double? unit = words[index + 1].ToLowerInvariant().TrimEnd('s') switch
            {
                "week" => 7 * 86400,
                "day" => 86400,
                "hour" => 3600,
                "minute" => 60,
                "second" => 1,
                "millisecond" => 0.001,
                "microsecond" => 0.000001,
                _ => null,
            };
            if (unit is null ||
                !double.TryParse(words[index], NumberStyles.Float, CultureInfo.InvariantCulture, out double count))
            {
                return null;
            }

            seconds += count * unit.Value;
        }

        return seconds is >= 0 and < 3e11 ? TimeSpan.FromSeconds(seconds) : null;
    }

    private long Number(string key, long otherwise) =>
        long.TryParse(Find(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : otherwise;
}
