using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Execution;

/// <summary>Which rows a join yields.</summary>
public enum JoinKind
{
    /// <summary>Every matching pair. Without keys and residual: the cross product.</summary>
    Inner,

    /// <summary>Every matching pair, and left rows without a match, with nulls on the right.</summary>
    Left,

    /// <summary>Every matching pair, and right rows without a match, with nulls on the left.</summary>
    Right,

    /// <summary>Every matching pair, and the rows of either side without a match.</summary>
    Full,

    /// <summary>Left rows that have a match: EXISTS, IN as a condition.</summary>
    LeftSemi,

    /// <summary>Left rows that have no match: NOT EXISTS, and NOT IN where it is null-aware.</summary>
    LeftAnti,

    /// <summary>Left rows, with a last column that says whether there is a match; never null.</summary>
    LeftMark,

    /// <summary>
    /// As <see cref="Left"/>; a second match of a row is Spark's error SCALAR_SUBQUERY_TOO_MANY_ROWS.
    /// </summary>
    LeftSingle,
}

/// <summary>
/// A join. Two rows match where every pair of keys is equal and the residual is TRUE. Keys compare as grouping keys
/// do; a null key matches nothing, unless that pair is null-safe. The right side is held in memory (for
/// <see cref="JoinKind.Right"/> the left one): put the smaller input there. Rows come in the order of the other side.
/// </summary>
public sealed class JoinNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    /// <param name="left">The left input.</param>
    /// <param name="right">The right input.</param>
    /// <param name="kind">Which rows it yields.</param>
    /// <param name="leftKeys">Over the left input's columns.</param>
    /// <param name="rightKeys">Over the right input's columns; of the same types.</param>
    /// <param name="residual">A further condition, over the columns left ++ right.</param>
    /// <param name="nullSafe">For each key whether it is a &lt;=&gt;; null = none.</param>
    /// <param name="nullAware">
    /// For <see cref="JoinKind.LeftAnti"/>: NOT IN, where a comparison that is NULL counts as a match.
    /// </param>
    public JoinNode(
        PlanNode left,
        PlanNode right,
        JoinKind kind,
        IReadOnlyList<Expression> leftKeys,
        IReadOnlyList<Expression> rightKeys,
        Expression? residual = null,
        IReadOnlyList<bool>? nullSafe = null,
        bool nullAware = false)
        : base(Combine(left.Output, right.Output, kind), left, right)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(rightKeys.Count, leftKeys.Count);
        ArgumentOutOfRangeException.ThrowIfNotEqual(nullSafe?.Count ?? leftKeys.Count, leftKeys.Count);
        foreach ((Expression leftKey, Expression rightKey) in leftKeys.Zip(rightKeys))
        {
            if (leftKey.Type.Kind != rightKey.Type.Kind || leftKey.Type.Scale != rightKey.Type.Scale)
            {
                throw new ArgumentException($"join keys of types {leftKey.Type} and {rightKey.Type}");
            }
        }

        if (nullAware && (kind != JoinKind.LeftAnti || leftKeys.Count == 0 || nullSafe?.Contains(true) == true))
        {
            throw new ArgumentException("only an anti join on plain keys can be null-aware");
        }

        if (residual is not null)
        {
            RequireBoolean(residual.Type, "a residual");
        }

        Kind = kind;
        LeftKeys = leftKeys;
        RightKeys = rightKeys;
        Residual = residual;
        NullSafe = nullSafe ?? new bool[leftKeys.Count];
        IsNullAware = nullAware;
    }

    /// <summary>The left input.</summary>
    public PlanNode Left => Inputs[0];

    /// <summary>The right input.</summary>
    public PlanNode Right => Inputs[1];

    /// <summary>Which rows it yields.</summary>
    public JoinKind Kind { get; }

    /// <summary>Over the left input's columns.</summary>
    public IReadOnlyList<Expression> LeftKeys { get; }

    /// <summary>Over the right input's columns.</summary>
    public IReadOnlyList<Expression> RightKeys { get; }

    /// <summary>A further condition, over the columns left ++ right, or null.</summary>
    public Expression? Residual { get; }

    /// <summary>For each key whether null equals null.</summary>
    public IReadOnlyList<bool> NullSafe { get; }

    /// <summary>Whether this is a NOT IN.</summary>
    public bool IsNullAware { get; }

    private static DataType Combine(DataType left, DataType right, JoinKind kind) => DataType.Struct(kind switch
    {
        JoinKind.LeftSemi or JoinKind.LeftAnti => left.Fields,
        JoinKind.LeftMark => [.. left.Fields, new StructField("exists", DataType.Boolean, false)],
        JoinKind.Inner => [.. left.Fields, .. right.Fields],
        JoinKind.Right => [.. AsNullable(left), .. right.Fields],
        JoinKind.Full => [.. AsNullable(left), .. AsNullable(right)],
        _ => [.. left.Fields, .. AsNullable(right)],
    });
}
