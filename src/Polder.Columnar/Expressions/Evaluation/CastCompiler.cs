using System;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Columns.Values;
using Polder.Expressions.Evaluation.Casts;
using Polder.Expressions.Evaluation.Values;
using Polder.Expressions.Evaluation.Variants;

namespace Polder.Expressions.Evaluation;

/// <summary>Conversions between any two types that Spark converts.</summary>
internal static class CastCompiler
{
    /// <summary>The kernel of a cast.</summary>
    public static Kernel Compile(Cast cast, Kernel source, EvaluationContext context)
    {
        if (source.Type.Equals(cast.Type))
        {
            return source;
        }

        CastRequest request = new(source.Type, cast.Type, cast.Mode == CastMode.Try, cast.Span, context);
        return SpecialDates.Find(source, cast.Type, context) ?? new MapKernel(source, Create(request));
    }

    /// <summary>A date as a timestamp of either kind.</summary>
    public static Kernel Widen(Kernel source, DataType type, Zone zone) =>
        new UnaryKernel<int, long, DayToTimestamp>(
            source,
            type,
            new DayToTimestamp(type.Kind == TypeKind.Timestamp ? zone : Zone.Utc),
            _ => Failures.ArithmeticOverflow(null, default, "long overflow"));

    /// <summary>The conversion of a request.</summary>
    public static VectorFunction Create(CastRequest request)
    {
        DataType from = request.From;
        DataType to = request.To;
        if (from.Equals(to) || from.Kind == TypeKind.Void || (from.Kind == to.Kind && IsSame(from, to)))
        {
            return new RelabelFunction(to);
        }

        if (from.Kind == TypeKind.Variant || to.Kind == TypeKind.Variant)
        {
            return to.Kind == TypeKind.Variant ? new ToVariant(from) : new FromVariant(request);
        }

        return to.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => ToTextCasts.Create(request),
            TypeKind.Binary when from.IsText => new RelabelFunction(to),
            TypeKind.Boolean => ToBooleanCasts.Create(request),
            TypeKind.Byte => ToIntegerCasts.Create<sbyte>(request),
            TypeKind.Short => ToIntegerCasts.Create<short>(request),
            TypeKind.Integer => ToIntegerCasts.Create<int>(request),
            TypeKind.Long => ToIntegerCasts.Create<long>(request),
            TypeKind.Float => ToFloatCasts.Create<float>(request),
            TypeKind.Double => ToFloatCasts.Create<double>(request),
            TypeKind.Decimal => ToDecimalCasts.Create(request),
            TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz =>
                ToTemporalCasts.Create(request),
            TypeKind.YearMonthInterval => ToIntervalCasts.Create<int>(request),
            TypeKind.DayTimeInterval => ToIntervalCasts.Create<long>(request),
            TypeKind.CalendarInterval when from.IsText => new ParseFunction<RawInterval, ParseCalendarInterval>(
                to, default, null),
            TypeKind.Array when from.Kind == TypeKind.Array => new ListCast(
                to, from.Element!, Create(request.With(from.Element!, to.Element!))),
            TypeKind.Map when from.Kind == TypeKind.Map => new ListCast(
                to,
                NestedCasts.EntryType(from),
                Create(request.With(NestedCasts.EntryType(from), NestedCasts.EntryType(to)))),
            TypeKind.Struct when from.Kind == TypeKind.Struct && from.Fields.Count == to.Fields.Count =>
                CreateStruct(request),
            _ => throw request.Unknown(),
        };
    }

    private static bool IsSame(DataType from, DataType to) => from.Kind switch
    {
        TypeKind.Array or TypeKind.Map or TypeKind.Struct or TypeKind.Decimal => false,
        TypeKind.YearMonthInterval or TypeKind.DayTimeInterval => false,
        TypeKind.Time => to.Precision >= from.Precision,
        _ => true,
    };

    private static StructCast CreateStruct(CastRequest request)
    {
        int count = request.From.Fields.Count;
        DataType[] sources = new DataType[count];
        VectorFunction[] fields = new VectorFunction[count];
        for (int fieldIndex = 0; fieldIndex < count; fieldIndex++)
        {
            sources[fieldIndex] = request.From.Fields[fieldIndex].Type;
            fields[fieldIndex] = Create(request.With(sources[fieldIndex], request.To.Fields[fieldIndex].Type));
        }

        return new StructCast(request.To, sources, fields);
    }
}

/// <summary>What is converted to what, and what a failure does.</summary>
internal sealed record CastRequest(
    DataType From, DataType To, bool FailureIsNull, TextSpan Span, EvaluationContext Context)
{
    /// <summary>The session's zone.</summary>
    public Zone Zone { get; } = Zone.Of(Context.TimeZone);

    /// <summary>The same between other types.</summary>
    public CastRequest With(DataType from, DataType to) => this with { From = from, To = to };

    /// <summary>A conversion of fixed-width values.</summary>
    public VectorFunction Unary<TFrom, TTo, TOperator>(TOperator op, Func<TFrom, QueryException>? failure = null)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TOperator : struct, IUnaryOperator<TFrom, TTo> =>
        new UnaryFunction<TFrom, TTo, TOperator>(To, op, failure, FailureIsNull && failure is not null);

    /// <summary>A conversion whose failures are overflows of the target; the value as a literal.</summary>
    public VectorFunction Checked<TFrom, TTo, TOperator>(TOperator op, Func<TFrom, string> literal)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TOperator : struct, IUnaryOperator<TFrom, TTo> =>
        Unary<TFrom, TTo, TOperator>(op, value => Failures.CastOverflow(literal(value), From, To, Span));

    /// <summary>A conversion to a decimal, whose failures show the exact value.</summary>
    public VectorFunction ToDecimal<TFrom, TOperator>(TOperator op, Func<TFrom, string> exact)
        where TFrom : unmanaged
        where TOperator : struct, IUnaryOperator<TFrom, Int128> =>
        Unary<TFrom, Int128, TOperator>(op, value => Failures.DecimalOutOfRange(exact(value), To, Span));

    /// <summary>A reading of text.</summary>
    public VectorFunction Parse<T, TOperator>(TOperator op)
        where T : unmanaged
        where TOperator : struct, IParseOperator<T> => new ParseFunction<T, TOperator>(To, op, InvalidInput());

    /// <summary>The error of a text that is none of the target; null where it gives null.</summary>
    public TextFailure? InvalidInput() => FailureIsNull
        ? null
        : text => Failures.CastInvalidInput(SqlText.Quote(text), DataType.String, To, Span);

    /// <summary>A pair of types that nothing converts.</summary>
    public QueryException Unknown() => QueryException.NotYet($"a cast from {From} to {To}", Span);
}
