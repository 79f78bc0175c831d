using System;
using System.Collections.Generic;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Analysis;
using Polder.Sql.Planning;

namespace Polder.Sql;

/// <summary>Values of parameters, from what a person types.</summary>
public static class SqlParameter
{
    /// <summary>The value that a text is when cast to a type, by Spark's rules.</summary>
    /// <param name="text">The text; null = NULL.</param>
    /// <param name="type">A type by Spark's name (INT, DECIMAL(10,2), DATE …); of one value, not nested.</param>
    /// <exception cref="QueryException">There is no such type, or the text is no such value.</exception>
    public static Literal Parse(string? text, string type)
    {
        ArgumentNullException.ThrowIfNull(type);
        DataType parsed = TypeParser.ParseType(type);
        if (parsed.IsNested || parsed.Kind is TypeKind.Variant or TypeKind.Void)
        {
            throw QueryException.NotYet($"a parameter of type {parsed}");
        }

        Literal literal = new(text, DataType.String);
        return parsed.Kind == TypeKind.String
            ? literal
            : new Literal(
                ColumnValues.Get(ValuesBatch.Evaluate(TypeWidening.Convert(literal, parsed)), 0, parsed), parsed);
    }

    /// <summary>
    /// A name and its value as a command line has them: <c>name=text</c>, or <c>name:TYPE=text</c>.
    /// </summary>
    /// <exception cref="QueryException">It is neither, or the text is no value of the type.</exception>
    public static KeyValuePair<string, Literal> ParseAssignment(string assignment)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        int equals = assignment.IndexOf('=', StringComparison.Ordinal);
        string[] declared = equals < 0 ? [] : assignment[..equals].Split(':', 2);
        return declared.Length > 0 && declared[0].Length > 0
            ? new(declared[0], Parse(assignment[(equals + 1)..], declared.Length > 1 ? declared[1] : "STRING"))
            : throw new QueryException(
                "INVALID_PARAMETER_VALUE",
                "22023",
                $"'{assignment}' is no parameter; write name=value, or name:TYPE=value");
    }
}
