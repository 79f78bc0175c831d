using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Analysis;

/// <summary>Aggregate calls inside expressions.</summary>
internal static class Aggregates
{
    /// <summary>The first aggregate call in an expression; null where there is none.</summary>
    public static AggregateCall? FirstIn(Expression expression) => AllIn(expression).FirstOrDefault();

    /// <summary>Every aggregate call in an expression, outermost only.</summary>
    public static IEnumerable<AggregateCall> AllIn(Expression expression) =>
        expression is AggregateCall call ? [call] : expression.Children.SelectMany(AllIn);

    /// <summary>Fails where an aggregate is inside another.</summary>
    public static void RequireNotNested(Expression expression)
    {
        AggregateCall? nested = AllIn(expression).SelectMany(call => call.Children.SelectMany(AllIn)).FirstOrDefault();
        if (nested is not null)
        {
            throw new QueryException(
                "NESTED_AGGREGATE_FUNCTION",
                "42607",
                "an aggregate cannot be inside another; compute the inner one in a subquery",
                span: nested.Span);
        }
    }
}
