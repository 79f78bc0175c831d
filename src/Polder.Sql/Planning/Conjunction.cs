using System.Collections.Generic;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>Predicates as lists of conditions joined by AND, or by OR, in source order.</summary>
internal static class Conjunction
{
    /// <summary>The conditions that AND joins; none for null.</summary>
    public static List<Expression> Split(Expression? predicate) => Collect(predicate, Function.And, []);

    /// <summary>The conditions that OR joins.</summary>
    public static List<Expression> SplitOr(Expression predicate) => Collect(predicate, Function.Or, []);

    /// <summary>The conditions joined by AND; null where there are none.</summary>
    public static Expression? Of(IEnumerable<Expression> conditions) => Join(conditions, Function.And);

    /// <summary>The conditions joined by OR; null where there are none.</summary>
    public static Expression? OrOf(IEnumerable<Expression> conditions) => Join(conditions, Function.Or);

    /// <summary>A filter of the conditions over <paramref name="input"/>, or the input itself.</summary>
    public static LogicalPlan Filter(LogicalPlan input, IEnumerable<Expression> conditions) =>
        Of(conditions) is Expression predicate ? new LogicalFilter(input, predicate) : input;

    private static List<Expression> Collect(Expression? expression, Function function, List<Expression> found)
    {
        if (expression is Call call && call.Function == function)
        {
            Collect(call.Children[0], function, found);
            Collect(call.Children[1], function, found);
        }
        else if (expression is not null)
        {
            found.Add(expression);
        }

        return found;
    }

    private static Expression? Join(IEnumerable<Expression> conditions, Function function)
    {
        Expression? joined = null;
        foreach (Expression condition in conditions)
        {
            joined = joined is null
                ? condition
                : new Call(
                    function,
                    [joined, condition],
                    DataType.Boolean,
                    joined.Nullable || condition.Nullable,
                    joined.Span.Cover(condition.Span));
        }

        return joined;
    }
}
