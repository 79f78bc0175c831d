namespace Polder.Expressions;

/// <summary>
/// Why rows are skipped: the part of the condition that none can satisfy, and what is known of its column.
/// </summary>
public sealed class PruneReason
{
    internal PruneReason(Expression condition, string? column, ColumnBounds bounds, string text)
    {
        Condition = condition;
        Column = column;
        Bounds = bounds;
        Text = text;
    }

    /// <summary>The conjunct that is never true here.</summary>
    public Expression Condition { get; }

    /// <summary>The dotted path of the column whose bounds decide; null where no column does.</summary>
    public string? Column { get; }

    /// <summary>The bounds of <see cref="Column"/>.</summary>
    public ColumnBounds Bounds { get; }

    /// <summary>One line for a person: <c>(day &gt;= DATE '2024-02-01'): day is 2024-01-01 to 2024-01-31</c>.</summary>
    public string Text { get; }

    /// <inheritdoc />
    public override string ToString() => Text;
}
