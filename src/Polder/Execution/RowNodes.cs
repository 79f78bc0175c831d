using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Execution;

/// <summary>The rows for which a condition is TRUE.</summary>
public sealed class FilterNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    public FilterNode(PlanNode input, Expression condition)
        : base(input.Output, input)
    {
        RequireBoolean(condition.Type, "a filter");
        Condition = condition;
    }

    /// <summary>The input.</summary>
    public PlanNode Input => Inputs[0];

    /// <summary>Over the input's columns.</summary>
    public Expression Condition { get; }
}

/// <summary>One row of computed columns per input row.</summary>
public sealed class ProjectNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    /// <param name="input">The input.</param>
    /// <param name="expressions">One per output column.</param>
    /// <param name="names">One per output column.</param>
    public ProjectNode(PlanNode input, IReadOnlyList<Expression> expressions, IReadOnlyList<string> names)
        : base(ToStruct(expressions, names), input)
    {
        Expressions = expressions;
    }

    /// <summary>The input.</summary>
    public PlanNode Input => Inputs[0];

    /// <summary>Over the input's columns.</summary>
    public IReadOnlyList<Expression> Expressions { get; }

    internal static DataType ToStruct(IReadOnlyList<Expression> expressions, IReadOnlyList<string> names)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(names.Count, expressions.Count);
        return DataType.Struct([.. expressions.Zip(
            names, (expression, name) => new StructField(name, expression.Type, expression.Nullable))]);
    }
}

/// <summary>
/// One row per distinct combination of keys; without keys exactly one row, also for an empty input. Keys compare
/// null-safely, NaN equals NaN and -0.0 equals 0.0; a group shows 0.0 and the canonical NaN. Groups come in the order
/// in which they first appear. Without aggregates this is DISTINCT.
/// </summary>
public sealed class AggregateNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    /// <param name="input">The input.</param>
    /// <param name="keys">The grouping keys, over the input's columns.</param>
    /// <param name="aggregates">The aggregates, over the input's columns.</param>
    /// <param name="names">Of the output columns: first the keys, then the aggregates.</param>
    public AggregateNode(
        PlanNode input,
        IReadOnlyList<Expression> keys,
        IReadOnlyList<AggregateCall> aggregates,
        IReadOnlyList<string> names)
        : base(ProjectNode.ToStruct([.. keys, .. aggregates], names), input)
    {
        Keys = keys;
        Aggregates = aggregates;
    }

    /// <summary>The input.</summary>
    public PlanNode Input => Inputs[0];

    /// <summary>The grouping keys.</summary>
    public IReadOnlyList<Expression> Keys { get; }

    /// <summary>The aggregates.</summary>
    public IReadOnlyList<AggregateCall> Aggregates { get; }

    /// <summary>DISTINCT: every row of the input once.</summary>
    public static AggregateNode Distinct(PlanNode input) => new(
        input,
        [.. input.Output.Fields.Select((field, index) =>
            new ColumnReference(index, field.Name, field.Type, field.Nullable))],
        [],
        [.. input.Output.Fields.Select(field => field.Name)]);
}

/// <summary>What rows are sorted by, and how.</summary>
/// <param name="Expression">Over the input's columns; any orderable type.</param>
/// <param name="Descending">Largest first.</param>
/// <param name="NullsFirst">Whether nulls come before all values; Spark's default is true for ascending.</param>
public sealed record SortKey(Expression Expression, bool Descending, bool NullsFirst)
{
    /// <summary>A key with Spark's default place for nulls.</summary>
    public SortKey(Expression expression, bool descending = false)
        : this(expression, descending, !descending)
    {
    }
}

/// <summary>All rows in order. Rows with equal keys stay in the order of the input.</summary>
public sealed class SortNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    public SortNode(PlanNode input, IReadOnlyList<SortKey> keys)
        : base(input.Output, input)
    {
        Keys = keys;
    }

    /// <summary>The input.</summary>
    public PlanNode Input => Inputs[0];

    /// <summary>The first decides first.</summary>
    public IReadOnlyList<SortKey> Keys { get; }
}

/// <summary>At most so many rows of the input, in its order, after skipping some. Stops reading then.</summary>
public sealed class LimitNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    /// <param name="input">The input.</param>
    /// <param name="count">Rows at most; null = all.</param>
    /// <param name="offset">Rows to skip first.</param>
    public LimitNode(PlanNode input, long? count, long offset = 0)
        : base(input.Output, input)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count ?? 0);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        Count = count;
        Offset = offset;
    }

    /// <summary>The input.</summary>
    public PlanNode Input => Inputs[0];

    /// <summary>Rows at most; null = all.</summary>
    public long? Count { get; }

    /// <summary>Rows to skip first.</summary>
    public long Offset { get; }
}
