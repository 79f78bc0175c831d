using System;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to text; they cannot fail.</summary>
internal static class ToTextCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create(CastRequest request) => request.From.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary => new RelabelFunction(request.To),
        TypeKind.Byte => Format<sbyte, FormatInteger<sbyte>>(request, default),
        TypeKind.Short => Format<short, FormatInteger<short>>(request, default),
        TypeKind.Integer => Format<int, FormatInteger<int>>(request, default),
        TypeKind.Long => Format<long, FormatInteger<long>>(request, default),
        TypeKind.Float => Format<float, FormatFloat>(request, default),
        TypeKind.Double => Format<double, FormatDouble>(request, default),
        TypeKind.Decimal => Format<Int128, FormatDecimal>(request, new FormatDecimal(request.From.Scale)),
        TypeKind.Date => Format<int, FormatDate>(request, default),
        TypeKind.Time => Format<long, FormatTime>(request, default),
        TypeKind.Timestamp => Format<long, FormatTimestamp>(request, new FormatTimestamp(request.Zone)),
        TypeKind.TimestampNtz => Format<long, FormatTimestamp>(request, new FormatTimestamp(Zone.Utc)),
        TypeKind.YearMonthInterval => Format<int, FormatYearMonth>(request, new FormatYearMonth(request.From)),
        TypeKind.DayTimeInterval => Format<long, FormatDayTime>(request, new FormatDayTime(request.From)),
        TypeKind.CalendarInterval => Format<RawInterval, FormatCalendarInterval>(request, default),
        TypeKind.Boolean or TypeKind.Array or TypeKind.Map or TypeKind.Struct =>
            new FormatRowsFunction(request.To, request.Context),
        _ => throw request.Unknown(),
    };

    private static FormatFunction<T, TOperator> Format<T, TOperator>(CastRequest request, TOperator op)
        where T : unmanaged
        where TOperator : struct, IFormatOperator<T> => new(request.To, op);
}
