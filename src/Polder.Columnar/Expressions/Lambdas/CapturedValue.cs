using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Linq = System.Linq.Expressions;

namespace Polder.Expressions.Lambdas;

/// <summary>
/// What stands in a lambda and names no row: variables around it, constants, calls on them. Read by reflection, never
/// compiled, so that it works ahead-of-time compiled.
/// </summary>
internal sealed class CapturedValue : ExpressionVisitor
{
    private bool _namesRow;

    /// <summary>Whether an expression names a parameter of the lambda.</summary>
    public static bool NamesRow(Linq.Expression expression)
    {
        CapturedValue search = new();
        search.Visit(expression);
        return search._namesRow;
    }

    /// <summary>The value of an expression; false where it is of a kind that is not evaluated here.</summary>
    public static bool TryEvaluate(Linq.Expression expression, out object? value)
    {
        value = null;
        switch (expression)
        {
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case MemberExpression member:
                return TryEvaluateAll([member.Expression], out object?[] target) &&
                    TryRead(member, target[0], out value);
            case MethodCallExpression { Type.IsByRefLike: true, Arguments: [{ } source] }:
                return TryEvaluate(source, out value);
            case MethodCallExpression { Method.ReturnType.IsByRefLike: false } call:
                return TryEvaluateAll([call.Object, .. call.Arguments], out object?[] operands) &&
                    TryInvoke(() => call.Method.Invoke(operands[0], operands[1..]), out value);
            case NewExpression { Constructor: { } constructor } make:
                return TryEvaluateAll(make.Arguments, out object?[] arguments) &&
                    TryInvoke(() => constructor.Invoke(arguments), out value);
            case NewArrayExpression { NodeType: ExpressionType.NewArrayInit } array:
                bool isKnown = TryEvaluateAll(array.Expressions, out object?[] items);
                value = items;
                return isKnown;
            case NewArrayExpression { Expressions: [ConstantExpression { Value: 0 }] }:
                value = System.Array.Empty<object?>();
                return true;
            case UnaryExpression { Method: { } method } unary:
                return TryEvaluateAll([unary.Operand], out object?[] one) &&
                    TryInvoke(() => method.Invoke(null, one), out value);
            case BinaryExpression { Method: { } method } binary:
                return TryEvaluateAll([binary.Left, binary.Right], out object?[] both) &&
                    TryInvoke(() => method.Invoke(null, both), out value);
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } element:
                return TryEvaluateAll([element.Left, element.Right], out object?[] parts) &&
                    TryInvoke(() => ((Array)parts[0]!).GetValue(Convert.ToInt64(parts[1], null)), out value);
            case UnaryExpression { NodeType: ExpressionType.Convert } convert:
                return TryEvaluate(convert.Operand, out value) && TryConvert(convert, ref value);
            default:
                return false;
        }
    }

    /// <inheritdoc />
    protected override Linq.Expression VisitParameter(ParameterExpression node)
    {
        _namesRow = true;
        return node;
    }

    private static bool TryEvaluateAll(IEnumerable<Linq.Expression?> expressions, out object?[] values)
    {
        List<object?> found = [];
        bool areKnown = expressions.All(expression =>
        {
            object? value = null;
            bool isKnown = expression is null || TryEvaluate(expression, out value);
            found.Add(value);
            return isKnown;
        });
        values = [.. found];
        return areKnown;
    }

    private static bool TryRead(MemberExpression member, object? target, out object? value) => TryInvoke(
        () => (member.Member, target) switch
        {
            // A Nullable is boxed as its value, or as null.
            ({ Name: "HasValue" }, _) when IsNullable(member.Expression?.Type) => target is not null,
            ({ Name: "Value" }, not null) when IsNullable(member.Expression?.Type) => target,
            (FieldInfo field, _) => field.GetValue(target),
            _ => ((PropertyInfo)member.Member).GetValue(target),
        },
        out value);

    private static bool IsNullable(Type? type) => type is not null && Nullable.GetUnderlyingType(type) is not null;

    private static bool TryInvoke(Func<object?> read, out object? value)
    {
        try
        {
            value = read();
            return true;
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    /// <summary>Conversions that keep the value; those that cut it are left to whoever wrote them outside.</summary>
    private static bool TryConvert(UnaryExpression convert, ref object? value)
    {
        Type target = Nullable.GetUnderlyingType(convert.Type) ?? convert.Type;
        if (value is null || target.IsInstanceOfType(value))
        {
            return true;
        }

        if (target.IsEnum)
        {
            value = Enum.ToObject(target, value);
            return true;
        }

        object? number = value is Enum ? ToNumber((Enum)value) : value is char unit ? (int)unit : value;
        if (LambdaTypes.IsWider(number.GetType(), target))
        {
            value = Convert.ChangeType(number, target, null);
            return true;
        }

        return false;
    }

    private static object ToNumber(Enum value) =>
        Convert.ChangeType(value, Enum.GetUnderlyingType(value.GetType()), null);
}
