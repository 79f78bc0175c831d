using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Analysis;

/// <summary>The functions of variants.</summary>
internal static class Variants
{
    /// <summary>parse_json and try_parse_json.</summary>
    public static Expression ParseJson(string name, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        bool isTry = name == "try_parse_json";
        Expression text = Coercion.Implicit(arguments[0].Type, DataType.String) is { } type
            ? Casts.Implicitly(arguments[0], type)
            : throw AnalysisErrors.UnexpectedInput(
                TextOf(name, arguments), 0, "\"STRING\"", arguments[0], span);
        return new Call(
            isTry ? Function.TryParseJson : Function.ParseJson, [text], DataType.Variant, isTry || text.Nullable, span);
    }

    /// <summary>variant_get(value, path[, type]) and try_variant_get.</summary>
    public static Expression Get(string name, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = TextOf(name, [.. arguments.Take(2)]);
        Expression value = AsVariant(arguments[0], sql, span);
        Expression path = Coercion.Implicit(arguments[1].Type, DataType.String) is { } text
            ? Casts.Implicitly(arguments[1], text)
            : throw AnalysisErrors.UnexpectedInput(sql, 1, "\"STRING\"", arguments[1], span);
        DataType type = arguments.Count < 3 ? DataType.Variant : TypeOf(arguments[2], sql, span);
        if (!CastRules.CanCast(DataType.Variant, type))
        {
            throw AnalysisErrors.NoCast(sql, DataType.Variant, type, CastMode.Ansi, span);
        }

        Function function = name == "variant_get" ? Function.VariantGet : Function.TryVariantGet;
        return new Call(function, [value, path], type, nullable: true, span);
    }

    /// <summary>value:path, a variant.</summary>
    public static Expression Get(Expression value, PathSyntax path) => Get(
        "variant_get", [value, new Literal(path.Path, DataType.String, path.Span)], path.Span);

    /// <summary>to_json of a variant.</summary>
    public static Expression ToJson(IReadOnlyList<Expression> arguments, TextSpan span) =>
        arguments is [{ Type.Kind: TypeKind.Variant } value]
            ? new Call(Function.ToJson, [value], DataType.String, nullable: true, span)
            : throw QueryException.NotYet("to_json of what is no variant", span);

    /// <summary>is_variant_null and schema_of_variant.</summary>
    public static Expression Describe(
        string name, Function function, DataType type, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        Expression value = AsVariant(arguments[0], TextOf(name, arguments), span);
        return new Call(function, [value], type, function == Function.SchemaOfVariant && value.Nullable, span);
    }

    /// <summary>to_variant_object of an array, map or struct.</summary>
    public static Expression ToObject(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        Expression value = arguments[0];
        return value.Type.IsNested && IsObject(value.Type)
            ? new Call(Function.ToVariantObject, [value], DataType.Variant, value.Nullable, span)
            : throw AnalysisErrors.NoCast(
                TextOf("to_variant_object", arguments), value.Type, DataType.Variant, CastMode.Ansi, span);
    }

    private static bool IsObject(DataType type) => type.Kind switch
    {
        TypeKind.Array => IsObject(type.Element!),
        TypeKind.Map => type.Key!.IsText && IsObject(type.Element!),
        TypeKind.Struct => type.Fields.All(field => IsObject(field.Type)),
        TypeKind.Variant => true,
        _ => type.Kind != TypeKind.Void && CastRules.CanCast(type, DataType.Variant),
    };

    private static Expression AsVariant(Expression argument, string sql, TextSpan span) =>
        argument.Type.Kind is TypeKind.Variant or TypeKind.Void
            ? Casts.Implicitly(argument, DataType.Variant)
            : throw AnalysisErrors.UnexpectedInput(sql, 0, "\"VARIANT\"", argument, span);

    private static DataType TypeOf(Expression argument, string sql, TextSpan span)
    {
        if (argument is not Literal { Value: string text })
        {
            throw new QueryException(
                "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                "42K09",
                "the type of variant_get must be a constant",
                new Dictionary<string, string>
                {
                    ["inputName"] = "`type`", ["inputType"] = "\"STRING\"",
                    ["inputExpr"] = AnalysisErrors.Quote(argument), ["sqlExpr"] = $"\"{sql}\"",
                },
                span);
        }

        return Casts.WithoutLengths(TypeParser.ParseType(text));
    }

    private static string TextOf(string name, IReadOnlyList<Expression> arguments) =>
        $"{name}({string.Join(", ", arguments.Select(ExpressionText.Format))})";
}
