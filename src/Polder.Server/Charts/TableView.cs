using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>
/// Rows as an HTML table: numbers to the right, nulls shown, long text clipped, bars in the cells of columns that ask
/// for them, lists of numbers as small lines.
/// </summary>
internal static class TableView
{
    private const int LongestText = 120;

    /// <summary>Appends the table and, where rows are left out, how many.</summary>
    public static void Append(StringBuilder html, ChartArguments arguments, QueryRows rows)
    {
        int shown = int.Min(arguments.Rows, rows.Count);
        IReadOnlyList<StructField> fields = rows.Schema.Fields;
        html.Append("<div class=\"table-scroll\" tabindex=\"0\"><table><thead><tr>");
        foreach (StructField field in fields)
        {
            html.Append(IsNumber(field.Type) ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
            Markup.Append(html, field.Name);
            html.Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        double[] sizes = [.. fields.Select((_, column) => arguments.Bars.Contains(column)
            ? LargestOf(rows, column, shown) : 0)];
        for (int row = 0; row < shown; row++)
        {
            html.Append("<tr>");
            for (int column = 0; column < fields.Count; column++)
            {
                AppendCell(html, rows[row, column], fields[column].Type, arguments.FormatOf(column), sizes[column]);
            }

            html.Append("</tr>");
        }

        html.Append("</tbody></table></div>");
        if (rows.TotalCount == 0)
        {
            html.Append("<p class=\"query-note\">no rows</p>");
        }
        else if (shown < rows.TotalCount)
        {
            html.Append("<p class=\"query-note\">").Append(CultureInfo.InvariantCulture, $"showing {shown:N0} of ")
                .Append(CultureInfo.InvariantCulture, $"{rows.TotalCount:N0} rows</p>");
        }
    }

    private static bool IsNumber(DataType type) => type.IsNumeric || type.Kind == TypeKind.WideDecimal;

    private static double LargestOf(QueryRows rows, int column, int count) => Enumerable.Range(0, count)
        .Select(row => Math.Abs(ValueText.Number(rows[row, column], rows.Schema.Fields[column].Type) ?? 0))
        .Where(double.IsFinite).DefaultIfEmpty().Max();

    private static void AppendCell(StringBuilder html, object? value, DataType type, string? format, double largest)
    {
        bool isNumber = IsNumber(type);
        if (value is null)
        {
            html.Append(isNumber ? "<td class=\"number null\">null</td>" : "<td class=\"null\">null</td>");
            return;
        }

        if (value is object?[] items && type.Kind == TypeKind.Array && type.Element!.IsNumeric)
        {
            html.Append("<td>");
            double[] values = [.. items.Select(item => ValueText.Number(item, type.Element) ?? double.NaN)];
            Spark.Append(html, values, 24, ValueText.Exact(value, type));
            html.Append("</td>");
            return;
        }

        string text = ValueText.Format(value, type, format);
        string shown = text.Length > LongestText ? string.Concat(text.AsSpan(0, LongestText - 1), "…") : text;
        html.Append(isNumber ? "<td class=\"number\"" : "<td dir=\"auto\"");
        if (shown.Length < text.Length)
        {
            html.Append(" title=\"");
            Markup.Append(html, text);
            html.Append('"');
        }

        html.Append('>');
        if (largest > 0 && ValueText.Number(value, type) is double number && double.IsFinite(number))
        {
            // An attribute of a drawing, since a policy against inline styles would drop a width in CSS.
            html.Append("<svg class=\"cell-bar").Append(number < 0 ? " negative" : "")
                .Append("\" viewBox=\"0 0 100 1\" preserveAspectRatio=\"none\" aria-hidden=\"true\"><rect width=\"")
                .Append(Svg.Number(Math.Abs(number) / largest * 100)).Append("\" height=\"1\"/></svg>");
        }

        Markup.Append(html, shown);
        html.Append("</td>");
    }
}
