namespace Polder.Columns;

/// <summary>Months, days and microseconds side by side: Spark's legacy interval.</summary>
public readonly record struct CalendarInterval(int Months, int Days, long Microseconds);
