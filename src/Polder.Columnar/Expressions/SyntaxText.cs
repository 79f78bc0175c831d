using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Analysis;
using Polder.Expressions.Evaluation.Values;
using Polder.Expressions.Syntax;

namespace Polder.Expressions;

/// <summary>
/// Syntax back to text as Spark names the unnamed items of a select list (toPrettySQL of the resolved expression):
/// operators in brackets, strings bare, qualifiers left out.
/// </summary>
internal sealed class SyntaxText
{
    private readonly Func<SyntaxNode, Expression?> _analyze;
    private readonly Func<SyntaxNode, string?> _describe;

    private SyntaxText(Func<SyntaxNode, Expression?> analyze, Func<SyntaxNode, string?> describe)
    {
        _analyze = analyze;
        _describe = describe;
    }

    /// <summary>The text of an expression.</summary>
    /// <param name="node">The expression.</param>
    /// <param name="analyze">
    /// What a name stands for, which decides how many of its parts are shown, and what the operands of a sum are, which
    /// decides how sums with dates are shown; null where it is unknown.
    /// </param>
    /// <param name="describe">The text of what only the caller knows; null for the rest.</param>
    public static string Format(
        SyntaxNode node, Func<SyntaxNode, Expression?> analyze, Func<SyntaxNode, string?>? describe = null) =>
        new SyntaxText(analyze, describe ?? (_ => null)).Of(node);

    private string Of(SyntaxNode node) => _describe(node) ?? node switch
    {
        LiteralSyntax literal => LiteralText.Format(literal.Value, literal.Type),
        NameSyntax name => OfName(name),
        StarSyntax star => string.Join('.', [.. star.Qualifier, "*"]),
        ParameterSyntax parameter => $":{parameter.Name}",
        UnarySyntax unary => OfUnary(unary),
        BinarySyntax binary => OfBinary(binary),
        IsSyntax test => OfIs(test),
        InSyntax list => Negated($"({Of(list.Operand)} IN ({All(list.Candidates)}))", list.Negated),
        BetweenSyntax between => Negated(
            $"between({Of(between.Operand)}, {Of(between.Lower)}, {Of(between.Upper)})", between.Negated),
        LikeSyntax like => OfLike(like),
        CaseSyntax branches => OfCase(branches),
        CastSyntax cast when cast.Type.IsNested => Of(cast.Operand),
        CastSyntax cast =>
            $"{(cast.Mode == CastMode.Try ? "TRY_" : "")}CAST({Of(cast.Operand)} AS {SqlText.TypeName(cast.Type)})",
        ExtractSyntax extract => $"extract({extract.Field} FROM {Of(extract.Source)})",
        CallSyntax call => OfCall(call),
        NamedArgumentSyntax argument => Of(argument.Value),
        AliasSyntax alias => $"{Of(alias.Operand)} AS {alias.Name}",
        FieldSyntax field => $"{Of(field.Source)}.{field.Name}",
        PathSyntax path => $"variant_get({Of(path.Source)}, {path.Path})",
        IndexSyntax index => $"{Of(index.Source)}[{Of(index.Index)}]",
        TupleSyntax tuple => $"struct({All(tuple.Items)})",
        LambdaSyntax lambda => $"lambdafunction({Of(lambda.Body)})",
        CollateSyntax collate => $"collate({Of(collate.Operand)}, {collate.Collation})",
        ScalarSubquerySyntax => "scalarsubquery()",
        ExistsSyntax => "exists()",
        InSubquerySyntax membership => Negated($"({Of(membership.Operand)} IN (listquery()))", membership.Negated),
        _ => node.GetType().Name,
    };

    private string All(IEnumerable<SyntaxNode> nodes) => string.Join(", ", nodes.Select(Of));

    private static string Negated(string text, bool negated) => negated ? $"(NOT {text})" : text;

    /// <summary>A column is shown by its own name, a field with the column before it.</summary>
    private string OfName(NameSyntax name)
    {
        int shown = 1;
        for (Expression? value = _analyze(name); value is FieldAccess access; value = access.Source)
        {
            shown++;
        }

        return string.Join('.', name.Parts.TakeLast(shown));
    }

    private string OfUnary(UnarySyntax unary) => unary.Operator switch
    {
        UnaryOperator.Not => $"(NOT {Of(unary.Operand)})",
        UnaryOperator.Minus => $"(- {Of(unary.Operand)})",
        UnaryOperator.Plus => $"(+ {Of(unary.Operand)})",
        _ => $"~{Of(unary.Operand)}",
    };

    private string OfBinary(BinarySyntax binary)
    {
        string left = Of(binary.Left);
        string right = Of(binary.Right);
        return binary.Operator switch
        {
            BinaryOperator.NotEqual => $"(NOT ({left} = {right}))",
            BinaryOperator.Concatenate => $"concat({left}, {right})",
            BinaryOperator.Add or BinaryOperator.Subtract => OfSum(binary, left, right),
            _ => $"({left} {SymbolOf(binary.Operator)} {right})",
        };
    }

    /// <summary>Sums with dates and intervals are shown as what they become.</summary>
    private string OfSum(BinarySyntax sum, string left, string right)
    {
        DataType? first = _analyze(sum.Left)?.Type;
        DataType? second = _analyze(sum.Right)?.Type;
        bool adds = sum.Operator == BinaryOperator.Add;
        string symbol = adds ? "+" : "-";
        if (adds && IsInterval(first) && second is not null && !IsInterval(second))
        {
            (left, right, first, second) = (right, left, second, first);
        }

        if (first?.Kind == TypeKind.Date && second is { Kind: TypeKind.DayTimeInterval, EndField: IntervalField.Day })
        {
            string days = $"extractansiintervaldays({right})";
            return $"date_add({left}, {(adds ? days : $"(- {days})")})";
        }

        if (IsInterval(second) && !IsInterval(first))
        {
            return $"{left} {symbol} {right}";
        }

        if (adds && second?.Kind == TypeKind.Date && first?.IsIntegral == true)
        {
            (left, right, first, second) = (right, left, second, first);
        }

        return first?.Kind == TypeKind.Date && second?.IsIntegral == true
            ? $"date_{(adds ? "add" : "sub")}({left}, {right})"
            : $"({left} {symbol} {right})";
    }

    private static bool IsInterval(DataType? type) =>
        type?.Kind is TypeKind.YearMonthInterval or TypeKind.DayTimeInterval or TypeKind.CalendarInterval;

    private string OfIs(IsSyntax test) => test.Test switch
    {
        IsTest.True => Negated($"({Of(test.Operand)} <=> true)", test.Negated),
        IsTest.False => Negated($"({Of(test.Operand)} <=> false)", test.Negated),
        _ => $"({Of(test.Operand)} IS {(test.Negated ? "NOT " : "")}NULL)",
    };

    private string OfLike(LikeSyntax like)
    {
        string operand = Of(like.Operand);
        string all = All(like.Patterns);
        string text = (like.Operator, like.Quantifier) switch
        {
            (LikeOperator.Like, LikeQuantifier.None) when like.Escape != '\\' =>
                $"{operand} LIKE {all} ESCAPE '{like.Escape}'",
            (LikeOperator.Like, LikeQuantifier.None) => $"{operand} LIKE {all}",
            (LikeOperator.RLike, _) => $"RLIKE({operand}, {all})",
            (LikeOperator.ILike, LikeQuantifier.None) => $"ilike({operand}, {all})",
            _ => $"{like.Quantifier.ToString().ToLowerInvariant()}({operand}, {all})",
        };
        return Negated(text, like.Negated);
    }

    private string OfCase(CaseSyntax branches)
    {
        string operand = branches.Operand is null ? "" : Of(branches.Operand);
        IEnumerable<string> whens = branches.Branches.Select(branch =>
        {
            string condition = branches.Operand is null
                ? Of(branch.Condition)
                : $"({operand} = {Of(branch.Condition)})";
            return $"WHEN {condition} THEN {Of(branch.Result)} ";
        });
        string otherwise = branches.Otherwise is null ? "" : $"ELSE {Of(branches.Otherwise)} ";
        return $"CASE {string.Concat(whens)}{otherwise}END";
    }

    private string OfCall(CallSyntax call)
    {
        string name = call.Name[^1].ToLowerInvariant();
        string text = (name, call.Arguments.Count) switch
        {
            ("count", 1) when call.Arguments[0] is StarSyntax { Qualifier.Count: 0 } => "count(1)",
            ("if", 3) => $"(IF({All(call.Arguments)}))",
            ("isnull", 1) => $"({Of(call.Arguments[0])} IS NULL)",
            ("isnotnull", 1) => $"({Of(call.Arguments[0])} IS NOT NULL)",
            ("positive", 1) => $"(+ {Of(call.Arguments[0])})",
            ("dateadd", 2) => $"date_add({All(call.Arguments)})",
            ("date_part" or "datepart", 2) => $"{name}({Of(call.Arguments[0])} FROM {Of(call.Arguments[1])})",
            ("substr" or "substring", 2) => $"{name}({All(call.Arguments)}, 2147483647)",
            ("not", 1) => $"(NOT {Of(call.Arguments[0])})",
            ("like", 2) => $"{Of(call.Arguments[0])} LIKE {Of(call.Arguments[1])}",
            ("div", 2) => $"({Of(call.Arguments[0])} div {Of(call.Arguments[1])})",
            (_, 1) when FunctionTable.IsCast(name) => Of(call.Arguments[0]),
            _ => $"{name}({(call.Distinct ? "DISTINCT " : "")}{All(call.Arguments)})",
        };
        return call.Filter is null ? text : $"{text} FILTER (WHERE {Of(call.Filter)})";
    }

    private static string SymbolOf(BinaryOperator binary) => binary switch
    {
        BinaryOperator.Or => "OR",
        BinaryOperator.And => "AND",
        BinaryOperator.Equal => "=",
        BinaryOperator.NullSafeEqual => "<=>",
        BinaryOperator.LessThan => "<",
        BinaryOperator.LessThanOrEqual => "<=",
        BinaryOperator.GreaterThan => ">",
        BinaryOperator.GreaterThanOrEqual => ">=",
        BinaryOperator.BitwiseOr => "|",
        BinaryOperator.BitwiseXor => "^",
        BinaryOperator.BitwiseAnd => "&",
        BinaryOperator.ShiftLeft => "<<",
        BinaryOperator.ShiftRight => ">>",
        BinaryOperator.ShiftRightUnsigned => ">>>",
        BinaryOperator.Multiply => "*",
        BinaryOperator.Divide => "/",
        BinaryOperator.IntegralDivide => "div",
        _ => "%",
    };
}
