using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using Polder.Files;

namespace Polder.Cli.Parquet;

/// <summary>What a scan with a condition leaves out of a file, row group by row group.</summary>
internal static class PruningText
{
    /// <summary>A line for each row group; nothing where there is no condition.</summary>
    public static string ToText(IReadOnlyList<RowGroupPruning>? groups) =>
        string.Concat((groups ?? []).Select(group => string.Create(
            CultureInfo.InvariantCulture,
            $"\nrow group {group.Index}: {group.RowsLeft:N0} of {group.RowCount:N0} rows looked at{Details(group)}")));

    /// <summary>A last member of an object; nothing where there is no condition.</summary>
    public static string ToJson(IReadOnlyList<RowGroupPruning>? groups) => groups is null
        ? ""
        : $",\"rowGroups\":[{string.Join(',', groups.Select(ToJson))}]";

    /// <summary>Prints those lines; nothing where there is no condition.</summary>
    public static void Print(Terminal terminal, IReadOnlyList<RowGroupPruning>? groups)
    {
        foreach (string line in ToText(groups).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            terminal.Text.WriteLine(line);
        }
    }

    private static string Details(RowGroupPruning group)
    {
        string pages = group.PageCount < 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", {group.PagesLeft:N0} of {group.PageCount:N0} pages");
        string by = group.SkippedBy is null ? "" : $"; skipped by {group.SkippedBy}";
        return pages + by + (group.Reason is null ? "" : $": {group.Reason}");
    }

    private static string ToJson(RowGroupPruning group)
    {
        string rows = string.Create(
            CultureInfo.InvariantCulture,
            $"\"index\":{group.Index},\"rows\":{group.RowCount},\"rowsLeft\":{group.RowsLeft}");
        string pages = string.Create(
            CultureInfo.InvariantCulture, $"\"pages\":{group.PageCount},\"pagesLeft\":{group.PagesLeft}");
        string why = $"\"skippedBy\":{Quote(group.SkippedBy)},\"reason\":{Quote(group.Reason)}";
        return $"{{{rows},{pages},{why}}}";
    }

    private static string Quote(string? text) =>
        text is null ? "null" : $"\"{JsonEncodedText.Encode(text)}\"";
}
