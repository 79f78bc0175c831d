using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Analysis;
using Polder.Expressions.Evaluation.Values;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Analysis;

/// <summary>
/// The names that Spark gives to items without an alias: the expression as it was written, in Spark's own spelling
/// (toPrettySQL): columns without qualifiers, operators in parentheses, strings bare.
/// </summary>
internal sealed class OutputNames(ExpressionScope scope)
{
    private static readonly Dictionary<BinaryOperator, string> Symbols = new()
    {
        [BinaryOperator.Or] = "OR", [BinaryOperator.And] = "AND", [BinaryOperator.Equal] = "=",
        [BinaryOperator.NullSafeEqual] = "<=>", [BinaryOperator.LessThan] = "<",
        [BinaryOperator.LessThanOrEqual] = "<=", [BinaryOperator.GreaterThan] = ">",
        [BinaryOperator.GreaterThanOrEqual] = ">=", [BinaryOperator.BitwiseOr] = "|",
        [BinaryOperator.BitwiseXor] = "^", [BinaryOperator.BitwiseAnd] = "&", [BinaryOperator.Add] = "+",
        [BinaryOperator.Subtract] = "-", [BinaryOperator.Multiply] = "*", [BinaryOperator.Divide] = "/",
        [BinaryOperator.IntegralDivide] = "div", [BinaryOperator.Remainder] = "%",
    };

    // Functions that are conversions: their name is not shown.
    private static readonly string[] Conversions =
        ["bigint", "binary", "boolean", "date", "decimal", "double", "float", "int", "smallint", "string", "timestamp",
        "tinyint"];

    /// <summary>The name of an item; a column, also under casts, keeps its own.</summary>
    public string Of(SyntaxNode node) => node switch
    {
        NameSyntax name => name.Parts[^1],
        FieldSyntax field => field.Name,
        CastSyntax { Operand: NameSyntax or FieldSyntax } cast => Of(cast.Operand),
        _ => Format(node),
    };

    private string Format(SyntaxNode node) => node switch
    {
        LiteralSyntax literal => LiteralText.Format(literal.Value, literal.Type),
        UnarySyntax unary => FormatUnary(unary),
        BinarySyntax binary => FormatBinary(binary),
        IsSyntax test => FormatIs(test),
        InSyntax membership => Negated(
            membership.Negated, $"({Format(membership.Operand)} IN ({List(membership.Candidates)}))"),
        BetweenSyntax between => Negated(
            between.Negated, $"between({List([between.Operand, between.Lower, between.Upper])})"),
        LikeSyntax { Operator: LikeOperator.Like, Quantifier: LikeQuantifier.None } like => Negated(
            like.Negated,
            $"{Format(like.Operand)} LIKE {Format(like.Patterns[0])}{Escape(like.Escape)}"),
        CaseSyntax branches => FormatCase(branches),
        CastSyntax cast => $"{(cast.Mode == CastMode.Try ? "TRY_CAST" : "CAST")}({Format(cast.Operand)} AS " +
            $"{SqlText.TypeName(cast.Type)})",
        ExtractSyntax extract => $"extract({extract.Field} FROM {Format(extract.Source)})",
        CallSyntax call => FormatCall(scope.SpreadStars(call)),
        FieldSyntax field => $"{Format(field.Source)}.{field.Name}",
        NameSyntax or ScalarSubquerySyntax or ExistsSyntax or InSubquerySyntax =>
            ExpressionText.Format(scope.Analyze(node)),
        _ => throw QueryException.NotYet("this expression without an alias", node.Span),
    };

    private static string Escape(char escape) => escape == '\\' ? "" : $" ESCAPE '{escape}'";

    private static string Negated(bool negated, string text) => negated ? $"(NOT {text})" : text;

    private string List(IEnumerable<SyntaxNode> nodes) => string.Join(", ", nodes.Select(Format));

    private string FormatUnary(UnarySyntax unary)
    {
        string operand = Format(unary.Operand);
        return unary.Operator switch
        {
            UnaryOperator.Minus => $"(- {operand})",
            UnaryOperator.Plus => $"(+ {operand})",
            UnaryOperator.Not => $"(NOT {operand})",
            _ => $"~{operand}",
        };
    }

    private string FormatBinary(BinarySyntax binary)
    {
        string left = Format(binary.Left);
        string right = Format(binary.Right);
        if (binary.Operator == BinaryOperator.Concatenate)
        {
            return $"concat({left}, {right})";
        }

        if (binary.Operator == BinaryOperator.NotEqual)
        {
            return $"(NOT ({left} = {right}))";
        }

        if (!Symbols.TryGetValue(binary.Operator, out string? symbol))
        {
            throw QueryException.NotYet("this operator without an alias", binary.Span);
        }

        return binary.Operator is BinaryOperator.Add or BinaryOperator.Subtract
            ? FormatSum(binary, left, symbol, right)
            : $"({left} {symbol} {right})";
    }

    // Sums of times have names of their own.
    private string FormatSum(BinarySyntax binary, string left, string symbol, string right)
    {
        DataType leftType = scope.Analyze(binary.Left).Type;
        DataType rightType = scope.Analyze(binary.Right).Type;
        if (IsInterval(rightType) && !IsInterval(leftType))
        {
            return $"{left} {symbol} {right}";
        }

        if (IsInterval(leftType) && !IsInterval(rightType))
        {
            return $"{right} {symbol} {left}";
        }

        string function = symbol == "+" ? "date_add" : "date_sub";
        return leftType.Kind == TypeKind.Date && rightType.IsIntegral ? $"{function}({left}, {right})"
            : rightType.Kind == TypeKind.Date && leftType.IsIntegral ? $"{function}({right}, {left})"
            : $"({left} {symbol} {right})";
    }

    private static bool IsInterval(DataType type) =>
        type.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval;

    private string FormatIs(IsSyntax test)
    {
        string operand = Format(test.Operand);
        return test.Test switch
        {
            IsTest.True => Negated(test.Negated, $"({operand} <=> true)"),
            IsTest.False => Negated(test.Negated, $"({operand} <=> false)"),
            _ => $"({operand} IS {(test.Negated ? "NOT " : "")}NULL)",
        };
    }

    private string FormatCase(CaseSyntax branches)
    {
        IEnumerable<string> parts = branches.Branches.Select(branch =>
        {
            string condition = Format(branch.Condition);
            condition = branches.Operand is null ? condition : $"({Format(branches.Operand)} = {condition})";
            return $" WHEN {condition} THEN {Format(branch.Result)}";
        });
        string otherwise = branches.Otherwise is null ? "" : $" ELSE {Format(branches.Otherwise)}";
        return $"CASE{string.Concat(parts)}{otherwise} END";
    }

    private string FormatCall(CallSyntax call)
    {
        string name = call.Name[^1].ToLowerInvariant();
        if (call is { Name.Count: 1, Arguments: [SyntaxNode operand], Filter: null } && Conversions.Contains(name))
        {
            return Format(operand);
        }

        string arguments = call.Arguments is [StarSyntax] ? "1" : List(call.Arguments);
        string text = name is "if" or "iff"
            ? $"(IF({arguments}))"
            : $"{name}({(call.Distinct ? "DISTINCT " : "")}{arguments})";
        return call.Filter is null ? text : $"{text} FILTER (WHERE {Format(call.Filter)})";
    }
}
