using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Pruning;

/// <summary>Maps conditions to the outcomes they may have over rows of which only bounds are known.</summary>
internal sealed class OutcomeAnalysis
{
    private static readonly Outcomes[] Single = [Outcomes.True, Outcomes.False, Outcomes.Null];

    private readonly IColumnStats _stats;
    private readonly RangeAnalysis _ranges;

    public OutcomeAnalysis(IColumnStats stats, bool sessionIsUtc)
    {
        _stats = stats;
        _ranges = new RangeAnalysis(stats, sessionIsUtc);
    }

    /// <summary>The outcomes of a boolean expression.</summary>
    public Outcomes Of(Expression condition)
    {
        if (condition is not Call call)
        {
            return OfValue(condition);
        }

        IReadOnlyList<Expression> operands = call.Children;
        switch (call.Function)
        {
            case Function.And:
                return Combine(Of(operands[0]), Of(operands[1]), And);
            case Function.Or:
                return Combine(Of(operands[0]), Of(operands[1]), Or);
            case Function.Not:
                return Negate(Of(operands[0]));
            case Function.IsNull:
                return OfIsNull(_ranges.Of(operands[0]));
            case Function.IsNotNull:
                return Negate(OfIsNull(_ranges.Of(operands[0])));
            case Function.In:
                return operands.Skip(1).Select(candidate => OfEqual(operands[0], candidate))
                    .Aggregate((left, right) => Combine(left, right, Or));
            case Function.Equal:
                return OfEqual(operands[0], operands[1]);
            case Function.NullSafeEqual:
                return OfNullSafeEqual(_ranges.Of(operands[0]), _ranges.Of(operands[1]));
            case Function.LessThan:
                return OfLess(_ranges.Of(operands[0]), _ranges.Of(operands[1]), orEqual: false);
            case Function.LessThanOrEqual:
                return OfLess(_ranges.Of(operands[0]), _ranges.Of(operands[1]), orEqual: true);
            case Function.GreaterThan:
                return OfLess(_ranges.Of(operands[1]), _ranges.Of(operands[0]), orEqual: false);
            case Function.GreaterThanOrEqual:
                return OfLess(_ranges.Of(operands[1]), _ranges.Of(operands[0]), orEqual: true);
            case Function.Like:
                return OfLike(operands);
            default:
                return Outcomes.Any;
        }
    }

    /// <summary>A boolean column, a constant, or anything else: equal to TRUE or not.</summary>
    private Outcomes OfValue(Expression condition)
    {
        if (condition.Type.Kind is not (TypeKind.Boolean or TypeKind.Void))
        {
            return Outcomes.Any;
        }

        ValueRange range = _ranges.Of(condition);
        Outcomes outcomes = range.MayBeNull ? Outcomes.Null : Outcomes.None;
        if (range.HasValues)
        {
            outcomes |= range.Maximum is false ? Outcomes.None : Outcomes.True;
            outcomes |= range.Minimum is true ? Outcomes.None : Outcomes.False;
        }

        return outcomes;
    }

    private static Outcomes OfIsNull(ValueRange range) =>
        (range.MayBeNull ? Outcomes.True : Outcomes.None) | (range.HasValues ? Outcomes.False : Outcomes.None);

    private Outcomes OfEqual(Expression left, Expression right)
    {
        ValueRange leftRange = _ranges.Of(left), rightRange = _ranges.Of(right);
        Outcomes outcomes = OfEqual(leftRange, rightRange);
        return outcomes.HasFlag(Outcomes.True) && !(MayHold(left, rightRange) && MayHold(right, leftRange))
            ? (outcomes & ~Outcomes.True) | Outcomes.False
            : outcomes;
    }

    /// <summary>Whether a column may have the one value that another side has.</summary>
    private bool MayHold(Expression side, ValueRange other)
    {
        if (other is not { Minimum: { } value, Maximum: { } maximum } || ValueOrder.Compare(value, maximum) != 0)
        {
            return true;
        }

        Expression column = side is Cast { Source: { } source } ? source : side;
        return StatsPruner.PathOf(column) is not { } path ||
            (column == side
                ? _stats.MayHold(path, column.Type, value)
                : MayHoldNarrower(path, column.Type, value));
    }

    /// <summary>A whole number cast to a wider one has the same value, if it can have it at all.</summary>
    private bool MayHoldNarrower(string path, DataType type, object value)
    {
        long? whole = value switch { short number => number, int number => number, long number => number, _ => null };
        return (type.Kind, whole) switch
        {
            (TypeKind.Byte, >= sbyte.MinValue and <= sbyte.MaxValue) => _stats.MayHold(path, type, (sbyte)whole.Value),
            (TypeKind.Short, >= short.MinValue and <= short.MaxValue) => _stats.MayHold(path, type, (short)whole.Value),
            (TypeKind.Integer, >= int.MinValue and <= int.MaxValue) => _stats.MayHold(path, type, (int)whole.Value),
            _ => true,
        };
    }

    private static Outcomes OfEqual(ValueRange left, ValueRange right)
    {
        Outcomes outcomes = left.MayBeNull || right.MayBeNull ? Outcomes.Null : Outcomes.None;
        if (left.HasValues && right.HasValues)
        {
            bool overlap = MayBeBelow(left.Minimum, right.Maximum, orEqual: true) &&
                MayBeBelow(right.Minimum, left.Maximum, orEqual: true);
            outcomes |= overlap ? Outcomes.True : Outcomes.None;
            outcomes |= IsSamePoint(left, right) ? Outcomes.None : Outcomes.False;
        }

        return outcomes;
    }

    private static Outcomes OfNullSafeEqual(ValueRange left, ValueRange right)
    {
        Outcomes outcomes = OfEqual(left, right) & ~Outcomes.Null;
        outcomes |= left.MayBeNull && right.MayBeNull ? Outcomes.True : Outcomes.None;
        bool oneNull = (left.MayBeNull && right.HasValues) || (right.MayBeNull && left.HasValues);
        return outcomes | (oneNull ? Outcomes.False : Outcomes.None);
    }

    private static Outcomes OfLess(ValueRange left, ValueRange right, bool orEqual)
    {
        Outcomes outcomes = left.MayBeNull || right.MayBeNull ? Outcomes.Null : Outcomes.None;
        if (left.HasValues && right.HasValues)
        {
            outcomes |= MayBeBelow(left.Minimum, right.Maximum, orEqual) ? Outcomes.True : Outcomes.None;
            outcomes |= MayBeBelow(right.Minimum, left.Maximum, !orEqual) ? Outcomes.False : Outcomes.None;
        }

        return outcomes;
    }

    private Outcomes OfLike(IReadOnlyList<Expression> operands)
    {
        ValueRange range = _ranges.Of(operands[0]);
        if (operands[1] is not Literal { Value: string pattern } || operands[2] is not Literal { Value: string escape })
        {
            return Outcomes.Any;
        }

        Outcomes outcomes = range.MayBeNull ? Outcomes.Null : Outcomes.None;
        if (range.HasValues)
        {
            LikePrefix prefix = LikePrefix.Of(pattern, escape);
            outcomes |= prefix.MayMatch(range) ? Outcomes.True : Outcomes.None;
            outcomes |= prefix.AlwaysMatches(range) ? Outcomes.None : Outcomes.False;
        }

        return outcomes;
    }

    /// <summary>Whether a lower bound leaves room for a value below an upper one; unknown bounds leave any.</summary>
    private static bool MayBeBelow(object? lower, object? upper, bool orEqual) =>
        lower is null || upper is null || ValueOrder.Compare(lower, upper) is not { } order || order < 0 ||
        (orEqual && order == 0);

    private static bool IsSamePoint(ValueRange left, ValueRange right) =>
        left is { Minimum: { } a, Maximum: { } b } && right is { Minimum: { } c, Maximum: { } d } &&
        ValueOrder.Compare(a, b) == 0 && ValueOrder.Compare(c, d) == 0 && ValueOrder.Compare(a, c) == 0;

    private static Outcomes Negate(Outcomes outcomes) =>
        (outcomes & Outcomes.Null) |
        (outcomes.HasFlag(Outcomes.True) ? Outcomes.False : Outcomes.None) |
        (outcomes.HasFlag(Outcomes.False) ? Outcomes.True : Outcomes.None);

    private static Outcomes Combine(Outcomes left, Outcomes right, System.Func<Outcomes, Outcomes, Outcomes> combine)
    {
        Outcomes outcomes = Outcomes.None;
        foreach (Outcomes first in Single)
        {
            foreach (Outcomes second in Single)
            {
                if (left.HasFlag(first) && right.HasFlag(second))
                {
                    outcomes |= combine(first, second);
                }
            }
        }

        return outcomes;
    }

    private static Outcomes And(Outcomes left, Outcomes right) =>
        left == Outcomes.False || right == Outcomes.False ? Outcomes.False
        : left == Outcomes.Null || right == Outcomes.Null ? Outcomes.Null
        : Outcomes.True;

    private static Outcomes Or(Outcomes left, Outcomes right) =>
        left == Outcomes.True || right == Outcomes.True ? Outcomes.True
        : left == Outcomes.Null || right == Outcomes.Null ? Outcomes.Null
        : Outcomes.False;
}
