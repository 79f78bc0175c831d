using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;

namespace Polder.Sql.Analysis;

/// <summary>Spark's errors of names, grouping and set operations.</summary>
internal static class QueryErrors
{
    /// <summary>A name in backticks, part by part.</summary>
    public static string Quote(IEnumerable<string> parts) => string.Join(
        '.', parts.Select(part => $"`{part.Replace("`", "``", StringComparison.Ordinal)}`"));

    /// <summary>UNRESOLVED_COLUMN, with the names most like it.</summary>
    public static QueryException UnresolvedColumn(
        IReadOnlyList<string> parts, IEnumerable<ScopeColumn> columns, TextSpan span)
    {
        string name = Quote(parts);
        IReadOnlyList<string> candidates = NameSuggestions.Order(
            parts, [.. columns.Select(column => (string[])[.. column.Qualifier, column.Column.Name])]);
        string proposal = string.Join(", ", candidates.Take(5));
        return candidates.Count == 0
            ? new QueryException(
                "UNRESOLVED_COLUMN.WITHOUT_SUGGESTION",
                "42703",
                $"there is no column {name}: nothing here has columns",
                new Dictionary<string, string> { ["objectName"] = name },
                span)
            : new QueryException(
                "UNRESOLVED_COLUMN.WITH_SUGGESTION",
                "42703",
                $"there is no column {name}; did you mean one of {proposal}?",
                new Dictionary<string, string> { ["objectName"] = name, ["proposal"] = proposal },
                span);
    }

    /// <summary>AMBIGUOUS_REFERENCE.</summary>
    public static QueryException AmbiguousColumn(
        IReadOnlyList<string> parts, IEnumerable<ScopeColumn> found, TextSpan span)
    {
        string candidates = string.Join(", ", found.Select(
            column => Quote([.. column.Qualifier, column.Column.Name])));
        return new QueryException(
            "AMBIGUOUS_REFERENCE",
            "42704",
            $"{Quote(parts)} may be any of {candidates}; name the relation before it",
            new Dictionary<string, string> { ["name"] = Quote(parts), ["referenceNames"] = $"[{candidates}]" },
            span);
    }

    /// <summary>TABLE_OR_VIEW_NOT_FOUND.</summary>
    public static QueryException TableNotFound(IReadOnlyList<string> parts, TextSpan span) => new(
        "TABLE_OR_VIEW_NOT_FOUND",
        "42P01",
        $"there is no table {Quote(parts)}; a table is a name in the warehouse folder, or delta.`path`",
        new Dictionary<string, string> { ["relationName"] = Quote(parts) },
        span);

    /// <summary>MISSING_AGGREGATION: neither grouped by nor aggregated.</summary>
    public static QueryException MissingAggregation(string name, TextSpan span) => new(
        "MISSING_AGGREGATION",
        "42803",
        $"{name} is neither in GROUP BY nor in an aggregate; group by it, or take any_value({name})",
        new Dictionary<string, string>
        {
            ["expression"] = $"\"{name}\"",
            ["expressionAnyValue"] = $"\"any_value({name})\"",
        },
        span);

    /// <summary>MISSING_GROUP_BY: aggregates beside plain columns, without GROUP BY.</summary>
    public static QueryException MissingGroupBy(TextSpan span) => new(
        "MISSING_GROUP_BY", "42803", "the query has aggregates and other columns, but no GROUP BY", span: span);

    /// <summary>UNSUPPORTED_GROUPING_EXPRESSION: grouping() where there are no grouping sets.</summary>
    public static QueryException UnsupportedGrouping(TextSpan span) => new(
        "UNSUPPORTED_GROUPING_EXPRESSION",
        "42K0E",
        "grouping() and grouping_id() need GROUP BY with ROLLUP, CUBE or GROUPING SETS",
        span: span);

    /// <summary>An error with one position and a size.</summary>
    public static QueryException OutOfRange(string condition, long index, int size, TextSpan span) => new(
        condition,
        "42805",
        string.Create(
            CultureInfo.InvariantCulture, $"position {index} is not in the select list, which has {size} items"),
        new Dictionary<string, string>
        {
            ["index"] = index.ToString(CultureInfo.InvariantCulture),
            ["size"] = size.ToString(CultureInfo.InvariantCulture),
        },
        span);

    /// <summary>NUM_COLUMNS_MISMATCH of a set operation.</summary>
    public static QueryException ColumnCountMismatch(string operation, int first, int other, TextSpan span) => new(
        "NUM_COLUMNS_MISMATCH",
        "42826",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{operation} needs as many columns on both sides, not {first} and {other}"),
        new Dictionary<string, string>
        {
            ["firstNumColumns"] = first.ToString(CultureInfo.InvariantCulture),
            ["invalidNumColumns"] = other.ToString(CultureInfo.InvariantCulture),
            ["invalidOrdinalNum"] = "second",
            ["operator"] = operation,
        },
        span);

    /// <summary>INCOMPATIBLE_COLUMN_TYPE of a set operation.</summary>
    public static QueryException ColumnTypeMismatch(
        string operation, int columnIndex, DataType first, DataType other, TextSpan span) => new(
        "INCOMPATIBLE_COLUMN_TYPE",
        "42825",
        string.Create(
            CultureInfo.InvariantCulture,
            $"{operation}: column {columnIndex + 1} is {other} on the right, which does not go with {first}"),
        new Dictionary<string, string>
        {
            ["columnOrdinalNumber"] = Ordinal(columnIndex),
            ["dataType1"] = $"\"{other.ToString().ToUpperInvariant()}\"",
            ["dataType2"] = $"\"{first.ToString().ToUpperInvariant()}\"",
            ["hint"] = "",
            ["operator"] = operation,
            ["tableOrdinalNumber"] = "second",
        },
        span);

    private static string Ordinal(int index)
    {
        string[] words = ["first", "second", "third", "fourth", "fifth"];
        return index < words.Length
            ? words[index]
            : string.Create(CultureInfo.InvariantCulture, $"{index + 1}th");
    }
}
