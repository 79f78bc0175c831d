using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>
/// What a statement computes, before it is said how. Immutable. Over a logical plan the
/// <see cref="ColumnReference.Index"/> of an expression is the id of a <see cref="LogicalColumn"/>, not a position: ids
/// are unique in a statement, so that rules move expressions without renumbering them. The physical planner turns ids
/// into positions.
/// </summary>
internal abstract class LogicalPlan
{
    /// <summary>The columns of a row, in order.</summary>
    public abstract IReadOnlyList<LogicalColumn> Output { get; }

    /// <summary>The nodes whose rows this one reads.</summary>
    public abstract IReadOnlyList<LogicalPlan> Inputs { get; }

    /// <summary>The expressions this node evaluates over its inputs, in a fixed order.</summary>
    public virtual IReadOnlyList<Expression> Expressions => [];

    /// <summary>The same node over other inputs that yield the same columns.</summary>
    public abstract LogicalPlan WithInputs(IReadOnlyList<LogicalPlan> inputs);

    /// <summary>The same node with its <see cref="Expressions"/> replaced, one by one.</summary>
    public virtual LogicalPlan WithExpressions(IReadOnlyList<Expression> expressions) => this;

    /// <summary>This tree with every node replaced, inputs first.</summary>
    public LogicalPlan TransformUp(Func<LogicalPlan, LogicalPlan> rewrite)
    {
        IReadOnlyList<LogicalPlan> inputs = Inputs;
        LogicalPlan[] rewritten = [.. inputs.Select(input => input.TransformUp(rewrite))];
        return rewrite(Same(inputs, rewritten) ? this : WithInputs(rewritten));
    }

    /// <summary>This tree with every expression of every node replaced.</summary>
    public LogicalPlan TransformExpressions(Func<Expression, Expression> rewrite) => TransformUp(node =>
    {
        IReadOnlyList<Expression> expressions = node.Expressions;
        Expression[] rewritten = [.. expressions.Select(rewrite)];
        return Same(expressions, rewritten) ? node : node.WithExpressions(rewritten);
    });

    /// <summary>Every node of the tree, this one first.</summary>
    public IEnumerable<LogicalPlan> Nodes() => Inputs.SelectMany(input => input.Nodes()).Prepend(this);

    private static bool Same<T>(IReadOnlyList<T> left, T[] right)
        where T : class
    {
        for (int index = 0; index < right.Length; index++)
        {
            if (!ReferenceEquals(left[index], right[index]))
            {
                return false;
            }
        }

        return true;
    }
}

/// <summary>A column that a logical node yields.</summary>
/// <param name="Id">Unique in the statement.</param>
/// <param name="Name">Its name in results and in the scope of an outer query.</param>
/// <param name="Type">Its type.</param>
/// <param name="Nullable">Whether it may be null.</param>
internal sealed record LogicalColumn(int Id, string Name, DataType Type, bool Nullable)
{
    /// <summary>The id of the column that this one is, unchanged and under its own name; 0 = none.</summary>
    public int Origin { get; init; }

    /// <summary>Equal for columns that are one and the same: a name that means both is not ambiguous.</summary>
    public int Identity => Origin == 0 ? Id : Origin;

    /// <summary>A reference to this column.</summary>
    public ColumnReference Reference(TextSpan span = default) => new(Id, Name, Type, Nullable, span);
}

/// <summary>A column and the expression that gives its values.</summary>
internal readonly record struct ComputedColumn(LogicalColumn Column, Expression Value);

/// <summary>A sort key over the input's columns.</summary>
internal readonly record struct LogicalSortKey(Expression Value, bool Descending, bool NullsFirst);

/// <summary>Which rows a join yields.</summary>
internal enum LogicalJoinKind
{
    /// <summary>Pairs that match; without a condition every pair.</summary>
    Inner,

    /// <summary>Matching pairs, and left rows without a match beside nulls.</summary>
    LeftOuter,

    /// <summary>Matching pairs, and right rows without a match beside nulls.</summary>
    RightOuter,

    /// <summary>Matching pairs and the rows of both sides without a match.</summary>
    FullOuter,

    /// <summary>Left rows that have a match.</summary>
    LeftSemi,

    /// <summary>Left rows that have none.</summary>
    LeftAnti,

    /// <summary>Left rows beside a column that says whether they have a match.</summary>
    LeftMark,

    /// <summary>As <see cref="LeftOuter"/>; a second match of a row is an error: a scalar subquery.</summary>
    LeftSingle,
}
