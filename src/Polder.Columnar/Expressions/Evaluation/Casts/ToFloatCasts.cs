using System;
using System.Numerics;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts to floating point: rounded to nearest, beyond the range infinite; only text can fail.</summary>
internal static class ToFloatCasts
{
    /// <summary>The conversion from a type.</summary>
    public static VectorFunction Create<T>(CastRequest request)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => request.From.Kind switch
        {
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => typeof(T) == typeof(float)
                ? request.Parse<float, ParseFloat>(default)
                : request.Parse<double, ParseDouble>(default),
            TypeKind.Boolean => new BooleanToFixedFunction<T>(request.To, T.One),
            TypeKind.Byte => request.Unary<sbyte, T, NumberToFloat<sbyte, T>>(default),
            TypeKind.Short => request.Unary<short, T, NumberToFloat<short, T>>(default),
            TypeKind.Integer => request.Unary<int, T, NumberToFloat<int, T>>(default),
            TypeKind.Long => request.Unary<long, T, NumberToFloat<long, T>>(default),
            TypeKind.Float => request.Unary<float, T, NumberToFloat<float, T>>(default),
            TypeKind.Double => request.Unary<double, T, NumberToFloat<double, T>>(default),
            TypeKind.Decimal => typeof(T) == typeof(float)
                ? request.Unary<Int128, float, DecimalToFloat>(new DecimalToFloat(request.From.Scale))
                : request.Unary<Int128, double, DecimalToDouble>(new DecimalToDouble(request.From.Scale)),
            TypeKind.Timestamp => request.Unary<long, T, MicrosToFloat<T>>(default),
            _ => throw request.Unknown(),
        };
}
