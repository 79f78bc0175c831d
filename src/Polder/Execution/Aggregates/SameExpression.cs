using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using Polder.Expressions;

namespace Polder.Execution.Aggregates;

/// <summary>Expressions compared by what they compute: positions in the text do not count.</summary>
internal sealed class SameExpression : IEqualityComparer<Expression>
{
    public static SameExpression Comparer { get; } = new();

    public bool Equals(Expression? x, Expression? y)
    {
        if (ReferenceEquals(x, y))
        {
            return true;
        }

        if (x is null || y is null || x.GetType() != y.GetType() || !x.Type.Equals(y.Type) ||
            x.Children.Count != y.Children.Count || !HasSameDetails(x, y))
        {
            return false;
        }

        for (int index = 0; index < x.Children.Count; index++)
        {
            if (!Equals(x.Children[index], y.Children[index]))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode([DisallowNull] Expression obj)
    {
        HashCode hash = default;
        hash.Add(obj.GetType());
        hash.Add(obj is ColumnReference column ? column.Index : obj is Call call ? (int)call.Function : 0);
        foreach (Expression child in obj.Children)
        {
            hash.Add(GetHashCode(child));
        }

        return hash.ToHashCode();
    }

    private static bool HasSameDetails(Expression x, Expression y) => (x, y) switch
    {
        (ColumnReference first, ColumnReference second) => first.Index == second.Index,
        (Literal { Value: byte[] first }, Literal { Value: byte[] second }) => first.AsSpan().SequenceEqual(second),
        (Literal first, Literal second) => Equals(first.Value, second.Value),
        (FieldAccess first, FieldAccess second) => first.FieldIndex == second.FieldIndex,
        (Cast first, Cast second) => first.Mode == second.Mode,
        (Case first, Case second) => first.BranchCount == second.BranchCount,
        (Call first, Call second) => first.Function == second.Function,
        _ => false,
    };
}
