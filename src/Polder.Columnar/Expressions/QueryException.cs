using System;
using System.Collections.Generic;

namespace Polder.Expressions;

/// <summary>
/// A text, a type or a value that Spark SQL refuses, with Spark's own error condition. What Polder does not do yet
/// has the condition <see cref="Unsupported"/> and is raised before anything runs.
/// </summary>
public sealed class QueryException : Exception
{
    /// <summary>The condition of everything that Spark has and Polder does not.</summary>
    public const string Unsupported = "POLDER_UNSUPPORTED";

    /// <summary>Makes the exception.</summary>
    /// <param name="condition">Spark's error condition, sub-condition after a dot.</param>
    /// <param name="sqlState">Five characters.</param>
    /// <param name="message">One sentence for a person: what, where, what to do.</param>
    /// <param name="parameters">Spark's message parameters.</param>
    /// <param name="span">The offending part of the text.</param>
    public QueryException(
        string condition,
        string sqlState,
        string message,
        IReadOnlyDictionary<string, string>? parameters = null,
        TextSpan span = default)
        : base(message)
    {
        Condition = condition;
        SqlState = sqlState;
        Parameters = parameters ?? new Dictionary<string, string>();
        Span = span;
    }

    /// <summary>Spark's error condition, for example <c>CAST_INVALID_INPUT</c>.</summary>
    public string Condition { get; }

    /// <summary>The SQL state, five characters.</summary>
    public string SqlState { get; }

    /// <summary>Spark's message parameters.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; }

    /// <summary>The offending part of the text; empty where unknown.</summary>
    public TextSpan Span { get; }

    /// <summary>Something Spark has and Polder does not do yet.</summary>
    public static QueryException NotYet(string what, TextSpan span = default) =>
        new(Unsupported, "0A000", $"{what} is not supported yet", span: span);
}
