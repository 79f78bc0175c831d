using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;

namespace Polder.Sql.Analysis;

/// <summary>The types in which columns of several sources meet.</summary>
internal static class TypeWidening
{
    /// <summary>The type of two columns under a set operation; null where there is none.</summary>
    public static DataType? OfPair(DataType left, DataType right) => Coercion.Wider(left, right);

    /// <summary>The type of a column of VALUES.</summary>
    public static DataType OfValues(IReadOnlyList<DataType> types, TextSpan span)
    {
        bool mixed = types.Any(type => type.IsText) &&
            types.Any(type => !type.IsText && type.Kind != TypeKind.Void);
        DataType? wider = mixed ? null : Coercion.WiderOfAll(types);
        return wider ?? throw new QueryException(
            "INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE",
            "42000",
            $"the rows of VALUES have no common type: {string.Join(", ", types.Distinct())}",
            span: span);
    }

    /// <summary>The expression as a value of a type it can be widened to.</summary>
    public static Expression Convert(Expression value, DataType type) => value.Type.Equals(type)
        ? value
        : new Cast(
            value, type, CastRules.IsNullable(value.Type, type, value.Nullable, CastMode.Ansi), span: value.Span);
}
