using System;
using Polder.Columns;

namespace Polder.Expressions.Pruning;

/// <summary>Bounds of the values of an expression, from the bounds of its columns.</summary>
internal sealed class RangeAnalysis
{
    private const int EpochDays = 719_162;

    private readonly IColumnStats _stats;
    private readonly CastRange _casts;

    public RangeAnalysis(IColumnStats stats, bool sessionIsUtc)
    {
        _stats = stats;
        _casts = new CastRange(sessionIsUtc);
    }

    public ValueRange Of(Expression expression)
    {
        switch (expression)
        {
            case Literal literal:
                return OfConstant(literal.Value);
            case ColumnReference or FieldAccess when StatsPruner.PathOf(expression) is { } path:
                return OfColumn(path, expression);
            case Cast { Source: Literal { Value: string text } } cast:
                return ConstantText.TryRead(text, cast.Type, _casts.SessionIsUtc, out object? value)
                    ? OfConstant(value)
                    : Unknown(expression);
            case Cast cast:
                return OfCast(cast);
            case Call { Function: Function.Negate } call:
                return OfNegation(Of(call.Children[0]));
            case Call { Function: Function.Year } call when call.Children[0].Type.Kind == TypeKind.Date:
                return OfYear(Of(call.Children[0]));
            default:
                return Unknown(expression);
        }
    }

    private static ValueRange Unknown(Expression expression) =>
        ValueRange.Unknown with { MayBeNull = expression.Nullable };

    private static ValueRange OfConstant(object? value) =>
        value is null ? ValueRange.OnlyNull : new ValueRange(value, value, false, true);

    private ValueRange OfColumn(string path, Expression column)
    {
        if (!_stats.TryGetBounds(path, column.Type, out ColumnBounds bounds))
        {
            return Unknown(column);
        }

        if (bounds.NullCount >= 0 && bounds.NullCount == _stats.RowCount)
        {
            return ValueRange.OnlyNull;
        }

        object? minimum = bounds.Minimum;
        object? maximum = column.Type.Kind switch
        {
            TypeKind.Double when bounds.HidesNaN => double.NaN,
            TypeKind.Float when bounds.HidesNaN => float.NaN,
            _ => bounds.Maximum,
        };

        // Bounds that contradict each other say nothing.
        if (minimum is not null && maximum is not null && ValueOrder.Compare(minimum, maximum) is not <= 0)
        {
            minimum = maximum = null;
        }

        bool mayBeNull = bounds.NullCount < 0 ? column.Nullable : bounds.NullCount > 0;
        return new ValueRange(minimum, maximum, mayBeNull, true);
    }

    private ValueRange OfCast(Cast cast)
    {
        ValueRange source = Of(cast.Source);
        if (!source.HasValues)
        {
            return ValueRange.OnlyNull;
        }

        bool mayBeNull = source.MayBeNull || (cast.Mode == CastMode.Try && cast.Nullable);
        return new ValueRange(
            source.Minimum is null ? null : _casts.Map(source.Minimum, cast.Source.Type, cast.Type, lower: true),
            source.Maximum is null ? null : _casts.Map(source.Maximum, cast.Source.Type, cast.Type, lower: false),
            mayBeNull,
            true);
    }

    private static ValueRange OfNegation(ValueRange range) =>
        range with { Minimum = Negate(range.Maximum), Maximum = Negate(range.Minimum) };

    private static object? Negate(object? value) => value switch
    {
        // A minimum without a positive counterpart raises an error, and NaN stays the greatest.
        int number when number != int.MinValue => -number,
        long number when number != long.MinValue => -number,
        Int128 number => -number,
        double number when !double.IsNaN(number) => -number,
        float number when !float.IsNaN(number) => -number,
        _ => null,
    };

    private static ValueRange OfYear(ValueRange dates) =>
        dates with { Minimum = YearOf(dates.Minimum), Maximum = YearOf(dates.Maximum) };

    private static int? YearOf(object? date) =>
        date is int days && days + (long)EpochDays is >= 0 and var number && number <= DateOnly.MaxValue.DayNumber
            ? DateOnly.FromDayNumber((int)number).Year
            : null;

}
