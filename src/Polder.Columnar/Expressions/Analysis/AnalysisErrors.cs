using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Analysis;

/// <summary>The errors of analysis, with Spark's conditions and parameters.</summary>
internal static class AnalysisErrors
{
    private const string Ansi = "\"spark.sql.ansi.enabled\"";

    /// <summary>A type as error parameters have it: <c>"STRUCT&lt;a: INT NOT NULL&gt;"</c>.</summary>
    public static string Quote(DataType type) => $"\"{SqlText.TypeName(type)}\"";

    /// <summary>An expression as error parameters have it.</summary>
    public static string Quote(Expression expression) => $"\"{ExpressionText.Format(expression)}\"";

    /// <summary>Names in backticks with points between them.</summary>
    public static string Quote(IEnumerable<string> parts) =>
        string.Join('.', parts.Select(part => $"`{part.Replace("`", "``", System.StringComparison.Ordinal)}`"));

    public static QueryException DifferentTypes(string sql, DataType left, DataType right, TextSpan span) => new(
        "DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES",
        "42K09",
        $"the two sides of {sql} have different types: {left} and {right}; cast one of them",
        new Dictionary<string, string>
        {
            ["sqlExpr"] = $"\"{sql}\"", ["left"] = Quote(left), ["right"] = Quote(right),
        },
        span);

    public static QueryException WrongType(string sql, string required, DataType actual, TextSpan span) => new(
        "DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE",
        "42K09",
        $"{sql} takes {required}, not {actual}",
        new Dictionary<string, string>
        {
            ["sqlExpr"] = $"\"{sql}\"", ["inputType"] = required, ["actualDataType"] = Quote(actual),
        },
        span);

    /// <summary>An argument of a type that is not taken.</summary>
    /// <param name="sql">The call.</param>
    /// <param name="ordinal">0-based position of the argument.</param>
    /// <param name="required">The types that are taken, as Spark lists them.</param>
    /// <param name="argument">The argument.</param>
    /// <param name="span">The call in the text.</param>
    public static QueryException UnexpectedInput(
        string sql, int ordinal, string required, Expression argument, TextSpan span)
    {
        string[] ordinals = ["first", "second", "third", "fourth", "fifth"];
        string position = ordinal < ordinals.Length
            ? ordinals[ordinal]
            : (ordinal + 1).ToString(CultureInfo.InvariantCulture) + "th";
        return new QueryException(
            "DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE",
            "42K09",
            $"the {position} argument of {sql} must be {required}, not {argument.Type}",
            new Dictionary<string, string>
            {
                ["sqlExpr"] = $"\"{sql}\"", ["paramIndex"] = position, ["requiredType"] = required,
                ["inputSql"] = Quote(argument), ["inputType"] = Quote(argument.Type),
            },
            span);
    }

    /// <summary>Values that meet in no type.</summary>
    /// <param name="sql">The call.</param>
    /// <param name="functionName">Its name.</param>
    /// <param name="types">Their types.</param>
    /// <param name="listed">Whether Spark writes them as a list, not as alternatives.</param>
    /// <param name="span">The call in the text.</param>
    public static QueryException NoCommonType(
        string sql, string functionName, IEnumerable<DataType> types, bool listed, TextSpan span)
    {
        string all = listed
            ? $"[{string.Join(", ", types.Select(Quote))}]"
            : $"({string.Join(" or ", types.Select(Quote))})";
        return new QueryException(
            "DATATYPE_MISMATCH.DATA_DIFF_TYPES",
            "42K09",
            $"the values of {functionName} have no type in common: {all}",
            new Dictionary<string, string>
            {
                ["sqlExpr"] = $"\"{sql}\"", ["functionName"] = $"`{functionName}`", ["dataType"] = all,
            },
            span);
    }

    public static QueryException NotOrderable(string sql, string functionName, DataType type, TextSpan span) => new(
        "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
        "42K09",
        $"values of type {type} have no order, which {functionName} needs",
        new Dictionary<string, string>
        {
            ["sqlExpr"] = $"\"{sql}\"", ["functionName"] = $"`{functionName}`", ["dataType"] = Quote(type),
        },
        span);

    /// <summary>A cast that does not exist, with what to do instead where Spark knows.</summary>
    public static QueryException NoCast(string sql, DataType from, DataType to, CastMode mode, TextSpan span)
    {
        Dictionary<string, string> parameters = new()
        {
            ["sqlExpr"] = $"\"{sql}\"", ["srcType"] = Quote(from), ["targetType"] = Quote(to),
        };
        string condition = "CAST_WITHOUT_SUGGESTION";
        string advice = "";
        string? function = mode == CastMode.Try ? null
            : from.IsNumeric && to.Kind == TypeKind.Date ? "DATE_FROM_UNIX_DATE"
            : from.Kind == TypeKind.Date && to.IsNumeric ? "UNIX_DATE"
            : null;
        bool legacy = mode == CastMode.Ansi && (from.Kind, to.Kind) is
            (TypeKind.Boolean, TypeKind.Timestamp) or (TypeKind.Timestamp or TypeKind.Date, TypeKind.Boolean) or
            (TypeKind.Byte or TypeKind.Short or TypeKind.Integer or TypeKind.Long, TypeKind.Binary);
        if (function is not null)
        {
            condition = "CAST_WITH_FUNC_SUGGESTION";
            parameters["functionNames"] = $"`{function}`";
            advice = $"; use {function} instead";
        }
        else if (legacy)
        {
            condition = "CAST_WITH_CONF_SUGGESTION";
            parameters["config"] = Ansi;
            parameters["configVal"] = "'false'";
        }

        return new QueryException(
            $"DATATYPE_MISMATCH.{condition}", "42K09", $"{from} cannot be cast to {to}{advice}", parameters, span);
    }

    public static QueryException WrongArgumentCount(string function, string expected, int actual, TextSpan span) => new(
        "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
        "42605",
        string.Create(CultureInfo.InvariantCulture, $"{function} takes {expected} arguments, not {actual}"),
        new Dictionary<string, string>
        {
            ["functionName"] = $"`{function}`", ["expectedNum"] = expected,
            ["actualNum"] = actual.ToString(CultureInfo.InvariantCulture),
            ["docroot"] = "https://spark.apache.org/docs/latest",
        },
        span);

    public static QueryException UnknownFunction(IReadOnlyList<string> name, TextSpan span) => new(
        "UNRESOLVED_ROUTINE",
        "42883",
        $"there is no function {string.Join('.', name)}",
        new Dictionary<string, string>
        {
            ["routineName"] = Quote(name),
            ["searchPath"] = "[`system`.`builtin`, `system`.`session`, `spark_catalog`.`default`]",
        },
        span);

    public static QueryException UnknownField(string field, DataType structType, TextSpan span) => new(
        "FIELD_NOT_FOUND",
        "42704",
        $"there is no field {field} in {structType}",
        new Dictionary<string, string>
        {
            ["fieldName"] = Quote([field]),
            ["fields"] = string.Join(", ", structType.Fields.Select(known => Quote([known.Name]))),
        },
        span);

    public static QueryException AmbiguousField(string field, int count, TextSpan span) => new(
        "AMBIGUOUS_REFERENCE_TO_FIELDS",
        "42000",
        $"{field} names several fields",
        new Dictionary<string, string>
        {
            ["field"] = Quote([field]), ["count"] = count.ToString(CultureInfo.InvariantCulture),
        },
        span);

    public static QueryException NotExtractable(Expression source, TextSpan span) => new(
        "INVALID_EXTRACT_BASE_FIELD_TYPE",
        "42000",
        $"{ExpressionText.Format(source)} has no fields: it is {source.Type}",
        new Dictionary<string, string> { ["base"] = Quote(source), ["other"] = Quote(source.Type) },
        span);

    public static QueryException AmbiguousName(
        IReadOnlyList<string> name, IEnumerable<IReadOnlyList<string>> matches, TextSpan span) => new(
        "AMBIGUOUS_REFERENCE",
        "42704",
        $"{string.Join('.', name)} may be several columns; qualify it",
        new Dictionary<string, string>
        {
            ["name"] = Quote(name), ["referenceNames"] = $"[{string.Join(", ", matches.Select(Quote))}]",
        },
        span);

    /// <summary>A name that stands for nothing, with the nearest names there are.</summary>
    public static QueryException UnknownName(
        IReadOnlyList<string> name, IReadOnlyList<IReadOnlyList<string>> candidates, TextSpan span)
    {
        string text = Quote(name);
        Dictionary<string, string> parameters = new() { ["objectName"] = text };
        IReadOnlyList<string> nearest = NameSuggestions.Order(name, candidates);
        if (nearest.Count == 0)
        {
            return new QueryException(
                "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION", "42703", $"there is no column {text}", parameters, span);
        }

        string proposal = string.Join(", ", nearest.Take(5));
        parameters["proposal"] = proposal;
        return new QueryException(
            "UNRESOLVED_COLUMN.WITH_SUGGESTION",
            "42703",
            $"there is no column {text}; did you mean one of {proposal}?",
            parameters,
            span);
    }
}
