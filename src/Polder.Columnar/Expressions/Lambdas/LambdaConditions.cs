using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Expressions.Syntax;
using Linq = System.Linq.Expressions;

namespace Polder.Expressions.Lambdas;

/// <summary>
/// Translates the conditions of a lambda. SQL's are null where an operand is; C#'s are false then. Where only true
/// counts that is the same; below a NOT it is not, and there conditions are made that are never null.
/// </summary>
/// <param name="rows">The parameters of the lambda and their columns.</param>
internal sealed class LambdaConditions(IReadOnlyDictionary<ParameterExpression, RowShape> rows)
{
    private static readonly Dictionary<ExpressionType, BinaryOperator> Comparisons = new()
    {
        [ExpressionType.LessThan] = BinaryOperator.LessThan,
        [ExpressionType.LessThanOrEqual] = BinaryOperator.LessThanOrEqual,
        [ExpressionType.GreaterThan] = BinaryOperator.GreaterThan,
        [ExpressionType.GreaterThanOrEqual] = BinaryOperator.GreaterThanOrEqual,
    };

    private LambdaOperands? _operands;

    private LambdaOperands Operands => _operands ??= new LambdaOperands(this, rows);

    /// <summary>A condition.</summary>
    /// <param name="condition">Of type bool.</param>
    /// <param name="isStrict">Whether it may not be null.</param>
    public SyntaxNode Translate(Linq.Expression condition, bool isStrict = false)
    {
        if (!CapturedValue.NamesRow(condition) && CapturedValue.TryEvaluate(condition, out object? known))
        {
            return new LiteralSyntax(known, DataType.Boolean, default);
        }

        switch (condition)
        {
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both
                when both.Type == typeof(bool):
                return Join(BinaryOperator.And, Translate(both.Left, isStrict), Translate(both.Right, isStrict));
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either
                when either.Type == typeof(bool):
                return Join(BinaryOperator.Or, Translate(either.Left, isStrict), Translate(either.Right, isStrict));
            case UnaryExpression { NodeType: ExpressionType.Not } negation when negation.Type == typeof(bool):
                return Not(Translate(negation.Operand, isStrict: true));
            case BinaryExpression { NodeType: ExpressionType.Equal } same:
                return Equal(same.Left, same.Right, isStrict);
            case BinaryExpression { NodeType: ExpressionType.NotEqual or ExpressionType.ExclusiveOr } other:
                return Not(Equal(other.Left, other.Right, isStrict: true));
            case BinaryExpression comparison
                when Comparisons.TryGetValue(comparison.NodeType, out BinaryOperator order):
                return Compare(order, comparison, isStrict);
            case MemberExpression { Member.Name: "HasValue", Expression: { } source }
                when Nullable.GetUnderlyingType(source.Type) is not null:
                return IsNull(Operands.Translate(source).Syntax, negated: true);
            case MethodCallExpression call when Call(call, isStrict) is { } found:
                return found;
            default:
                LambdaOperand value = Operands.TranslateValue(condition);
                return isStrict && value.IsNullable
                    ? Join(
                        BinaryOperator.NullSafeEqual, value.Syntax, new LiteralSyntax(true, DataType.Boolean, default))
                    : value.Syntax;
        }
    }

    /// <summary>Whether an expression is a condition that only stands as a value.</summary>
    public static bool IsCondition(Linq.Expression expression) =>
        expression.Type == typeof(bool) && expression switch
        {
            BinaryExpression binary => binary.NodeType != ExpressionType.Coalesce,
            UnaryExpression unary => unary.NodeType == ExpressionType.Not,
            MemberExpression member => member.Member.Name == "HasValue",
            MethodCallExpression call => call.Method.Name != "GetValueOrDefault",
            _ => false,
        };

    /// <summary>What has no counterpart in SQL, by name.</summary>
    public static QueryException NoCounterpart(Linq.Expression expression, string? advice = null) => new(
        QueryException.Unsupported,
        "0A000",
        $"'{expression}' in a lambda has no counterpart in SQL; " + (advice ??
            "compute it before where it names no row, else filter the rows that come out"));

    private static BinarySyntax Join(BinaryOperator function, SyntaxNode left, SyntaxNode right) =>
        new(function, left, right, default);

    private static UnarySyntax Not(SyntaxNode condition) => new(UnaryOperator.Not, condition, default);

    private static IsSyntax IsNull(SyntaxNode operand, bool negated) => new(operand, IsTest.Null, negated, default);

    private SyntaxNode Equal(Linq.Expression first, Linq.Expression second, bool isStrict)
    {
        (LambdaOperand left, LambdaOperand right) = Operands.TranslateBoth(first, second);
        if (left.IsNull || right.IsNull)
        {
            return IsNull(left.IsNull ? right.Syntax : left.Syntax, negated: false);
        }

        // Null equals null in C#.
        bool isNullSafe = isStrict ? left.IsNullable || right.IsNullable : left.IsNullable && right.IsNullable;
        return Join(isNullSafe ? BinaryOperator.NullSafeEqual : BinaryOperator.Equal, left.Syntax, right.Syntax);
    }

    private SyntaxNode Compare(BinaryOperator order, BinaryExpression comparison, bool isStrict)
    {
        // a.CompareTo(b) < 0 and string.CompareOrdinal(a, b) < 0 are a < b.
        (Linq.Expression first, Linq.Expression second) =
            comparison.Left is MethodCallExpression { Method.Name: "CompareTo" or "CompareOrdinal" } call &&
            call.Arguments.Count == (call.Object is null ? 2 : 1) && IsZero(comparison.Right)
                ? (call.Object ?? call.Arguments[0], call.Arguments[^1])
                : (comparison.Left, comparison.Right);
        (LambdaOperand left, LambdaOperand right) = Operands.TranslateBoth(first, second);
        SyntaxNode compared = Join(order, left.Syntax, right.Syntax);
        foreach (LambdaOperand operand in isStrict ? new[] { left, right } : [])
        {
            compared = operand.IsNullable
                ? Join(BinaryOperator.And, compared, IsNull(operand.Syntax, negated: true))
                : compared;
        }

        return compared;
    }

    private static bool IsZero(Linq.Expression expression) => expression is ConstantExpression { Value: 0 };

    private SyntaxNode? Call(MethodCallExpression call, bool isStrict)
    {
        Type? owner = call.Method.DeclaringType;
        switch (call.Method.Name)
        {
            case "StartsWith" or "EndsWith" or "Contains"
                when owner == typeof(string) && call.Object is { } text && IsOrdinal(call):
                return Like(text, call.Arguments[0], call.Method.Name, isStrict);
            case "IsNullOrEmpty" when owner == typeof(string):
                SyntaxNode tested = Operands.Translate(call.Arguments[0]).Syntax;
                return Join(
                    BinaryOperator.Or,
                    IsNull(tested, negated: false),
                    Join(BinaryOperator.Equal, tested, new LiteralSyntax("", DataType.String, default)));
            case "Equals" when call.Object is { } self && call.Arguments.Count == 1:
                return Equal(self, call.Arguments[0], isStrict);
            case "Equals" when call.Object is null && call.Arguments.Count == 2:
                return Equal(call.Arguments[0], call.Arguments[1], isStrict);
            case "Contains" when call.Object is { } list && call.Arguments.Count == 1:
                return In(list, call.Arguments[0], call, isStrict);
            case "Contains" when call.Object is null && call.Arguments.Count >= 2 && HasNoComparer(call):
                return In(call.Arguments[0], call.Arguments[1], call, isStrict);
            default:
                return null;
        }
    }

    /// <summary>Texts are compared byte by byte, whatever the culture.</summary>
    private static bool IsOrdinal(MethodCallExpression call) => call.Arguments.Count == 1 ||
        call.Arguments is [_, ConstantExpression { Value: StringComparison.Ordinal }];

    /// <summary>C# 14 takes arrays for spans, and passes no comparer.</summary>
    private static bool HasNoComparer(MethodCallExpression call) =>
        call.Arguments.Count == 2 || call.Arguments[2] is ConstantExpression { Value: null };

    private SyntaxNode Like(Linq.Expression text, Linq.Expression part, string method, bool isStrict)
    {
        LambdaOperand operand = Operands.Translate(text);
        object? known = null;
        if (CapturedValue.NamesRow(part) || !CapturedValue.TryEvaluate(part, out known) ||
            known is not (string or char))
        {
            throw NoCounterpart(part, "the text to look for must be a value that names no row");
        }

        string escaped = $"{known}".Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        string pattern = method switch
        {
            "StartsWith" => escaped + "%",
            "EndsWith" => "%" + escaped,
            _ => $"%{escaped}%",
        };
        SyntaxNode like = new LikeSyntax(
            LikeOperator.Like,
            LikeQuantifier.None,
            operand.Syntax,
            [new LiteralSyntax(pattern, DataType.String, default)],
            '\\',
            Negated: false,
            default);
        return isStrict && operand.IsNullable
            ? Join(BinaryOperator.And, like, IsNull(operand.Syntax, negated: true))
            : like;
    }

    private SyntaxNode In(Linq.Expression list, Linq.Expression item, MethodCallExpression call, bool isStrict)
    {
        if (CapturedValue.NamesRow(list) || !CapturedValue.TryEvaluate(list, out object? values) ||
            values is not IEnumerable known || values is string)
        {
            throw NoCounterpart(call, "the list must be one that names no row");
        }

        LambdaOperand operand = Operands.Translate(item);
        List<object?> all = [.. known.Cast<object?>()];
        List<SyntaxNode> candidates =
            [.. all.Where(value => value is not null).Select(value => Operands.Literal(value, operand))];
        SyntaxNode found = candidates.Count == 0
            ? new LiteralSyntax(false, DataType.Boolean, default)
            : new InSyntax(operand.Syntax, candidates, Negated: false, default);
        if (!operand.IsNullable)
        {
            return found;
        }

        return all.Contains(null)
            ? Join(BinaryOperator.Or, IsNull(operand.Syntax, negated: false), found)
            : isStrict ? Join(BinaryOperator.And, found, IsNull(operand.Syntax, negated: true)) : found;
    }
}
