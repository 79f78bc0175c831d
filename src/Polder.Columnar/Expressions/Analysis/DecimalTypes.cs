using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Precisions and scales of decimal results (Spark's arithmetic.scala, DecimalType.scala).</summary>
internal static class DecimalTypes
{
    private const int MaximumPrecision = 38;
    private const int MinimumAdjustedScale = 6;

    /// <summary>The decimal that holds every value of an integral, boolean or decimal type; or null.</summary>
    public static DataType? Holding(DataType type) => type.Kind switch
    {
        TypeKind.Boolean => DataType.Decimal(1, 0),
        TypeKind.Byte => DataType.Decimal(3, 0),
        TypeKind.Short => DataType.Decimal(5, 0),
        TypeKind.Integer => DataType.Decimal(10, 0),
        TypeKind.Long => DataType.Decimal(20, 0),
        TypeKind.Decimal => type,
        _ => null,
    };

    /// <summary>Whether every value of <paramref name="other"/> is a value of <paramref name="type"/>.</summary>
    public static bool IsWider(DataType type, DataType other) =>
        Holding(other) is { } held && type.Precision - type.Scale >= held.Precision - held.Scale &&
        type.Scale >= held.Scale;

    /// <summary>What both decimals compare as: integral digits are kept before fractional ones.</summary>
    public static DataType Wider(DataType left, DataType right)
    {
        int scale = int.Max(left.Scale, right.Scale);
        int integralDigits = int.Max(left.Precision - left.Scale, right.Precision - right.Scale);
        int precision = integralDigits + scale;
        return precision <= MaximumPrecision
            ? DataType.Decimal(int.Max(1, precision), scale)
            : DataType.Decimal(MaximumPrecision, int.Max(0, scale - (precision - MaximumPrecision)));
    }

    /// <summary>The result of + and -.</summary>
    public static DataType Add(DataType left, DataType right)
    {
        int scale = int.Max(left.Scale, right.Scale);
        return Adjust(int.Max(left.Precision - left.Scale, right.Precision - right.Scale) + scale + 1, scale);
    }

    /// <summary>The result of *.</summary>
    public static DataType Multiply(DataType left, DataType right) =>
        Adjust(left.Precision + right.Precision + 1, left.Scale + right.Scale);

    /// <summary>The result of /.</summary>
    public static DataType Divide(DataType left, DataType right)
    {
        int scale = int.Max(MinimumAdjustedScale, left.Scale + right.Precision + 1);
        return Adjust(left.Precision - left.Scale + right.Scale + scale, scale);
    }

    /// <summary>The result of %.</summary>
    public static DataType Remainder(DataType left, DataType right)
    {
        int scale = int.Max(left.Scale, right.Scale);
        return Adjust(int.Min(left.Precision - left.Scale, right.Precision - right.Scale) + scale, scale);
    }

    /// <summary>The result of sum.</summary>
    public static DataType Sum(DataType type) =>
        DataType.Decimal(int.Min(MaximumPrecision, type.Precision + 10), type.Scale);

    /// <summary>The result of avg.</summary>
    public static DataType Average(DataType type) => DataType.Decimal(
        int.Min(MaximumPrecision, type.Precision + 4), int.Min(MaximumPrecision, type.Scale + 4));

    /// <summary>Above 38 digits the scale gives way, but for six digits (adjustPrecisionScale).</summary>
    private static DataType Adjust(int precision, int scale)
    {
        if (precision <= MaximumPrecision)
        {
            return DataType.Decimal(int.Max(1, precision), scale);
        }

        int integralDigits = precision - scale;
        int adjusted = int.Max(MaximumPrecision - integralDigits, int.Min(scale, MinimumAdjustedScale));
        return DataType.Decimal(MaximumPrecision, adjusted);
    }
}
