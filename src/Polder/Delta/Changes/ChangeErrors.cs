using System;
using System.Collections.Generic;
using System.Globalization;
using Polder.Expressions;

namespace Polder.Delta.Changes;

/// <summary>The errors of change feeds, by Delta's names.</summary>
internal static class ChangeErrors
{
    public static QueryException StartsAfterLatest(long start, long latest) => Create(
        "DELTA_CDC_START_VERSION_AFTER_LATEST",
        "22003",
        string.Create(
            CultureInfo.InvariantCulture, $"the changes from version {start} on: the table's latest is {latest}"),
        ("start", start), ("latest", latest));

    public static QueryException StartsAfterLatest(DateTimeOffset start, DateTimeOffset latest) => Create(
        "DELTA_TIMESTAMP_GREATER_THAN_COMMIT",
        "42816",
        string.Create(
            CultureInfo.InvariantCulture, $"the changes from {start:O} on: the latest commit is of {latest:O}"),
        ("providedTimestamp", start), ("lastCommitTimestamp", latest));

    public static QueryException EndsBeforeStart(long start, long end) => Create(
        "DELTA_INVALID_CDC_RANGE",
        "22003",
        string.Create(CultureInfo.InvariantCulture, $"the changes from {start} to {end}: the end is before the start"),
        ("start", start), ("end", end));

    public static QueryException NotRecorded(long version, long start, long end) => Create(
        "DELTA_MISSING_CHANGE_DATA",
        "KD002",
        string.Create(
            CultureInfo.InvariantCulture,
            $"the changes from version {start} to {end}: version {version} did not record any, because the table " +
            $"property delta.enableChangeDataFeed was not true; begin at the version that sets it"),
        ("startVersion", start), ("endVersion", end), ("version", version));

    public static QueryException Incompatible(
        long start, long end, long readVersion, long version, bool isSchemaChange) => Create(
        isSchemaChange
            ? "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_SCHEMA_CHANGE"
            : "DELTA_CHANGE_DATA_FEED_INCOMPATIBLE_DATA_SCHEMA",
        "0AKDC",
        string.Create(
            CultureInfo.InvariantCulture,
            $"the changes from version {start} to {end} are read with the columns of version {readVersion}, and " +
            $"those of version {version} do not fit: a column was dropped, renamed, or has another type; ask for the " +
            $"changes before and after it separately"),
        ("start", start), ("end", end), ("readVersion", readVersion), ("incompatibleVersion", version));

    public static QueryException OwnColumns(string name) => Create(
        "DELTA_TABLE_ALREADY_CONTAINS_CDC_COLUMNS",
        "42711",
        $"the table has a column {name} of its own, so its change feed cannot have one",
        ("columnList", name));

    private static QueryException Create(
        string condition, string sqlState, string message, params (string Name, object Value)[] parameters)
    {
        Dictionary<string, string> texts = [];
        foreach ((string name, object value) in parameters)
        {
            texts[name] = string.Create(CultureInfo.InvariantCulture, $"{value}");
        }

        return new QueryException(condition, sqlState, message, texts);
    }
}
