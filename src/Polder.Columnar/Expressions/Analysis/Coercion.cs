using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Which type two types meet in (Spark's AnsiTypeCoercion).</summary>
internal static class Coercion
{
    private static readonly TypeKind[] NumericPrecedence =
        [TypeKind.Byte, TypeKind.Short, TypeKind.Integer, TypeKind.Long, TypeKind.Float, TypeKind.Double];

    /// <summary>Whether two types are one but for what of them may be null, and the case of field names.</summary>
    public static bool IsSame(DataType left, DataType right) =>
        left.Equals(right) ||
        (left.Kind == right.Kind && left.IsNested && left.Fields.Count == right.Fields.Count &&
            (left.Key is null || IsSame(left.Key, right.Key!)) &&
            (left.Element is null || IsSame(left.Element, right.Element!)) &&
            left.Fields.Zip(right.Fields).All(pair =>
                string.Equals(pair.First.Name, pair.Second.Name, StringComparison.OrdinalIgnoreCase) &&
                IsSame(pair.First.Type, pair.Second.Type)));

    /// <summary>The tightest type that holds the values of both without loss, or null.</summary>
    public static DataType? Tightest(DataType left, DataType right)
    {
        if (left.Equals(right) || right.Kind == TypeKind.Void)
        {
            return left;
        }

        if (left.Kind == TypeKind.Void)
        {
            return right;
        }

        if (left.IsIntegral && right.Kind == TypeKind.Decimal)
        {
            return DecimalTypes.IsWider(right, left) ? right : null;
        }

        if (right.IsIntegral && left.Kind == TypeKind.Decimal)
        {
            return DecimalTypes.IsWider(left, right) ? left : null;
        }

        if (IsPlainNumber(left) && IsPlainNumber(right))
        {
            int wider = int.Max(
                Array.IndexOf(NumericPrecedence, left.Kind), Array.IndexOf(NumericPrecedence, right.Kind));
            return NumericPrecedence[wider] is TypeKind.Float or TypeKind.Double ? DataType.Double
                : (Array.IndexOf(NumericPrecedence, left.Kind) == wider ? left : right);
        }

        return TightestDatetime(left, right) ?? TightestInterval(left, right) ?? Nested(left, right, Tightest);
    }

    /// <summary>The type that both are cast to in CASE, COALESCE, IN and comparisons, or null.</summary>
    public static DataType? Wider(DataType left, DataType right) =>
        Tightest(left, right) ?? WiderDecimal(left, right) ?? Promoted(left, right) ?? Nested(left, right, Wider);

    /// <summary>The wider type of all, folded from the left, or null.</summary>
    public static DataType? WiderOfAll(IEnumerable<DataType> types) =>
        types.Aggregate((DataType?)DataType.Void, (wider, type) => wider is null ? null : Wider(wider, type));

    /// <summary>What a string and another type meet in: the other's type, numbers widened; or null.</summary>
    public static DataType? Promoted(DataType left, DataType right)
    {
        if (left.Kind == TypeKind.String == (right.Kind == TypeKind.String))
        {
            return null;
        }

        DataType other = left.Kind == TypeKind.String ? right : left;
        return other.Kind switch
        {
            TypeKind.Void => DataType.String,
            TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long => DataType.Long,
            TypeKind.Float or TypeKind.Double or TypeKind.Decimal => DataType.Double,
            TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval => null,
            _ => other.IsNested ? null : other,
        };
    }

    /// <summary>The type that a function's argument is cast to so that it fits, or null where it does not.</summary>
    /// <param name="type">The argument's type.</param>
    /// <param name="expected">The parameter's type; a decimal of any size is asked for as decimal(38,18).</param>
    public static DataType? Implicit(DataType type, DataType expected) =>
        type.Equals(expected) ? type
            : type.Kind == TypeKind.Decimal && expected.Kind == TypeKind.Decimal ? type
            : type.Kind == TypeKind.Void ? expected
            : type.IsNumeric && expected.Kind == TypeKind.Decimal && DecimalTypes.Holding(type) is { } held ? held
            : CanAssign(type, expected) || (type.Kind == TypeKind.String && !expected.IsNested) ? expected
            : null;

    /// <summary>Whether a value of one type may be stored as the other (Cast.canANSIStoreAssign).</summary>
    public static bool CanAssign(DataType from, DataType to) => (from.Kind, to.Kind) switch
    {
        (TypeKind.Void, _) => true,
        _ when from.Equals(to) => true,
        _ when from.IsNumeric && to.IsNumeric => true,
        (_, TypeKind.String) => !from.IsNested && from.Kind is not (TypeKind.Variant or TypeKind.CalendarInterval),
        (TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz,
            TypeKind.Date or TypeKind.Timestamp or TypeKind.TimestampNtz) => true,
        (TypeKind.YearMonthInterval, TypeKind.YearMonthInterval) => true,
        (TypeKind.DayTimeInterval, TypeKind.DayTimeInterval) => true,
        (TypeKind.Time, TypeKind.Time) => true,
        (TypeKind.Array, TypeKind.Array) =>
            CanAssign(from.Element!, to.Element!) && (to.ContainsNull || !from.ContainsNull),
        (TypeKind.Map, TypeKind.Map) => CanAssign(from.Key!, to.Key!) && CanAssign(from.Element!, to.Element!) &&
            (to.ContainsNull || !from.ContainsNull),
        (TypeKind.Struct, TypeKind.Struct) => from.Fields.Count == to.Fields.Count &&
            from.Fields.Zip(to.Fields).All(pair =>
                CanAssign(pair.First.Type, pair.Second.Type) && (pair.Second.Nullable || !pair.First.Nullable)),
        _ => false,
    };

    /// <summary>Whether values of the type have an order: what comparisons, min and max need.</summary>
    public static bool IsOrderable(DataType type) => type.Kind switch
    {
        TypeKind.Map or TypeKind.Variant or TypeKind.CalendarInterval => false,
        TypeKind.Array => IsOrderable(type.Element!),
        TypeKind.Struct => type.Fields.All(field => IsOrderable(field.Type)),
        _ => true,
    };

    private static bool IsPlainNumber(DataType type) => type.IsNumeric && type.Kind != TypeKind.Decimal;

    private static DataType? WiderDecimal(DataType left, DataType right)
    {
        if (left.Kind != TypeKind.Decimal && right.Kind != TypeKind.Decimal)
        {
            return null;
        }

        if (left.Kind is TypeKind.Float or TypeKind.Double || right.Kind is TypeKind.Float or TypeKind.Double)
        {
            return DataType.Double;
        }

        return left.IsNumeric && right.IsNumeric
            ? DecimalTypes.Wider(DecimalTypes.Holding(left)!, DecimalTypes.Holding(right)!)
            : null;
    }

    private static DataType? TightestDatetime(DataType left, DataType right) => (left.Kind, right.Kind) switch
    {
        (TypeKind.Timestamp, TypeKind.Date or TypeKind.TimestampNtz) => left,
        (TypeKind.Date or TypeKind.TimestampNtz, TypeKind.Timestamp) => right,
        (TypeKind.TimestampNtz, TypeKind.Date) => left,
        (TypeKind.Date, TypeKind.TimestampNtz) => right,
        (TypeKind.Time, TypeKind.Time) => DataType.Time(int.Max(left.Precision, right.Precision)),
        _ => null,
    };

    private static DataType? TightestInterval(DataType left, DataType right)
    {
        if (left.Kind != right.Kind)
        {
            return null;
        }

        IntervalField start = left.StartField < right.StartField ? left.StartField : right.StartField;
        IntervalField end = left.EndField > right.EndField ? left.EndField : right.EndField;
        return left.Kind switch
        {
            TypeKind.YearMonthInterval => DataType.YearMonthInterval(start, end),
            TypeKind.DayTimeInterval => DataType.DayTimeInterval(start, end),
            _ => null,
        };
    }

    /// <summary>Arrays, maps and structs meet element by element; structs need equal names.</summary>
    private static DataType? Nested(DataType left, DataType right, Func<DataType, DataType, DataType?> meet)
    {
        if (left.Kind != right.Kind)
        {
            return null;
        }

        switch (left.Kind)
        {
            case TypeKind.Array:
                return meet(left.Element!, right.Element!) is { } element
                    ? DataType.Array(element, left.ContainsNull || right.ContainsNull ||
                        CastRules.MayYieldNull(left.Element!, element) ||
                        CastRules.MayYieldNull(right.Element!, element))
                    : null;
            case TypeKind.Map:
                return meet(left.Key!, right.Key!) is { } key && meet(left.Element!, right.Element!) is { } value
                    ? DataType.Map(key, value, left.ContainsNull || right.ContainsNull)
                    : null;
            case TypeKind.Struct when left.Fields.Count == right.Fields.Count:
                return NestedStruct(left, right, meet);
            default:
                return null;
        }
    }

    private static DataType? NestedStruct(DataType left, DataType right, Func<DataType, DataType, DataType?> meet)
    {
        List<StructField> fields = [];
        foreach ((StructField first, StructField second) in left.Fields.Zip(right.Fields))
        {
            if (!string.Equals(first.Name, second.Name, StringComparison.OrdinalIgnoreCase) ||
                meet(first.Type, second.Type) is not { } type)
            {
                return null;
            }

            bool nullable = first.Nullable || second.Nullable ||
                CastRules.MayYieldNull(first.Type, type) || CastRules.MayYieldNull(second.Type, type);
            fields.Add(new StructField(first.Name, type, nullable));
        }

        return DataType.Struct(fields);
    }
}
