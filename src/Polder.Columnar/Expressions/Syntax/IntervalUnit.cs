using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Syntax;

/// <summary>A unit that an interval literal may count in.</summary>
/// <param name="Months">Months in one, 0 for units of time.</param>
/// <param name="Microseconds">Microseconds in one, 0 for units of months.</param>
/// <param name="Field">The field of the resulting type.</param>
internal readonly record struct IntervalUnit(int Months, long Microseconds, IntervalField Field)
{
    public const long MicrosecondsPerSecond = 1_000_000;
    public const long MicrosecondsPerDay = 86_400 * MicrosecondsPerSecond;

    private static readonly Dictionary<string, IntervalUnit> ByName = new(StringComparer.OrdinalIgnoreCase)
    {
        ["year"] = new(12, 0, IntervalField.Year),
        ["month"] = new(1, 0, IntervalField.Month),
        ["week"] = new(0, 7 * MicrosecondsPerDay, IntervalField.Day),
        ["day"] = new(0, MicrosecondsPerDay, IntervalField.Day),
        ["hour"] = new(0, 3_600 * MicrosecondsPerSecond, IntervalField.Hour),
        ["minute"] = new(0, 60 * MicrosecondsPerSecond, IntervalField.Minute),
        ["second"] = new(0, MicrosecondsPerSecond, IntervalField.Second),
        ["millisecond"] = new(0, 1_000, IntervalField.Second),
        ["microsecond"] = new(0, 1, IntervalField.Second),
    };

    /// <summary>Whether the unit counts months.</summary>
    public bool CountsMonths => Months > 0;

    /// <summary>Finds a unit by its name in singular or plural, any case.</summary>
    public static bool TryFind(string name, out IntervalUnit unit) =>
        ByName.TryGetValue(name, out unit) ||
        (name.Length > 1 && name[^1] is 's' or 'S' && ByName.TryGetValue(name[..^1], out unit));
}
