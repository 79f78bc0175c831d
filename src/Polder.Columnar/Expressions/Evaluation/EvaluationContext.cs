using System;

namespace Polder.Expressions.Evaluation;

/// <summary>What an expression's value depends on besides the rows.</summary>
public sealed class EvaluationContext
{
    /// <summary>UTC and no clock.</summary>
    public static EvaluationContext Default { get; } = new();

    /// <summary>
    /// The session's time zone: casts of timestamps to dates and text, and fields of timestamps, go by it.
    /// </summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>
    /// Today in the session's zone, in days since 1970-01-01: the date of a timestamp's text that has only a time.
    /// Null where nobody knows; such texts are then refused.
    /// </summary>
    public int? Today { get; init; }
}
