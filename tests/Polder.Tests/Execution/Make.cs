using System.Collections.Generic;
using Polder.Columns;
using Polder.Expressions;

namespace Polder.Tests.Execution;

/// <summary>Short names for typed expressions.</summary>
internal static class Make
{
    public static Call Call(Function function, DataType type, params IReadOnlyList<Expression> arguments) =>
        new(function, arguments, type, true);

    public static Call Equal(Expression left, Expression right) =>
        Call(Function.Equal, DataType.Boolean, left, right);

    public static Call Less(Expression left, Expression right) =>
        Call(Function.LessThan, DataType.Boolean, left, right);

    public static Literal Int(int value) => new(value, DataType.Integer);

    public static Literal Long(long value) => new(value, DataType.Long);

    public static AggregateCall Aggregate(
        AggregateFunction function,
        DataType type,
        Expression? argument = null,
        bool distinct = false,
        Expression? filter = null) =>
        new(function, argument is null ? [] : [argument], distinct, filter, type, true);

    public static AggregateCall CountAll(Expression? filter = null) =>
        Aggregate(AggregateFunction.Count, DataType.Long, null, false, filter);

    public static AggregateCall Count(Expression argument, bool distinct = false, Expression? filter = null) =>
        Aggregate(AggregateFunction.Count, DataType.Long, argument, distinct, filter);

    public static AggregateCall Sum(Expression argument, DataType type, bool distinct = false) =>
        Aggregate(AggregateFunction.Sum, type, argument, distinct);

    public static AggregateCall Average(Expression argument, DataType type, bool distinct = false) =>
        Aggregate(AggregateFunction.Average, type, argument, distinct);

    public static AggregateCall Minimum(Expression argument) =>
        Aggregate(AggregateFunction.Minimum, argument.Type, argument);

    public static AggregateCall Maximum(Expression argument) =>
        Aggregate(AggregateFunction.Maximum, argument.Type, argument);
}
