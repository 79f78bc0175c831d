using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Expressions;
using Polder.Server.Queries;

namespace Polder.Server.Charts;

/// <summary>Rows as an HTML table: numbers to the right, nulls shown, long text clipped.</summary>
internal static class TableView
{
    private const int DefaultRows = 1000;
    private const int LongestText = 120;

    /// <summary>Appends the table and, where rows are left out, how many.</summary>
    public static void Append(StringBuilder html, SqlFence fence, QueryRows rows)
    {
        int most = MostRows(fence);
        int shown = int.Min(most, rows.Count);
        html.Append("<div class=\"table-scroll\"><table><thead><tr>");
        foreach (StructField field in rows.Schema.Fields)
        {
            html.Append(field.Type.IsNumeric ? "<th scope=\"col\" class=\"number\">" : "<th scope=\"col\">");
            Markup.Append(html, field.Name);
            html.Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        string?[] formats = [.. rows.Schema.Fields.Select(field =>
            fence.Arguments.GetValueOrDefault("format." + field.Name))];
        for (int row = 0; row < shown; row++)
        {
            html.Append("<tr>");
            for (int column = 0; column < rows.Schema.Fields.Count; column++)
            {
                AppendCell(html, rows[row, column], rows.Schema.Fields[column].Type, formats[column]);
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
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"query-note\">showing {shown:N0} of ")
                .Append(CultureInfo.InvariantCulture, $"{rows.TotalCount:N0} rows</p>");
        }
    }

    private static int MostRows(SqlFence fence)
    {
        if (!fence.Arguments.TryGetValue("rows", out string? text))
        {
            return DefaultRows;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int rows)
            ? rows
            : throw new QueryException(
                "INVALID_PARAMETER_VALUE", "22023", $"rows={text}: write how many rows to show, as rows=20");
    }

    private static void AppendCell(StringBuilder html, object? value, DataType type, string? format)
    {
        if (value is null)
        {
            html.Append(type.IsNumeric ? "<td class=\"number null\">" : "<td class=\"null\">").Append("null</td>");
            return;
        }

        string text = ValueText.Format(value, type, format);
        html.Append(type.IsNumeric ? "<td class=\"number\">" : "<td>");
        if (text.Length > LongestText)
        {
            html.Insert(html.Length - 1, $" title=\"{Markup.Encode(text)}\"");
            text = string.Concat(text.AsSpan(0, LongestText - 1), "…");
        }

        Markup.Append(html, text);
        html.Append("</td>");
    }
}
