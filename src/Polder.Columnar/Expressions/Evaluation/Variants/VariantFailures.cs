using System.Collections.Generic;
using System.Text;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Columns.Variant;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>Spark's errors about variants.</summary>
internal static class VariantFailures
{
    /// <summary>A variant that is none of a type.</summary>
    public static QueryException InvalidCast(VariantValue value, DataType type, Zone zone, TextSpan span)
    {
        TextSink sink = new();
        VariantText.Write(value, zone, sink);
        string text = Encoding.UTF8.GetString(sink.Written);
        return new QueryException(
            "INVALID_VARIANT_CAST",
            "22023",
            $"the variant {text} is no {SqlText.TypeName(type)}; use 'try_variant_get' to get NULL instead",
            new Dictionary<string, string> { ["value"] = text, ["dataType"] = SqlText.QuotedTypeName(type) },
            span);
    }

    /// <summary>A text that is no path.</summary>
    public static QueryException InvalidPath(string path, string function, TextSpan span) => new(
        "INVALID_VARIANT_GET_PATH",
        "22023",
        $"'{path}' is no path of a variant: it begins with $, and .name, ['name'] or [position] follow",
        new Dictionary<string, string> { ["path"] = path, ["functionName"] = $"`{function}`" },
        span);

    /// <summary>A text that is no JSON.</summary>
    public static QueryException MalformedJson(string text, string why, TextSpan span) => new(
        "MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION",
        "22023",
        $"the text is no JSON: {why}; use 'try_parse_json' to get NULL instead",
        new Dictionary<string, string> { ["badRecord"] = text, ["failFastMode"] = "FAILFAST" },
        span);
}
