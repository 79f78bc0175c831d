using System.Collections.Generic;
using System.Globalization;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>LIMIT and OFFSET: constant, whole, not negative.</summary>
internal static class LimitAnalyzer
{
    private const string Condition = "INVALID_LIMIT_LIKE_EXPRESSION";

    /// <summary>The plan cut as the query says.</summary>
    public static LogicalPlan Apply(LogicalPlan plan, QuerySyntax query)
    {
        long? offset = Evaluate(query.Offset, "offset");
        long? limit = Evaluate(query.Limit, "limit");
        return limit is null && offset is null or 0 ? plan : new LogicalLimit(plan, limit, offset ?? 0);
    }

    private static long? Evaluate(SyntaxNode? node, string name)
    {
        if (node is null)
        {
            return null;
        }

        if (node is ScalarSubquerySyntax)
        {
            throw Error("IS_UNFOLDABLE", node, name, "must be constant, not a subquery");
        }

        Scope nothing = new(new LogicalValues([], [[]]), []);
        Expression value = new ExpressionScope(nothing).Analyze(node);
        if (value.Type.Kind != TypeKind.Integer)
        {
            throw Error("DATA_TYPE", node, name, $"must be of type int, not {value.Type}");
        }

        IArrowArray array = ValuesBatch.Evaluate(value);
        return ColumnValues.Get(array, 0, value.Type) switch
        {
            null => throw Error("IS_NULL", node, name, "must not be NULL"),
            int number and < 0 => throw Error(
                "IS_NEGATIVE",
                node,
                name,
                string.Create(CultureInfo.InvariantCulture, $"must not be negative, and {number} is")),
            object number => (int)number,
        };
    }

    private static QueryException Error(string subCondition, SyntaxNode node, string name, string must) => new(
        $"{Condition}.{subCondition}",
        "42K0E",
        $"{name} {must}",
        new Dictionary<string, string> { ["name"] = name },
        node.Span);
}
