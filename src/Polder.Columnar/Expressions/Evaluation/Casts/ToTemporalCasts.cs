using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to dates, times and timestamps.</summary>
internal static class ToTemporalCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create(CastRequest request) => request.To.Kind switch
    {
        TypeKind.Date => ToDate(request),
        TypeKind.Time => ToTime(request),
        TypeKind.Timestamp => ToTimestamp(request),
        _ => ToTimestampNtz(request),
    };

    private static VectorFunction ToDate(CastRequest request) => request.From.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => request.Parse<int, ParseDate>(default),
        TypeKind.Timestamp => request.Unary<long, int, TimestampToDay>(new TimestampToDay(request.Zone)),
        TypeKind.TimestampNtz => request.Unary<long, int, TimestampToDay>(new TimestampToDay(Zone.Utc)),
        _ => throw request.Unknown(),
    };

    private static VectorFunction ToTime(CastRequest request)
    {
        long unit = (long)DecimalMath.Power(6 - request.To.Precision);
        return request.From.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => TimeOfText(request),
            TypeKind.Time => request.Unary<long, long, TruncateInterval<long>>(new TruncateInterval<long>(unit)),
            _ => throw request.Unknown(),
        };
    }

    // Digits beyond the type's precision are kept, and errors name the widest type: so Spark does.
    private static ParseFunction<long, ParseTime> TimeOfText(CastRequest request) => new(
        request.To, default, request.With(request.From, DataType.Time()).InvalidInput());

    private static VectorFunction ToTimestampNtz(CastRequest request) => request.From.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => request.Parse<long, ParseTimestampNtz>(default),
        TypeKind.Date => FromDate(request, Zone.Utc),
        TypeKind.Timestamp => request.Unary<long, long, InstantToLocal>(new InstantToLocal(request.Zone)),
        _ => throw request.Unknown(),
    };

    private static VectorFunction ToTimestamp(CastRequest request) => request.From.Kind switch
    {
        TypeKind.String or TypeKind.Char or TypeKind.Varchar => request.Parse<long, ParseTimestamp>(
            new ParseTimestamp(request.Zone, request.Context.Today)),
        TypeKind.Date => FromDate(request, request.Zone),
        TypeKind.TimestampNtz => request.Unary<long, long, LocalToInstant>(new LocalToInstant(request.Zone)),
        TypeKind.Boolean => new BooleanToFixedFunction<long>(request.To, 1),
        TypeKind.Byte => request.Unary<sbyte, long, SecondsToTimestamp<sbyte>>(default),
        TypeKind.Short => request.Unary<short, long, SecondsToTimestamp<short>>(default),
        TypeKind.Integer => request.Unary<int, long, SecondsToTimestamp<int>>(default),
        TypeKind.Long => request.Unary<long, long, SecondsToTimestamp<long>>(default),
        TypeKind.Float => FromFloat<float>(request),
        TypeKind.Double => FromFloat<double>(request),
        TypeKind.Decimal => request.Unary<Int128, long, DecimalToTimestamp>(
            new DecimalToTimestamp(request.From.Scale)),
        _ => throw request.Unknown(),
    };

    private static VectorFunction FromDate(CastRequest request, Zone zone) =>
        request.Unary<int, long, DayToTimestamp>(
            new DayToTimestamp(zone), _ => Failures.ArithmeticOverflow(null, request.Span, "long overflow"));

    // Spark goes through a double of microseconds and a bigint, which is what its errors show.
    private static VectorFunction FromFloat<T>(CastRequest request)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        request.Unary<T, long, FloatToTimestamp<T>>(default, value =>
        {
            double seconds = double.CreateTruncating(value);
            return double.IsFinite(seconds)
                ? Failures.CastOverflow(
                    SqlText.Literal(seconds * CivilCalendar.MicrosPerSecond), DataType.Double, DataType.Long,
                    request.Span)
                : Failures.CastInvalidInput(SqlText.Literal(seconds), DataType.Double, request.To, request.Span);
        });
}
