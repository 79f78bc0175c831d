using System;
using System.Collections.Generic;

namespace Polder.Expressions;

/// <summary>Equality of typed trees by structure: same nodes, types and constants, wherever they stand.</summary>
internal sealed class ExpressionComparer : IEqualityComparer<Expression>
{
    private ExpressionComparer()
    {
    }

    public static ExpressionComparer Instance { get; } = new();

    public bool Equals(Expression? left, Expression? right)
    {
        if (ReferenceEquals(left, right))
        {
            return true;
        }

        if (left is null || right is null || left.GetType() != right.GetType() || !left.Type.Equals(right.Type) ||
            left.Children.Count != right.Children.Count || !SameNode(left, right))
        {
            return false;
        }

        for (int childIndex = 0; childIndex < left.Children.Count; childIndex++)
        {
            if (!Equals(left.Children[childIndex], right.Children[childIndex]))
            {
                return false;
            }
        }

        return true;
    }

    public int GetHashCode(Expression expression)
    {
        HashCode hash = default;
        hash.Add(expression.GetType());
        hash.Add(expression switch
        {
            ColumnReference column => column.Index,
            Call call => (int)call.Function,
            AggregateCall call => (int)call.Function,
            FieldAccess access => access.FieldIndex,
            Literal { Value: not (null or byte[]) } literal => literal.Value.GetHashCode(),
            _ => 0,
        });
        foreach (Expression child in expression.Children)
        {
            hash.Add(GetHashCode(child));
        }

        return hash.ToHashCode();
    }

    private static bool SameNode(Expression left, Expression right) => (left, right) switch
    {
        (ColumnReference a, ColumnReference b) => a.Index == b.Index,
        (Literal a, Literal b) => SameValue(a.Value, b.Value),
        (FieldAccess a, FieldAccess b) => a.FieldIndex == b.FieldIndex,
        (Cast a, Cast b) => a.Mode == b.Mode,
        (Call a, Call b) => a.Function == b.Function,
        (AggregateCall a, AggregateCall b) =>
            a.Function == b.Function && a.Distinct == b.Distinct && a.Filter is null == b.Filter is null,
        _ => left.IsSameNode(right),
    };

    private static bool SameValue(object? left, object? right) =>
        left is byte[] a && right is byte[] b ? a.AsSpan().SequenceEqual(b) : Equals(left, right);
}
