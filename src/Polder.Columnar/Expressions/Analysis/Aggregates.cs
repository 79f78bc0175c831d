using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>The aggregates there are, with their result types.</summary>
internal static class Aggregates
{
    private static readonly Dictionary<string, AggregateFunction> ByName = new()
    {
        ["count"] = AggregateFunction.Count, ["sum"] = AggregateFunction.Sum, ["avg"] = AggregateFunction.Average,
        ["mean"] = AggregateFunction.Average, ["min"] = AggregateFunction.Minimum,
        ["max"] = AggregateFunction.Maximum, ["count_if"] = AggregateFunction.Count,
        ["bool_and"] = AggregateFunction.Minimum, ["every"] = AggregateFunction.Minimum,
        ["bool_or"] = AggregateFunction.Maximum, ["any"] = AggregateFunction.Maximum,
        ["some"] = AggregateFunction.Maximum,
    };

    /// <summary>Those that take conditions: counts of what is true, the least and greatest of truth values.</summary>
    private static readonly HashSet<string> OfConditions =
        ["count_if", "bool_and", "every", "bool_or", "any", "some"];

    /// <summary>Whether this lower-case name is one of them.</summary>
    public static bool IsAggregate(string name) => ByName.ContainsKey(name);

    public static AggregateCall Call(
        string name, IReadOnlyList<Expression> arguments, bool star, bool distinct, Expression? filter, TextSpan span)
    {
        AggregateFunction function = ByName[name];
        if (OfConditions.Contains(name))
        {
            arguments = [AsCondition(name, arguments, span)];
        }

        if (function == AggregateFunction.Count ? arguments.Count == 0 && !star : arguments.Count != 1)
        {
            throw AnalysisErrors.WrongArgumentCount(
                name, function == AggregateFunction.Count ? "> 0" : "1", arguments.Count, span);
        }

        if (filter is not null && filter.Type.Kind != TypeKind.Boolean)
        {
            filter = filter.Type.Kind == TypeKind.Void
                ? Casts.Implicitly(filter, DataType.Boolean)
                : throw AnalysisErrors.UnexpectedInput(name, 1, "\"BOOLEAN\"", filter, span);
        }

        if (function == AggregateFunction.Count)
        {
            return new AggregateCall(function, arguments, distinct, filter, DataType.Long, false, span);
        }

        Expression argument = function is AggregateFunction.Minimum or AggregateFunction.Maximum
            ? Ordered(name, arguments[0], span)
            : Summed(name, arguments[0], span);
        DataType type = ResultType(function, argument.Type);
        return new AggregateCall(function, [argument], distinct, filter, type, true, span);
    }

    private static Expression AsCondition(string name, IReadOnlyList<Expression> arguments, TextSpan span)
    {
        if (arguments.Count != 1)
        {
            throw AnalysisErrors.WrongArgumentCount(name, "1", arguments.Count, span);
        }

        Expression condition = Coercion.Implicit(arguments[0].Type, DataType.Boolean) is { } type
            ? Casts.Implicitly(arguments[0], type)
            : throw AnalysisErrors.UnexpectedInput(
                $"{name}({ExpressionText.Format(arguments[0])})", 0, "\"BOOLEAN\"", arguments[0], span);
        return name == "count_if"
            ? Conditionals.Case([condition, new Literal(true, DataType.Boolean)], span)
            : condition;
    }

    private static Expression Ordered(string name, Expression argument, TextSpan span) =>
        Coercion.IsOrderable(argument.Type)
            ? argument
            : throw AnalysisErrors.NotOrderable(
                $"{name}({ExpressionText.Format(argument)})", name, argument.Type, span);

    private static Expression Summed(string name, Expression argument, TextSpan span)
    {
        if (argument.Type.Kind is TypeKind.String or TypeKind.Void)
        {
            return Casts.Implicitly(argument, DataType.Double);
        }

        return argument.Type.IsNumeric ||
            argument.Type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval
            ? argument
            : throw AnalysisErrors.UnexpectedInput(
                $"{name}({ExpressionText.Format(argument)})", 0, "\"NUMERIC\" or \"ANSI INTERVAL\"", argument, span);
    }

    private static DataType ResultType(AggregateFunction function, DataType type) => function switch
    {
        AggregateFunction.Minimum or AggregateFunction.Maximum => type,
        AggregateFunction.Sum => type.Kind switch
        {
            TypeKind.Decimal => DecimalTypes.Sum(type),
            TypeKind.Float => DataType.Double,
            _ => type.IsIntegral ? DataType.Long : type,
        },
        _ => type.Kind switch
        {
            TypeKind.Decimal => DecimalTypes.Average(type),
            TypeKind.YearMonthInterval => DataType.YearMonthInterval(),
            TypeKind.DayTimeInterval => DataType.DayTimeInterval(),
            _ => DataType.Double,
        },
    };
}
