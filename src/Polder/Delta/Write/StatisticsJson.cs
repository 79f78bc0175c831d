using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Delta.Protocol;
using Polder.Parquet;

namespace Polder.Delta.Write;

/// <summary>PROTOCOL "Per-file Statistics", as Spark writes them.</summary>
internal static class StatisticsJson
{
    private const int MicrosecondsPerMillisecond = 1000;
    private const int MillisecondDigits = 3;

    public static string Format(long rowCount, IReadOnlyList<ColumnStatistics> columns, TableProperties properties)
    {
        List<ColumnStatistics> chosen = Choose(columns, properties);
        ArrayBufferWriter<byte> output = new();
        using (Utf8JsonWriter json = new(
            output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            json.WriteNumber("numRecords", rowCount);
            WriteSection(json, "minValues", chosen, column => FormatBound(column, column.Minimum, isMaximum: false));
            WriteSection(json, "maxValues", chosen, column => FormatBound(column, column.Maximum, isMaximum: true));
            WriteSection(json, "nullCount", chosen, column => FormattableString.Invariant($"{column.NullCount}"));
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    /// <summary>The first leaf columns, or the ones that a property names (a struct stands for its fields).</summary>
    private static List<ColumnStatistics> Choose(IReadOnlyList<ColumnStatistics> columns, TableProperties properties)
    {
        if (properties.StatsColumns is not string listed)
        {
            int limit = properties.IndexedColumnCount;
            return [.. limit < 0 ? columns : columns.Take(limit)];
        }

        List<string> names =
            [.. listed.Split(',').Select(name => name.Trim().Replace("`", "", StringComparison.Ordinal))];
        return [.. columns.Where(column => names.Exists(name =>
            column.Path.Equals(name, StringComparison.OrdinalIgnoreCase) ||
            column.Path.StartsWith(name + ".", StringComparison.OrdinalIgnoreCase)))];
    }

    private static void WriteSection(
        Utf8JsonWriter json,
        string section,
        List<ColumnStatistics> columns,
        Func<ColumnStatistics, string?> format)
    {
        json.WriteStartObject(section);
        List<(IReadOnlyList<string> Names, string Json)> values = [];
        foreach (ColumnStatistics column in columns)
        {
            if (format(column) is string value)
            {
                values.Add((column.Names, value));
            }
        }

        WriteLevel(json, values, 0);
        json.WriteEndObject();
    }

    private static void WriteLevel(
        Utf8JsonWriter json, IEnumerable<(IReadOnlyList<string> Names, string Json)> values, int depth)
    {
        foreach (IGrouping<string, (IReadOnlyList<string> Names, string Json)> group in values
            .GroupBy(value => value.Names[depth]))
        {
            json.WritePropertyName(group.Key);
            if (group.First().Names.Count == depth + 1)
            {
                json.WriteRawValue(group.First().Json);
                continue;
            }

            json.WriteStartObject();
            WriteLevel(json, group, depth + 1);
            json.WriteEndObject();
        }
    }

    /// <summary>The JSON of a bound; null where the type has none or the value no JSON.</summary>
    private static string? FormatBound(ColumnStatistics column, object? value, bool isMaximum)
    {
        // A column with NaN has no bound that all readers understand alike.
        if (value is null || column.NaNCount > 0)
        {
            return null;
        }

        return (column.Type.Kind, value) switch
        {
            (TypeKind.Decimal, Int128 unscaled) => DecimalText.Format(unscaled, column.Type.Scale),
            (TypeKind.Date, int days) => Quote(TemporalText.FormatDate(days)),
            (TypeKind.Timestamp, long time) => Quote(FormatTime(time) + "Z"),
            (TypeKind.TimestampNtz, long time) => Quote(FormatTime(time)),
            (TypeKind.String, string text) when isMaximum =>
                StatisticsText.CutMaximum(text) is string cut ? Quote(cut) : null,
            (TypeKind.String, string text) => Quote(StatisticsText.CutMinimum(text)),
            (_, sbyte or short or int or long) => FormattableString.Invariant($"{value}"),
            (_, double number) when double.IsFinite(number) => FormattableString.Invariant($"{number:R}"),
            (_, float number) when float.IsFinite(number) => FormattableString.Invariant($"{number:R}"),
            _ => null,
        };
    }

    /// <summary>Cut down to milliseconds, before 1970 too.</summary>
    private static string FormatTime(long microseconds)
    {
        long rest = microseconds % MicrosecondsPerMillisecond;
        long cut = microseconds - (rest < 0 ? rest + MicrosecondsPerMillisecond : rest);
        return TemporalText.FormatTimestamp(cut, 'T', MillisecondDigits);
    }

    private static string Quote(string text) =>
        "\"" + JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text) + "\"";
}
