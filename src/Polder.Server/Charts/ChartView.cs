using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>A chart with its legend, what it does not show, and its data as a table.</summary>
internal static class ChartView
{
    /// <summary>Appends the chart that the arguments ask for.</summary>
    public static void Append(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        switch (arguments.Kind)
        {
            case "number":
                AppendNumber(html, arguments, rows);
                return;
            case "spark":
                AppendSpark(html, arguments, rows);
                return;
            case "bar" or "hbar":
                AppendBars(html, arguments, rows);
                break;
            default:
                AppendPoints(html, arguments, rows);
                break;
        }

        html.Append("<details class=\"chart-data\"><summary>Data</summary>");
        TableView.Append(html, arguments, rows);
        html.Append("</details>");
    }

    /// <summary>A number as tips and descriptions have it.</summary>
    public static string NumberText(double value, ChartArguments arguments) => WithUnit(
        arguments.Format is string format ? NumberFormat.Format(value, format) : NumberFormat.Short(value), arguments);

    /// <summary>What stands above the numbers along y.</summary>
    public static string AxisTitle(ChartArguments arguments) =>
        (arguments.Y.Count == 1 ? arguments.NameOf(arguments.Y[0]) : "") +
        (arguments.Unit is string unit ? (arguments.Y.Count == 1 ? ", " : "") + unit : "");

    private static void AppendBars(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        ChartData data = ChartData.Read(rows, arguments, asCategories: true);
        BarChart chart = new(data, arguments);
        AppendLegend(html, chart.Legend);
        html.Append(chart.Draw(LabelOf(arguments), DescriptionOf(arguments, data, data.Categories.Count, "bars")));
        List<string> notes = Lost(arguments, data.LostCount, chart.LostCount, rows);
        if (chart.Count < chart.TotalCount)
        {
            notes.Insert(0, FormattableString.Invariant(
                $"showing the first {chart.Count:N0} of {chart.TotalCount:N0} {arguments.NameOf(arguments.X)}"));
        }

        AppendNotes(html, notes);
    }

    private static void AppendPoints(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        ChartData data = ChartData.Read(rows, arguments, asCategories: false);
        PointChart chart = new(data, arguments);
        AppendLegend(html, chart.Legend);
        html.Append(chart.Draw(LabelOf(arguments), DescriptionOf(arguments, data, chart.TotalCount, "points")));
        List<string> notes = Lost(arguments, data.LostCount, chart.LostCount, rows);
        if (chart.Count < chart.TotalCount && arguments.Kind == "scatter")
        {
            notes.Insert(0, FormattableString.Invariant(
                $"showing every {((chart.TotalCount - 1) / chart.Count) + 1}th of {chart.TotalCount:N0} points"));
        }

        AppendNotes(html, notes);
    }

    private static void AppendNumber(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        int column = arguments.Y[0];
        DataType type = rows.Schema.Fields[column].Type;
        object? value = rows.Count == 0 ? null : rows[0, column];
        html.Append("<p class=\"big-number\"><span class=\"big-number-value\">");
        Markup.Append(html, value is null
            ? "–" : WithUnit(ValueText.Format(value, type, arguments.FormatOf(column) ?? arguments.Format), arguments));
        html.Append("</span> <span class=\"big-number-label\">");
        Markup.Append(html, arguments.NameOf(column));
        html.Append("</span>");
        if (arguments.Compare >= 0 && rows.Count > 0)
        {
            double? now = ValueText.Number(value, type);
            double? before = ValueText.Number(
                rows[0, arguments.Compare], rows.Schema.Fields[arguments.Compare].Type);
            if (now is double current && before is double past && past != 0 && double.IsFinite(current / past))
            {
                double change = (current - past) / Math.Abs(past);
                string sign = change > 0 ? "▲ +" : change < 0 ? "▼ " : "";
                html.Append(" <span class=\"big-number-change\">").Append(sign)
                    .Append(NumberFormat.Format(change, "percent")).Append(' ');
                Markup.Append(html, "against " + arguments.NameOf(arguments.Compare));
                html.Append("</span>");
            }
        }

        html.Append("</p>");
    }

    private static void AppendSpark(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        ChartData data = ChartData.Read(rows, arguments, asCategories: false);
        double[] values = data.Series.Count == 0 ? [] : [.. data.Series[0].Points.Select(point => point.Y)];
        string last = values.LastOrDefault(value => !double.IsNaN(value), double.NaN) is double end &&
            !double.IsNaN(end) ? NumberText(end, arguments) : "–";
        html.Append("<p class=\"spark-line\">");
        Spark.Append(html, values, arguments.Height, DescriptionOf(arguments, data, values.Length, "points"));
        html.Append(" <span class=\"spark-last\">");
        Markup.Append(html, last);
        html.Append("</span></p>");
    }

    private static void AppendLegend(StringBuilder html, IEnumerable<ChartSeries> series)
    {
        List<ChartSeries> named = [.. series.Where(item => item.Style > 0 || item.Name == "other")];
        int otherCount = series.Count() - named.Count;
        if (named.Count + otherCount < 2)
        {
            return;
        }

        html.Append("<ul class=\"legend\">");
        foreach (ChartSeries item in named)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><i class=\"s{item.Style}\"></i><bdi>");
            Markup.Append(html, item.Name.Length == 0 ? "(empty)" : item.Name);
            html.Append("</bdi></li>");
        }

        if (otherCount > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><i class=\"s0\"></i>{otherCount} others</li>");
        }

        html.Append("</ul>");
    }

    private static List<string> Lost(ChartArguments arguments, int lostCount, int notPositiveCount, QueryRows rows)
    {
        List<string> notes = [];
        if (lostCount > 0)
        {
            notes.Add(FormattableString.Invariant(
                $"{lostCount:N0} {(lostCount == 1 ? "value" : "values")} not shown: null or no number"));
        }

        if (notPositiveCount > 0 && arguments.Log)
        {
            notes.Add(FormattableString.Invariant(
                $"{notPositiveCount:N0} {(notPositiveCount == 1 ? "value" : "values")} not shown: not above 0"));
        }

        if (!rows.IsWhole)
        {
            notes.Add(FormattableString.Invariant(
                $"drawn of the first {rows.Count:N0} of {rows.TotalCount:N0} rows"));
        }

        if (rows.TotalCount == 0)
        {
            notes.Add("no rows");
        }

        return notes;
    }

    private static void AppendNotes(StringBuilder html, List<string> notes)
    {
        if (notes.Count > 0)
        {
            html.Append("<p class=\"query-note\">");
            Markup.Append(html, string.Join("; ", notes));
            html.Append("</p>");
        }
    }

    private static string LabelOf(ChartArguments arguments) => arguments.Title ??
        string.Join(", ", arguments.Y.Select(arguments.NameOf)) +
        (arguments.X < 0 ? "" : " by " + arguments.NameOf(arguments.X));

    private static string DescriptionOf(ChartArguments arguments, ChartData data, int count, string marks)
    {
        List<double> values = [.. data.Series.SelectMany(series => series.Points)
            .Select(point => point.Y).Where(double.IsFinite)];
        string range = values.Count == 0 ? "no values" : values.Count == 1 ? NumberText(values[0], arguments)
            : $"from {NumberText(values.Min(), arguments)} to {NumberText(values.Max(), arguments)}";
        string series = data.Series.Count > 1
            ? FormattableString.Invariant($"{data.Series.Count} series, ") : "";
        return FormattableString.Invariant($"{arguments.Kind} chart, {series}{count:N0} {marks}, {range}");
    }

    private static string WithUnit(string number, ChartArguments arguments) =>
        arguments.Unit is string unit ? $"{number} {unit}" : number;
}
