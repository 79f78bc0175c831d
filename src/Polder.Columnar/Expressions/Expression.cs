using System;
using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions;

/// <summary>
/// A typed expression: names bound to positions, functions chosen, coercions explicit as <see cref="Cast"/> nodes.
/// Immutable. There is one such tree for predicates, constraints, generated columns, DML and SQL. A planner may derive
/// nodes of its own (subqueries, windows), which it replaces before anything is evaluated.
/// </summary>
public abstract class Expression
{
    private protected Expression(DataType type, bool nullable, TextSpan span)
    {
        Type = type;
        Nullable = nullable;
        Span = span;
    }

    /// <summary>The type of the result.</summary>
    public DataType Type { get; }

    /// <summary>Whether the result may be null, as Spark's analyser says.</summary>
    public bool Nullable { get; }

    /// <summary>Where it stands in the text it was parsed from; empty for what the analyser added.</summary>
    public TextSpan Span { get; }

    /// <summary>The operands, in evaluation order.</summary>
    public abstract IReadOnlyList<Expression> Children { get; }

    /// <summary>The same node over other operands, types unchanged.</summary>
    public abstract Expression WithChildren(IReadOnlyList<Expression> children);

    /// <summary>Whether two nodes of a kind that only a planner knows are the same but for their operands.</summary>
    internal virtual bool IsSameNode(Expression other) => true;
}

/// <summary>A column of the input, by position.</summary>
public sealed class ColumnReference : Expression
{
    /// <summary>Makes a reference.</summary>
    public ColumnReference(int index, string name, DataType type, bool nullable, TextSpan span = default)
        : base(type, nullable, span)
    {
        Index = index;
        Name = name;
    }

    /// <summary>0-based position in the input batch.</summary>
    public int Index { get; }

    /// <summary>The column's name in the schema, exact case: what statistics are looked up by.</summary>
    public string Name { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => [];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) => this;
}

/// <summary>
/// A constant. <see cref="Value"/> is null for NULL, else: bool · sbyte · short · int · long · float · double ·
/// <see cref="Int128"/> (unscaled decimal) · string · byte[] · int (days of a date, months of a year-month interval) ·
/// long (microseconds of a time, a timestamp or a day-time interval) · <see cref="CalendarInterval"/>.
/// </summary>
public sealed class Literal : Expression
{
    /// <summary>Makes a constant.</summary>
    public Literal(object? value, DataType type, TextSpan span = default)
        : base(type, value is null, span)
    {
        Value = value;
    }

    /// <summary>The value in the form that the type's documentation above gives.</summary>
    public object? Value { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => [];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) => this;
}

/// <summary>A field of a struct-typed expression.</summary>
public sealed class FieldAccess : Expression
{
    /// <summary>Makes an access.</summary>
    public FieldAccess(Expression source, int fieldIndex, TextSpan span = default)
        : base(
            source.Type.Fields[fieldIndex].Type,
            source.Nullable || source.Type.Fields[fieldIndex].Nullable,
            span)
    {
        Source = source;
        FieldIndex = fieldIndex;
    }

    /// <summary>The struct.</summary>
    public Expression Source { get; }

    /// <summary>0-based position of the field in the struct's type.</summary>
    public int FieldIndex { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => [Source];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new FieldAccess(children[0], FieldIndex, Span);
}

/// <summary>What a failed conversion does.</summary>
public enum CastMode
{
    /// <summary>Raises Spark's error (ANSI).</summary>
    Ansi,

    /// <summary>Yields null: TRY_CAST.</summary>
    Try,
}

/// <summary>A conversion, written or inserted by coercion.</summary>
public sealed class Cast : Expression
{
    /// <summary>Makes a conversion.</summary>
    public Cast(
        Expression source, DataType type, bool nullable, CastMode mode = CastMode.Ansi, TextSpan span = default)
        : base(type, nullable, span)
    {
        Source = source;
        Mode = mode;
    }

    /// <summary>What is converted.</summary>
    public Expression Source { get; }

    /// <summary>What a failed conversion does.</summary>
    public CastMode Mode { get; }

    /// <summary>Whether CAST is written; what coercion or a function's name inserts is not shown in messages.</summary>
    public bool IsWritten { get; init; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => [Source];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new Cast(children[0], Type, Nullable, Mode, Span) { IsWritten = IsWritten };
}

/// <summary>
/// CASE in its searched form; the simple form is rewritten to it. Operands: condition 1, result 1, condition 2, …, and
/// last the ELSE result where there is one. Lazy: a branch is evaluated for its own rows only.
/// </summary>
public sealed class Case : Expression
{
    private readonly IReadOnlyList<Expression> _operands;

    /// <summary>Makes a CASE; an even number of operands has no ELSE.</summary>
    public Case(IReadOnlyList<Expression> operands, DataType type, bool nullable, TextSpan span = default)
        : base(type, nullable, span)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(operands.Count, 2);
        _operands = operands;
    }

    /// <summary>Number of WHEN branches.</summary>
    public int BranchCount => _operands.Count / 2;

    /// <summary>The ELSE result, or null.</summary>
    public Expression? Otherwise => _operands.Count % 2 == 1 ? _operands[^1] : null;

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => _operands;

    /// <summary>The condition of a branch.</summary>
    public Expression Condition(int branchIndex) => _operands[2 * branchIndex];

    /// <summary>The result of a branch.</summary>
    public Expression Result(int branchIndex) => _operands[(2 * branchIndex) + 1];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new Case(children, Type, Nullable, Span);
}

/// <summary>
/// An operator or a function over operands that were coerced to exactly the types it takes.
/// </summary>
public sealed class Call : Expression
{
    private readonly IReadOnlyList<Expression> _arguments;

    /// <summary>Makes a call.</summary>
    public Call(
        Function function,
        IReadOnlyList<Expression> arguments,
        DataType type,
        bool nullable,
        TextSpan span = default)
        : base(type, nullable, span)
    {
        Function = function;
        _arguments = arguments;
    }

    /// <summary>Which operator or function.</summary>
    public Function Function { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => _arguments;

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) =>
        new Call(Function, children, Type, Nullable, Span);
}

/// <summary>An aggregate call; evaluated by the aggregation operator, never by the evaluator.</summary>
public sealed class AggregateCall : Expression
{
    private readonly IReadOnlyList<Expression> _arguments;

    /// <summary>Makes a call.</summary>
    public AggregateCall(
        AggregateFunction function,
        IReadOnlyList<Expression> arguments,
        bool distinct,
        Expression? filter,
        DataType type,
        bool nullable,
        TextSpan span = default)
        : base(type, nullable, span)
    {
        Function = function;
        _arguments = arguments;
        Distinct = distinct;
        Filter = filter;
    }

    /// <summary>Which aggregate.</summary>
    public AggregateFunction Function { get; }

    /// <summary>The arguments; none for <c>count(*)</c>.</summary>
    public IReadOnlyList<Expression> Arguments => _arguments;

    /// <summary>Whether only distinct argument values count.</summary>
    public bool Distinct { get; }

    /// <summary>The FILTER (WHERE …) condition, or null.</summary>
    public Expression? Filter { get; }

    /// <inheritdoc />
    public override IReadOnlyList<Expression> Children => Filter is null ? _arguments : [.. _arguments, Filter];

    /// <inheritdoc />
    public override Expression WithChildren(IReadOnlyList<Expression> children) => new AggregateCall(
        Function,
        Filter is null ? children : [.. System.Linq.Enumerable.SkipLast(children, 1)],
        Distinct,
        Filter is null ? null : children[^1],
        Type,
        Nullable,
        Span);
}

/// <summary>The aggregates of the first depth.</summary>
public enum AggregateFunction
{
    /// <summary>count(*) or count(x, …): rows whose arguments are all non-null.</summary>
    Count,

    /// <summary>sum.</summary>
    Sum,

    /// <summary>avg.</summary>
    Average,

    /// <summary>min.</summary>
    Minimum,

    /// <summary>max.</summary>
    Maximum,
}
