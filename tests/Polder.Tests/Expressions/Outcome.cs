using System;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Tests.Expressions;

/// <summary>What an evaluation came to: an array or Spark's error.</summary>
internal sealed record Outcome(IArrowArray? Array, QueryException? Error)
{
    /// <summary>Runs an evaluation.</summary>
    public static Outcome Of(Func<IArrowArray> evaluate)
    {
        try
        {
            return new Outcome(evaluate(), null);
        }
        catch (QueryException exception)
        {
            return new Outcome(null, exception);
        }
    }

    /// <summary>A row as text that tells values apart.</summary>
    public string Text(DataType type, int row = 0) => Error is not null
        ? $"{Error.Condition} {string.Join(", ", Error.Parameters)}"
        : RecordedValue.ToText(ColumnValues.Get(Array!, row, type));

    /// <summary>How another outcome of one row differs; null where it does not.</summary>
    public string? DifferenceFrom(Outcome other, DataType type, int row = 0)
    {
        string mine = Text(type);
        string others = other.Text(type, row);
        return mine == others ? null : $"{mine} became {others}";
    }
}
