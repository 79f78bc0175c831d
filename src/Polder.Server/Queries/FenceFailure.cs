using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using Polder.Delta;
using Polder.Expressions;
using Polder.Formats;
using Polder.Server.Charts;
using Polder.Storage;

namespace Polder.Server.Queries;

/// <summary>What went wrong with a piece of a page, and where: file, line, column, the line and a caret.</summary>
/// <param name="Message">One sentence.</param>
/// <param name="File">The page.</param>
/// <param name="Line">The line of the file, from 1.</param>
/// <param name="Column">The column, from 1.</param>
internal sealed partial record FenceFailure(string Message, string File, int Line, int Column)
{
    private const int WidestLine = 120;

    /// <summary>Spark's condition; null where there is none.</summary>
    public string? Condition { get; init; }

    /// <summary>The line of the page, and how many characters of it are meant; null where it is not shown.</summary>
    public (string Text, int Length)? Source { get; init; }

    /// <summary>Where it is: <c>sales.md:12:7</c>.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}");

    /// <summary>The failure of a fence; an error in another one that it builds on is shown there.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="text">The fence.</param>
    /// <param name="page">Every fence of the page.</param>
    public static FenceFailure Of(Exception exception, FenceText text, IReadOnlyList<FenceText> page)
    {
        // No length, but a start: the end of the text, where something is missing.
        TextSpan span = exception is QueryException query ? query.Span : default;
        FenceText? found = span == default ? null : page.FirstOrDefault(item =>
            span.Start >= item.Statement.Span.Start && span.Start <= item.Statement.Span.End);
        string? condition = (exception as QueryException)?.Condition;
        if (found is null)
        {
            // Arguments stand in the line that opens the fence.
            int at = text.Fence.Line - (exception is FenceArgumentException ? 1 : 0);
            return new FenceFailure(MessageOf(exception), text.Fence.File, at, 1) { Condition = condition };
        }

        ReadOnlySpan<char> before = found.Fence.Sql.AsSpan(0, span.Start - found.Statement.Span.Start);
        int lineStart = before.LastIndexOf('\n') + 1;
        string source = found.Fence.Sql[lineStart..].Split('\n')[0].TrimEnd('\r');
        int column = before.Length - lineStart + 1;
        return new FenceFailure(
            PlaceInText().Replace(MessageOf(exception), ""),
            found.Fence.File,
            found.Fence.Line + before.Count('\n'),
            column)
        {
            Condition = condition,
            Source = (source, int.Max(1, int.Min(span.Length, source.Length - column + 1))),
        };
    }

    // Messages of syntax errors count in the text that was read; the page's place is shown beside them.
    [GeneratedRegex(@" \(line \d+, column \d+\)")]
    private static partial Regex PlaceInText();

    /// <summary>What to tell a person of an exception; ours alone, since others say too much.</summary>
    public static string MessageOf(Exception exception) => exception switch
    {
        QueryException or CorruptLogException or CorruptFileException or UnsupportedFeatureException or
            StoreException or QueryTimeException or FenceArgumentException or TableNotFoundException or
            VersionNotFoundException or InputFormatException => exception.Message.ReplaceLineEndings(" "),
        _ => $"the query failed in an unexpected way ({exception.GetType().Name})",
    };

    /// <summary>The box in the place of what failed.</summary>
    public string ToHtml()
    {
        StringBuilder html = new("<div class=\"query-error\" role=\"alert\"><p><strong>");
        Markup.Append(html, Message);
        html.Append("</strong></p><p class=\"query-error-place\">");
        Markup.Append(html, Place);
        if (Condition is not null)
        {
            html.Append(" <span>");
            Markup.Append(html, Condition);
            html.Append("</span>");
        }

        html.Append("</p>");
        if (Source is (string text, int length))
        {
            // A long line is shown around the place.
            int first = int.Max(0, int.Min(Column - 1 - (WidestLine / 2), text.Length - WidestLine));
            string shown = text.Substring(first, int.Min(WidestLine, text.Length - first));
            html.Append("<pre><code>");
            Markup.Append(html, shown);
            html.Append('\n').Append(' ', Column - 1 - first);
            html.Append('^', int.Max(1, int.Min(length, shown.Length - (Column - 1 - first))));
            html.Append("</code></pre>");
        }

        return html.Append("</div>").ToString();
    }
}
