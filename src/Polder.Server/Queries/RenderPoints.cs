using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Expressions;
using Polder.Sql;

namespace Polder.Server.Queries;

/// <summary>Where the URL asks tables to be read: <c>?at.orders=37</c>, <c>?at.orders=2026-01-31</c>.</summary>
internal sealed class RenderPoints
{
    /// <summary>What keys of tables begin with.</summary>
    public const string Prefix = "at.";

    private RenderPoints(IReadOnlyDictionary<string, TimePoint> points, IReadOnlyList<string> failures)
    {
        Points = points;
        Failures = failures;
    }

    /// <summary>By the table's name.</summary>
    public IReadOnlyDictionary<string, TimePoint> Points { get; }

    /// <summary>What could not be read, a sentence each.</summary>
    public IReadOnlyList<string> Failures { get; }

    /// <summary>Reads the keys that are about tables.</summary>
    public static RenderPoints Parse(IReadOnlyDictionary<string, string> url)
    {
        Dictionary<string, TimePoint> points = new(StringComparer.OrdinalIgnoreCase);
        List<string> failures = [];
        foreach ((string key, string value) in url.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (!key.StartsWith(Prefix, StringComparison.Ordinal) || key.Length == Prefix.Length || value.Length == 0)
            {
                continue;
            }

            try
            {
                points[key[Prefix.Length..]] = TimePoint.Parse(value);
            }
            catch (QueryException exception)
            {
                failures.Add($"{key}: {exception.Message}");
            }
        }

        return new RenderPoints(points, failures);
    }

    /// <summary>The tables with their versions, those in the past marked, and what could not be read.</summary>
    public string ToHtml(IReadOnlyList<TableVersion> tables)
    {
        if (tables.Count == 0 && Failures.Count == 0)
        {
            return "";
        }

        StringBuilder html = new("<p class=\"tables\">");
        foreach (TableVersion table in tables)
        {
            bool isPast = Points.ContainsKey(table.Name) || Points.ContainsKey(table.Name.Split('.')[^1]);
            html.Append("<span class=\"table-version").Append(isPast ? " past" : "").Append("\" title=\"");
            Markup.Append(html, FormattableString.Invariant($"{table.Timestamp.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC"));
            html.Append("\">");
            Markup.Append(html, table.ToString());
            html.Append("</span> ");
        }

        foreach (string failure in Failures)
        {
            html.Append("<span class=\"input-error\" role=\"alert\">");
            Markup.Append(html, failure);
            html.Append("</span> ");
        }

        html.Length--;
        return html.Append("</p>").ToString();
    }
}
