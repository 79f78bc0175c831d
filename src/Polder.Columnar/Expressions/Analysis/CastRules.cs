using System;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Which casts exist and which may yield null (Spark's Cast.canAnsiCast, forceNullable, canUpCast).</summary>
internal static class CastRules
{
    private static readonly TypeKind[] NumericPrecedence =
        [TypeKind.Byte, TypeKind.Short, TypeKind.Integer, TypeKind.Long, TypeKind.Float, TypeKind.Double];

    /// <summary>Whether a cast from one type to the other exists, in either mode.</summary>
    public static bool CanCast(DataType from, DataType to)
    {
        if (from.Equals(to) || from.Kind == TypeKind.Void || to.Kind == TypeKind.String)
        {
            return true;
        }

        return from.Kind switch
        {
            TypeKind.String => !to.IsNested && to.Kind != TypeKind.Void,
            TypeKind.Boolean => to.IsNumeric || to.Kind == TypeKind.Variant,
            TypeKind.Date or TypeKind.TimestampNtz => IsDatetime(to) || to.Kind == TypeKind.Variant,
            TypeKind.Timestamp => IsDatetime(to) || to.IsNumeric || to.Kind == TypeKind.Variant,
            TypeKind.Time => to.Kind is TypeKind.Time or TypeKind.Decimal || to.IsIntegral,
            TypeKind.YearMonthInterval =>
                to.Kind is TypeKind.YearMonthInterval or TypeKind.Decimal || to.IsIntegral,
            TypeKind.DayTimeInterval => to.Kind is TypeKind.DayTimeInterval or TypeKind.Decimal || to.IsIntegral,
            TypeKind.CalendarInterval or TypeKind.Map or TypeKind.Struct or TypeKind.Array => CanCastNested(from, to),
            TypeKind.Binary => to.Kind == TypeKind.Variant,
            TypeKind.Variant => CanExtract(to),
            _ => CanCastNumber(from, to),
        };
    }

    /// <summary>Whether a cast's result counts as nullable.</summary>
    public static bool IsNullable(DataType from, DataType to, bool nullable, CastMode mode) =>
        mode == CastMode.Ansi
            ? nullable || MayYieldNull(from, to)
            : nullable || (from.Kind == TypeKind.Decimal && to.IsIntegral) ||
                ((from.Kind, to.Kind) != (TypeKind.String, TypeKind.Binary) && !CanUpCast(from, to));

    /// <summary>Whether Spark counts the result as nullable although the cast raises an error instead.</summary>
    public static bool MayYieldNull(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        _ when from.Equals(to) => false,
        (TypeKind.Void, _) => false,
        (TypeKind.String, TypeKind.Binary or TypeKind.String) => false,
        (TypeKind.String, _) => true,
        (TypeKind.Variant, _) => true,
        (_, TypeKind.String) => false,
        (TypeKind.Timestamp, TypeKind.Byte or TypeKind.Short or TypeKind.Integer) => true,
        (TypeKind.Time, TypeKind.Byte or TypeKind.Short) => true,
        (TypeKind.Float or TypeKind.Double, TypeKind.Timestamp) => true,
        (TypeKind.Timestamp, TypeKind.Date) or (TypeKind.Date, TypeKind.Timestamp) => false,
        (TypeKind.Date, _) or (_, TypeKind.Date) => true,
        (_, TypeKind.CalendarInterval) => true,
        (_, TypeKind.Decimal) => !IsSafeAsDecimal(from, to),
        (TypeKind.Float or TypeKind.Double or TypeKind.Decimal, _) => to.IsIntegral,
        _ => false,
    };

    private static bool IsSafeAsDecimal(DataType from, DataType to) =>
        from.Kind == TypeKind.Decimal
            ? DecimalTypes.IsWider(to, from) || to.Precision - to.Scale > from.Precision - from.Scale
            : (from.IsIntegral || from.Kind == TypeKind.Boolean) && DecimalTypes.IsWider(to, from);

    private static bool IsDatetime(DataType type) =>
        type.Kind is TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz;

    private static bool CanCastNumber(DataType from, DataType to) =>
        to.IsNumeric || to.Kind is TypeKind.Boolean or TypeKind.Timestamp or TypeKind.Variant ||
        (to.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval &&
            (from.IsIntegral || from.Kind == TypeKind.Decimal));

    private static bool CanExtract(DataType to) => to.Kind switch
    {
        TypeKind.Array => CanExtract(to.Element!),
        TypeKind.Map => to.Key!.Kind == TypeKind.String && CanExtract(to.Element!),
        TypeKind.Struct => to.Fields.All(field => CanExtract(field.Type)),
        TypeKind.Void or TypeKind.CalendarInterval or TypeKind.YearMonthInterval or TypeKind.DayTimeInterval => false,
        _ => true,
    };

    private static bool CanCastNested(DataType from, DataType to)
    {
        if (from.Kind == TypeKind.Array && to.Kind == TypeKind.Variant)
        {
            return IsVariantElement(from.Element!);
        }

        if (from.Kind != to.Kind)
        {
            return false;
        }

        return from.Kind switch
        {
            TypeKind.Array => CanCastElement(from.Element!, from.ContainsNull, to.Element!, to.ContainsNull),
            TypeKind.Map => CanCastElement(from.Key!, false, to.Key!, false) &&
                CanCastElement(from.Element!, from.ContainsNull, to.Element!, to.ContainsNull),
            TypeKind.Struct => from.Fields.Count == to.Fields.Count && from.Fields.Zip(to.Fields).All(pair =>
                CanCastElement(pair.First.Type, pair.First.Nullable, pair.Second.Type, pair.Second.Nullable)),
            _ => true,
        };
    }

    private static bool IsVariantElement(DataType type) =>
        type.Kind is not (TypeKind.Void or TypeKind.Map or TypeKind.Struct);

    private static bool CanCastElement(DataType from, bool nullable, DataType to, bool toNullable) =>
        CanCast(from, to) && (toNullable || !(nullable || MayYieldNull(from, to)));

    private static bool CanUpCast(DataType from, DataType to)
    {
        if (from.Equals(to) || from.Kind == TypeKind.Void)
        {
            return true;
        }

        if (to.Kind == TypeKind.Decimal)
        {
            return from.IsNumeric && DecimalTypes.IsWider(to, from);
        }

        int fromIndex = Array.IndexOf(NumericPrecedence, from.Kind);
        int toIndex = Array.IndexOf(NumericPrecedence, to.Kind);
        if (fromIndex >= 0 && toIndex >= 0)
        {
            return fromIndex <= toIndex;
        }

        return (from.Kind, to.Kind) switch
        {
            (TypeKind.Variant, _) => false,
            (TypeKind.Decimal, TypeKind.Float or TypeKind.Double) => true,
            (_, TypeKind.String) => !from.IsNested,
            (TypeKind.Date, TypeKind.Timestamp or TypeKind.TimestampNtz) => true,
            (TypeKind.TimestampNtz, TypeKind.Timestamp) or (TypeKind.Timestamp, TypeKind.TimestampNtz) => true,
            (TypeKind.Long or TypeKind.Integer or TypeKind.Short or TypeKind.Byte, TypeKind.Timestamp) => true,
            (TypeKind.YearMonthInterval, TypeKind.YearMonthInterval) => true,
            (TypeKind.DayTimeInterval, TypeKind.DayTimeInterval) => true,
            (TypeKind.Array, TypeKind.Array) => CanUpCast(from.Element!, to.Element!),
            (TypeKind.Map, TypeKind.Map) => CanUpCast(from.Key!, to.Key!) && CanUpCast(from.Element!, to.Element!),
            (TypeKind.Struct, TypeKind.Struct) => from.Fields.Count == to.Fields.Count &&
                from.Fields.Zip(to.Fields).All(pair => CanUpCast(pair.First.Type, pair.Second.Type)),
            _ => false,
        };
    }
}
