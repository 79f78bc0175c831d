using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>What an x axis is made of.</summary>
internal enum AxisKind
{
    Category,
    Number,

    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    Time,
}

/// <summary>A series: its points in the order of the axis.</summary>
/// <param name="Name">What the legend says.</param>
/// <param name="Style">Which colour, from 1; 0 = what has no colour of its own.</param>
internal sealed record ChartSeries(string Name, int Style)
{
    /// <summary>Points: x in units of the axis (categories by number), y a number or NaN.</summary>
    public List<(double X, double Y)> Points { get; init; } = [];
}

/// <summary>A result's rows as series over an axis. What cannot be drawn is counted.</summary>
internal sealed class ChartData
{
    /// <summary>Colours that people can tell apart.</summary>
    public const int MostStyles = 8;

    private const int MostSeries = 40;

    private ChartData(
        AxisKind axis, IReadOnlyList<string> categories, IReadOnlyList<ChartSeries> series, int lostCount)
    {
        Axis = axis;
        Categories = categories;
        Series = series;
        LostCount = lostCount;
    }

    public AxisKind Axis { get; }

    /// <summary>The labels of categories, in the order in which rows name them; empty on other axes.</summary>
    public IReadOnlyList<string> Categories { get; }

    public IReadOnlyList<ChartSeries> Series { get; }

    /// <summary>Values that are null, NaN or infinite, and rows without an x.</summary>
    public int LostCount { get; }

    /// <summary>Reads the rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="arguments">Which columns.</param>
    /// <param name="asCategories">Numbers and times are categories too: each has a bar of its own.</param>
    public static ChartData Read(QueryRows rows, ChartArguments arguments, bool asCategories)
    {
        DataType? type = arguments.X < 0 ? null : rows.Schema.Fields[arguments.X].Type;
        AxisKind axis = type is null ? AxisKind.Number
            : asCategories ? AxisKind.Category
            : type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz ? AxisKind.Time
            : type.IsNumeric ? AxisKind.Number : AxisKind.Category;
        Dictionary<object, int> categories = [];
        List<object> keys = [];
        Dictionary<(string, int), List<(double X, double Y)>> series = [];
        List<(string Name, int Column)> names = [];
        int lostCount = 0;
        for (int row = 0; row < rows.Count; row++)
        {
            double? x = XOf(rows, arguments, row, axis, categories, keys);
            foreach (int column in arguments.Y)
            {
                double y = ValueText.Number(rows[row, column], rows.Schema.Fields[column].Type) ?? double.NaN;
                if (x is null || !double.IsFinite(y))
                {
                    lostCount++;
                    y = double.NaN;
                }

                string name = NameOf(rows, arguments, row, column);
                if (!series.TryGetValue((name, column), out List<(double X, double Y)>? points))
                {
                    series.Add((name, column), points = []);
                    names.Add((name, column));
                }

                if (x is double position)
                {
                    points.Add((position, y));
                }
            }
        }

        IReadOnlyList<string> labels = type is null || axis != AxisKind.Category
            ? [] : CategoryLabels.Of(keys, type, arguments.FormatOf(arguments.X));
        return new ChartData(axis, labels, Styled(names, series, axis), lostCount);
    }

    /// <summary>The values of a series by category, those of one category added up; NaN where there is none.</summary>
    public double[] ByCategory(ChartSeries series)
    {
        double[] values = new double[Categories.Count];
        Array.Fill(values, double.NaN);
        foreach ((double x, double y) in series.Points)
        {
            if (!double.IsNaN(y))
            {
                values[(int)x] = double.IsNaN(values[(int)x]) ? y : values[(int)x] + y;
            }
        }

        return values;
    }

    private static double? XOf(
        QueryRows rows,
        ChartArguments arguments,
        int row,
        AxisKind axis,
        Dictionary<object, int> categories,
        List<object> keys)
    {
        if (arguments.X < 0)
        {
            return row;
        }

        object? value = rows[row, arguments.X];
        DataType type = rows.Schema.Fields[arguments.X].Type;
        switch (axis)
        {
            case AxisKind.Time:
                return ValueText.MomentOf(value, type) is DateTime time
                    ? (time - DateTime.UnixEpoch).TotalSeconds : null;
            case AxisKind.Number:
                return ValueText.Number(value, type) is double number && double.IsFinite(number) ? number : null;
            default:
                object key = value is null ? CategoryLabels.Null
                    : value is byte[] or object?[] or (object?, object?)[] ? ValueText.Exact(value, type) : value;
                if (!categories.TryGetValue(key, out int index))
                {
                    categories.Add(key, index = keys.Count);
                    keys.Add(key);
                }

                return index;
        }
    }

    private static string NameOf(QueryRows rows, ChartArguments arguments, int row, int column)
    {
        if (arguments.Series < 0)
        {
            return arguments.NameOf(column);
        }

        object? value = rows[row, arguments.Series];
        string name = value is null ? "null" : ValueText.Exact(value, rows.Schema.Fields[arguments.Series].Type);
        return arguments.Y.Count > 1 ? $"{name} {arguments.NameOf(column)}" : name;
    }

    // The largest have colours; the others share one that says nothing.
    private static List<ChartSeries> Styled(
        List<(string Name, int Column)> names,
        Dictionary<(string, int), List<(double X, double Y)>> points,
        AxisKind axis)
    {
        Dictionary<(string, int), double> sizes = names.ToDictionary(
            name => name, name => points[name].Sum(point => double.IsNaN(point.Y) ? 0 : Math.Abs(point.Y)));
        List<(string, int)> largest = [.. names.OrderByDescending(name => sizes[name]).Take(
            names.Count > MostStyles ? MostStyles - 1 : MostStyles)];
        List<ChartSeries> series = [];
        int style = 0;
        foreach ((string Name, int Column) name in names)
        {
            if (largest.Contains(name))
            {
                series.Add(new ChartSeries(name.Name, ++style) { Points = Sorted(points[name], axis) });
            }
        }

        IEnumerable<(string Name, int Column)> others = names.Where(name => !largest.Contains(name));
        foreach ((string Name, int Column) name in others.Take(MostSeries))
        {
            series.Add(new ChartSeries(name.Name, 0) { Points = Sorted(points[name], axis) });
        }

        return series;
    }

    private static List<(double X, double Y)> Sorted(List<(double X, double Y)> points, AxisKind axis) =>
        axis == AxisKind.Category ? points : [.. points.OrderBy(point => point.X)];
}

/// <summary>How categories are called.</summary>
internal static class CategoryLabels
{
    /// <summary>The key of rows that have none.</summary>
    public static readonly object Null = new();

    /// <summary>A label for each key; dates by as much as tells them apart.</summary>
    public static IReadOnlyList<string> Of(IReadOnlyList<object> keys, DataType type, string? format)
    {
        List<DateTime> moments = [.. keys.Select(key => ValueText.MomentOf(key, type)).OfType<DateTime>()];
        string? pattern = moments.Count == 0 || format is not null ? format
            : moments.TrueForAll(time => time is { Day: 1, Month: 1 } && time.TimeOfDay == default) ? "yyyy"
            : moments.TrueForAll(time => time.Day == 1 && time.TimeOfDay == default) ? "MMM yyyy"
            : (moments.TrueForAll(time => time.TimeOfDay == default) ? "d MMM" : "d MMM HH:mm") +
                (moments.TrueForAll(time => time.Year == moments[0].Year) ? "" : " yyyy");
        return [.. keys.Select(key => ReferenceEquals(key, Null) ? "null" : LabelOf(key, type, pattern))];
    }

    private static string LabelOf(object key, DataType type, string? pattern)
    {
        string label = pattern is null && type.IsNumeric
            ? ValueText.Exact(key, type)
            : key is string text ? text : ValueText.Format(key, type, pattern);
        return label.Trim().Length == 0 ? "(empty)" : label.ReplaceLineEndings(" ");
    }

    /// <summary>Units that a label takes in the chart's type, roughly.</summary>
    public static double WidthOf(string label)
    {
        double width = 0;
        foreach (char unit in label)
        {
            UnicodeCategory category = CharUnicodeInfo.GetUnicodeCategory(unit);
            width += category == UnicodeCategory.NonSpacingMark || char.IsLowSurrogate(unit) ? 0
                : unit >= 0x2E80 ? 12
                : unit is 'i' or 'l' or 'j' or 't' or 'f' or 'r' or ' ' or '.' or ',' or '\'' or '|' ? 4
                : char.IsUpper(unit) || unit is 'm' or 'w' ? 8.5 : 6.7;
        }

        return width;
    }

    /// <summary>The label, or its start and an ellipsis where it is wider.</summary>
    public static string Fit(string label, double width)
    {
        if (WidthOf(label) <= width)
        {
            return label;
        }

        int length = label.Length;
        while (length > 1 && WidthOf(label[..length]) > width - 8)
        {
            length--;
        }

        length -= length > 1 && char.IsHighSurrogate(label[length - 1]) ? 1 : 0;
        return label[..length].TrimEnd() + "…";
    }
}
