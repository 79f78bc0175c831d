using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>Joining and cutting strings.</summary>
internal static class Strings
{
    /// <summary>concat and ||: binary if all are, otherwise strings.</summary>
    public static Expression Concatenate(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        if (arguments.Any(argument => argument.Type.IsNested))
        {
            throw QueryException.NotYet("concat of arrays", span);
        }

        DataType type = arguments.Count > 0 && arguments.All(argument => argument.Type.Kind == TypeKind.Binary)
            ? DataType.Binary
            : DataType.String;
        Expression[] coerced = [.. arguments.Select(argument => Casts.Implicitly(argument, type))];
        return new Call(Function.Concatenate, coerced, type, coerced.Any(argument => argument.Nullable), span);
    }

    /// <summary>substring(text, start[, length]).</summary>
    public static Expression Substring(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = $"substring({string.Join(", ", arguments.Select(ExpressionText.Format))})";
        Expression text = AsText(arguments[0], sql, "(\"STRING\" or \"BINARY\")", span);
        Expression start = AsInteger(arguments[1], 1, sql, span);
        Expression length = arguments.Count > 2
            ? AsInteger(arguments[2], 2, sql, span)
            : new Literal(int.MaxValue, DataType.Integer);
        return Cut(text, start, length, span);
    }

    /// <summary>left(text, length).</summary>
    public static Expression Left(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = $"left({string.Join(", ", arguments.Select(ExpressionText.Format))})";
        Expression text = AsText(arguments[0], sql, "(\"STRING\" or \"BINARY\")", span);
        return Cut(text, new Literal(1, DataType.Integer), AsInteger(arguments[1], 1, sql, span), span);
    }

    /// <summary>right(text, length), which Spark rewrites: NULL, nothing for no length, else a substring.</summary>
    public static Expression Right(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        string sql = $"right({string.Join(", ", arguments.Select(ExpressionText.Format))})";
        Expression text = Casts.Implicitly(arguments[0], DataType.String);
        Expression length = AsInteger(arguments[1], 1, sql, span);
        Expression start = new Call(Function.Negate, [length], DataType.Integer, length.Nullable, span);
        Expression none = Comparisons.Compare(
            Function.LessThanOrEqual, length, new Literal(0, DataType.Integer), span);
        Expression tail = Cut(text, start, new Literal(int.MaxValue, DataType.Integer), span);
        Expression inner = Conditionals.If(none, new Literal("", DataType.String), tail, span);
        return Conditionals.If(
            Predicates.IsNull(text, negated: false, span), new Literal(null, DataType.String), inner, span);
    }

    private static Call Cut(Expression text, Expression start, Expression length, TextSpan span) => new(
        Function.Substring,
        [text, start, length],
        text.Type,
        text.Nullable || start.Nullable || length.Nullable,
        span);

    private static Expression AsText(Expression argument, string sql, string required, TextSpan span) =>
        argument.Type.Kind == TypeKind.Binary ? argument
            : Coercion.Implicit(argument.Type, DataType.String) is { } type ? Casts.Implicitly(argument, type)
            : throw AnalysisErrors.UnexpectedInput(sql, 0, required, argument, span);

    private static Expression AsInteger(Expression argument, int ordinal, string sql, TextSpan span) =>
        Coercion.Implicit(argument.Type, DataType.Integer) is { } type
            ? Casts.Implicitly(argument, type)
            : throw AnalysisErrors.UnexpectedInput(sql, ordinal, "\"INT\"", argument, span);
}
