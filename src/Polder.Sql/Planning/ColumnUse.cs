using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>Which columns expressions and plans refer to, and how references are replaced.</summary>
internal static class ColumnUse
{
    /// <summary>The ids an expression refers to.</summary>
    public static HashSet<int> Of(Expression expression)
    {
        HashSet<int> ids = [];
        AddTo(ids, expression);
        return ids;
    }

    /// <summary>Adds the ids an expression refers to.</summary>
    public static void AddTo(HashSet<int> ids, Expression expression)
    {
        if (expression is ColumnReference reference)
        {
            ids.Add(reference.Index);
        }

        foreach (Expression child in expression.Children)
        {
            AddTo(ids, child);
        }
    }

    /// <summary>Whether an expression refers to columns of <paramref name="ids"/> only.</summary>
    public static bool IsWithin(Expression expression, IReadOnlySet<int> ids) =>
        expression is ColumnReference reference
            ? ids.Contains(reference.Index)
            : expression.Children.All(child => IsWithin(child, ids));

    /// <summary>The ids of the columns a plan yields.</summary>
    public static HashSet<int> OutputOf(LogicalPlan plan) => [.. plan.Output.Select(column => column.Id)];

    /// <summary>The expression, every node replaced for which <paramref name="rewrite"/> has an answer.</summary>
    public static Expression Rewrite(Expression expression, Func<Expression, Expression?> rewrite)
    {
        if (rewrite(expression) is Expression replaced)
        {
            return replaced;
        }

        IReadOnlyList<Expression> children = expression.Children;
        Expression[]? rewritten = null;
        for (int childIndex = 0; childIndex < children.Count; childIndex++)
        {
            Expression child = Rewrite(children[childIndex], rewrite);
            if (!ReferenceEquals(child, children[childIndex]))
            {
                rewritten ??= [.. children];
                rewritten[childIndex] = child;
            }
        }

        return rewritten is null ? expression : expression.WithChildren(rewritten);
    }

    /// <summary>The expression with references to the given columns replaced by their values.</summary>
    public static Expression Substitute(Expression expression, IReadOnlyDictionary<int, Expression> values) => Rewrite(
        expression, node => node is ColumnReference reference ? values.GetValueOrDefault(reference.Index) : null);
}
