using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;
using Polder.Sql.Tables;

namespace Polder.Sql.Planning;

/// <summary>Rows of a table at one version.</summary>
/// <param name="table">The table, pinned to a version.</param>
/// <param name="columns">One per field of the table's schema.</param>
/// <param name="fields">Which of them come out.</param>
/// <param name="predicate">What every row meets that comes out, over all columns; null = all rows.</param>
internal sealed class LogicalScan(
    ResolvedTable table,
    IReadOnlyList<LogicalColumn> columns,
    IReadOnlyList<int> fields,
    Expression? predicate = null)
    : LogicalPlan
{
    public ResolvedTable Table { get; } = table;

    public IReadOnlyList<LogicalColumn> Columns { get; } = columns;

    public IReadOnlyList<int> Fields { get; } = fields;

    public Expression? Predicate { get; } = predicate;

    public override IReadOnlyList<LogicalColumn> Output { get; } = [.. fields.Select(field => columns[field])];

    public override IReadOnlyList<LogicalPlan> Inputs => [];

    public override IReadOnlyList<Expression> Expressions => Predicate is null ? [] : [Predicate];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) => this;

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) =>
        new LogicalScan(Table, Columns, Fields, expressions.Count == 0 ? null : expressions[0]);
}

/// <summary>Rows written in the statement; one row without columns where there is no FROM.</summary>
internal sealed class LogicalValues(
    IReadOnlyList<LogicalColumn> output, IReadOnlyList<IReadOnlyList<Expression>> rows) : LogicalPlan
{
    /// <summary>The values, column by column, of every row; they refer to no column.</summary>
    public IReadOnlyList<IReadOnlyList<Expression>> Rows { get; } = rows;

    public override IReadOnlyList<LogicalColumn> Output { get; } = output;

    public override IReadOnlyList<LogicalPlan> Inputs => [];

    public override IReadOnlyList<Expression> Expressions => [.. Rows.SelectMany(row => row)];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) => this;

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) => new LogicalValues(
        Output, [.. Rows.Select((row, rowIndex) => expressions.Skip(rowIndex * row.Count).Take(row.Count).ToArray())]);
}

/// <summary>The rows for which a condition is TRUE.</summary>
internal sealed class LogicalFilter(LogicalPlan input, Expression predicate) : LogicalPlan
{
    public LogicalPlan Input { get; } = input;

    public Expression Predicate { get; } = predicate;

    public override IReadOnlyList<LogicalColumn> Output => Input.Output;

    public override IReadOnlyList<LogicalPlan> Inputs => [Input];

    public override IReadOnlyList<Expression> Expressions => [Predicate];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) =>
        new LogicalFilter(inputs[0], Predicate);

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) =>
        new LogicalFilter(Input, expressions[0]);
}

/// <summary>Columns computed from each row.</summary>
internal sealed class LogicalProject(LogicalPlan input, IReadOnlyList<ComputedColumn> items) : LogicalPlan
{
    public LogicalPlan Input { get; } = input;

    public IReadOnlyList<ComputedColumn> Items { get; } = items;

    public override IReadOnlyList<LogicalColumn> Output { get; } = [.. items.Select(item => item.Column)];

    public override IReadOnlyList<LogicalPlan> Inputs => [Input];

    public override IReadOnlyList<Expression> Expressions => [.. Items.Select(item => item.Value)];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) => new LogicalProject(inputs[0], Items);

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) =>
        new LogicalProject(Input, [.. Items.Zip(expressions, (item, value) => item with { Value = value })]);
}

/// <summary>
/// One row per group: its keys, then its aggregates. Without keys exactly one row; without calls the distinct keys.
/// </summary>
internal sealed class LogicalAggregate(
    LogicalPlan input, IReadOnlyList<ComputedColumn> keys, IReadOnlyList<ComputedColumn> calls) : LogicalPlan
{
    public LogicalPlan Input { get; } = input;

    public IReadOnlyList<ComputedColumn> Keys { get; } = keys;

    /// <summary>The values are <see cref="AggregateCall"/>s.</summary>
    public IReadOnlyList<ComputedColumn> Calls { get; } = calls;

    public override IReadOnlyList<LogicalColumn> Output { get; } = [.. keys.Concat(calls).Select(item => item.Column)];

    public override IReadOnlyList<LogicalPlan> Inputs => [Input];

    public override IReadOnlyList<Expression> Expressions => [.. Keys.Concat(Calls).Select(item => item.Value)];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) =>
        new LogicalAggregate(inputs[0], Keys, Calls);

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) => new LogicalAggregate(
        Input,
        [.. Keys.Zip(expressions, (item, value) => item with { Value = value })],
        [.. Calls.Zip(expressions.Skip(Keys.Count), (item, value) => item with { Value = value })]);
}

/// <summary>Pairs of rows of two inputs.</summary>
internal sealed class LogicalJoin : LogicalPlan
{
    /// <param name="left">The left input.</param>
    /// <param name="right">The right input.</param>
    /// <param name="kind">Which rows come out.</param>
    /// <param name="condition">When a pair matches; null = always.</param>
    /// <param name="nullAware">
    /// Anti join only, NOT IN: a condition that is NULL counts as a match.
    /// </param>
    /// <param name="mark">The added column of a mark join.</param>
    public LogicalJoin(
        LogicalPlan left,
        LogicalPlan right,
        LogicalJoinKind kind,
        Expression? condition,
        bool nullAware = false,
        LogicalColumn? mark = null)
    {
        Left = left;
        Right = right;
        Kind = kind;
        Condition = condition;
        NullAware = nullAware;
        Mark = mark;
        Output = kind switch
        {
            LogicalJoinKind.LeftMark => [.. left.Output, mark!],
            LogicalJoinKind.LeftSemi or LogicalJoinKind.LeftAnti => left.Output,
            LogicalJoinKind.LeftOuter or LogicalJoinKind.LeftSingle => [.. left.Output, .. Nulled(right)],
            LogicalJoinKind.RightOuter => [.. Nulled(left), .. right.Output],
            LogicalJoinKind.FullOuter => [.. Nulled(left), .. Nulled(right)],
            _ => [.. left.Output, .. right.Output],
        };
    }

    public LogicalPlan Left { get; }

    public LogicalPlan Right { get; }

    public LogicalJoinKind Kind { get; }

    public Expression? Condition { get; }

    public bool NullAware { get; }

    /// <summary>Whether a row has a match: the last column of a mark join; otherwise null.</summary>
    public LogicalColumn? Mark { get; }

    public override IReadOnlyList<LogicalColumn> Output { get; }

    public override IReadOnlyList<LogicalPlan> Inputs => [Left, Right];

    public override IReadOnlyList<Expression> Expressions => Condition is null ? [] : [Condition];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) =>
        new LogicalJoin(inputs[0], inputs[1], Kind, Condition, NullAware, Mark);

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) =>
        new LogicalJoin(Left, Right, Kind, expressions.Count == 0 ? null : expressions[0], NullAware, Mark);

    private static IEnumerable<LogicalColumn> Nulled(LogicalPlan plan) =>
        plan.Output.Select(column => column.Nullable ? column : column with { Nullable = true });
}

/// <summary>The rows in an order.</summary>
internal sealed class LogicalSort(LogicalPlan input, IReadOnlyList<LogicalSortKey> keys) : LogicalPlan
{
    public LogicalPlan Input { get; } = input;

    public IReadOnlyList<LogicalSortKey> Keys { get; } = keys;

    public override IReadOnlyList<LogicalColumn> Output => Input.Output;

    public override IReadOnlyList<LogicalPlan> Inputs => [Input];

    public override IReadOnlyList<Expression> Expressions => [.. Keys.Select(key => key.Value)];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) => new LogicalSort(inputs[0], Keys);

    public override LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) =>
        new LogicalSort(Input, [.. Keys.Zip(expressions, (key, value) => key with { Value = value })]);
}

/// <summary>Some rows: those after <paramref name="offset"/>, at most <paramref name="count"/> (null = all).</summary>
internal sealed class LogicalLimit(LogicalPlan input, long? count, long offset) : LogicalPlan
{
    public LogicalPlan Input { get; } = input;

    public long? Count { get; } = count;

    public long Offset { get; } = offset;

    public override IReadOnlyList<LogicalColumn> Output => Input.Output;

    public override IReadOnlyList<LogicalPlan> Inputs => [Input];

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) =>
        new LogicalLimit(inputs[0], Count, Offset);
}

/// <summary>The rows of several inputs that have the same types, position by position; duplicates stay.</summary>
internal sealed class LogicalUnion(IReadOnlyList<LogicalPlan> inputs, IReadOnlyList<LogicalColumn> output) : LogicalPlan
{
    public override IReadOnlyList<LogicalColumn> Output { get; } = output;

    public override IReadOnlyList<LogicalPlan> Inputs { get; } = inputs;

    public override LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs) => new LogicalUnion(inputs, Output);
}
