using System;
using System.Globalization;
using Polder.Expressions;

namespace Polder.Cli;

/// <summary>A refused statement with the place in its text: line, column and a caret below it.</summary>
internal sealed class QueryFailure : Exception
{
    private const int WidestLine = 100;

    public QueryFailure(QueryException error, string script)
        : base(error.Message, error)
    {
        Condition = error.Condition;
        Place = error.Span.Length > 0 && error.Span.End <= script.Length ? Describe(script, error.Span) : null;
    }

    /// <summary>Spark's error condition.</summary>
    public string Condition { get; }

    /// <summary>Line, column, the line itself and a caret; null where the place is unknown.</summary>
    public string? Place { get; }

    private static string Describe(string script, TextSpan span)
    {
        int lineStart = script.LastIndexOf('\n', int.Max(0, span.Start - 1), int.Max(0, span.Start)) + 1;
        int lineEnd = script.IndexOf('\n', span.Start);
        lineEnd = lineEnd < 0 ? script.Length : lineEnd;
        int lineNumber = script.AsSpan(0, span.Start).Count('\n') + 1;
        int column = span.Start - lineStart;

        // A long line is shown around the place.
        int first = lineStart + int.Max(0, column - (WidestLine / 2));
        string line = script[first..int.Min(lineEnd, first + WidestLine)].TrimEnd('\r');
        int caretCount = int.Max(1, int.Min(span.Length, lineStart + line.Length - span.Start));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"  line {lineNumber}, column {column + 1}:\n  {line}\n  " +
            $"{new string(' ', span.Start - first)}{new string('^', caretCount)}");
    }
}
