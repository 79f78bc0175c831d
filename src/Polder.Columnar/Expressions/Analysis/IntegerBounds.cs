using System;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>
/// An integral compared with a decimal constant is compared with an integer instead, so that nothing casts the column:
/// <c>i &gt; 1.5</c> is <c>i &gt; 1</c> (Spark's DecimalPrecisionTypeCoercion.integralAndDecimalLiteral).
/// </summary>
internal static class IntegerBounds
{
    public static Expression? Rewrite(Function function, Expression left, Expression right, TextSpan span)
    {
        if (left.Type.IsIntegral && right is Literal { Type.Kind: TypeKind.Decimal, Value: Int128 bound })
        {
            return Rewrite(function, left, bound, right.Type.Scale, mirrored: false, span);
        }

        return right.Type.IsIntegral && left is Literal { Type.Kind: TypeKind.Decimal, Value: Int128 mirror }
            ? Rewrite(Mirror(function), right, mirror, left.Type.Scale, mirrored: true, span)
            : null;
    }

    /// <summary>The comparison with its sides exchanged.</summary>
    public static Function Mirror(Function function) => function switch
    {
        Function.LessThan => Function.GreaterThan,
        Function.LessThanOrEqual => Function.GreaterThanOrEqual,
        Function.GreaterThan => Function.LessThan,
        Function.GreaterThanOrEqual => Function.LessThanOrEqual,
        _ => function,
    };

    private static Expression? Rewrite(
        Function function, Expression integral, Int128 unscaled, int scale, bool mirrored, TextSpan span)
    {
        bool ceiling = function is Function.LessThan or Function.GreaterThanOrEqual;
        if (!ceiling && function is not (Function.GreaterThan or Function.LessThanOrEqual))
        {
            return null;
        }

        Int128 unit = 1;
        for (int digit = 0; digit < scale; digit++)
        {
            unit *= 10;
        }

        (Int128 whole, Int128 rest) = Int128.DivRem(unscaled, unit);
        Int128 bound = ceiling ? whole + (rest > 0 ? 1 : 0) : whole - (rest < 0 ? 1 : 0);
        if (bound > long.MaxValue || bound < long.MinValue)
        {
            // Every integer is on one side of it; Spark answers so for NULL too.
            bool above = bound > long.MaxValue;
            bool wantsLess = function is Function.LessThan or Function.LessThanOrEqual;
            return new Literal(above == wantsLess, DataType.Boolean, span);
        }

        Literal constant = new((long)bound, DataType.Long);
        return mirrored
            ? Comparisons.Compare(Mirror(function), constant, integral, span)
            : Comparisons.Compare(function, integral, constant, span);
    }
}
