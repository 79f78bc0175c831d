using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Follows field names into structs.</summary>
internal static class FieldResolver
{
    /// <summary>The field of a field … of an expression.</summary>
    public static Expression Resolve(Expression source, IEnumerable<string> fields, TextSpan span) =>
        fields.Aggregate(source, (inner, field) => Resolve(inner, field, span));

    private static FieldAccess Resolve(Expression source, string field, TextSpan span)
    {
        DataType type = source.Type;
        if (type.Kind is TypeKind.Map or TypeKind.Array)
        {
            throw QueryException.NotYet($"a field of {(type.Kind == TypeKind.Map ? "a map" : "an array")}", span);
        }

        if (type.Kind != TypeKind.Struct)
        {
            throw AnalysisErrors.NotExtractable(source, span);
        }

        int[] matches =
        [
            .. Enumerable.Range(0, type.Fields.Count).Where(index =>
                string.Equals(type.Fields[index].Name, field, StringComparison.OrdinalIgnoreCase)),
        ];
        return matches.Length switch
        {
            0 => throw AnalysisErrors.UnknownField(field, type, span),
            1 => new FieldAccess(source, matches[0], span),
            _ => throw AnalysisErrors.AmbiguousField(field, matches.Length, span),
        };
    }
}
