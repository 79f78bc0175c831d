using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Expressions.Analysis;

/// <summary>CASE and what is rewritten to it or to COALESCE.</summary>
internal static class Conditionals
{
    /// <summary>CASE; operands as <see cref="Expressions.Case"/> has them, results of any types.</summary>
    public static Case Case(IReadOnlyList<Expression> operands, TextSpan span)
    {
        Case untyped = new(operands, DataType.Void, true, span);
        for (int branchIndex = 0; branchIndex < untyped.BranchCount; branchIndex++)
        {
            Expression condition = untyped.Condition(branchIndex);
            if (condition.Type.Kind != TypeKind.Boolean)
            {
                throw AnalysisErrors.UnexpectedInput(
                    ExpressionText.Format(untyped), branchIndex, "\"BOOLEAN\"", condition, span);
            }
        }

        return Build(untyped, "casewhen", span);
    }

    /// <summary>if(condition, a, b).</summary>
    public static Case If(Expression condition, Expression then, Expression otherwise, TextSpan span)
    {
        Case untyped = new([condition, then, otherwise], DataType.Void, true, span);
        if (condition.Type.Kind == TypeKind.Void)
        {
            untyped = new Case(
                [Casts.Implicitly(condition, DataType.Boolean), then, otherwise], DataType.Void, true, span);
        }
        else if (condition.Type.Kind != TypeKind.Boolean)
        {
            string sql = $"(IF({ExpressionText.Format(condition)}, {ExpressionText.Format(then)}, " +
                $"{ExpressionText.Format(otherwise)}))";
            throw AnalysisErrors.UnexpectedInput(sql, 0, "\"BOOLEAN\"", condition, span);
        }

        return Build(untyped, "if", span);
    }

    /// <summary>coalesce, also as nvl and ifnull.</summary>
    public static Expression Coalesce(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        DataType type = Coercion.WiderOfAll(arguments.Select(argument => argument.Type)) ??
            throw AnalysisErrors.NoCommonType(
                $"coalesce({string.Join(", ", arguments.Select(ExpressionText.Format))})",
                "coalesce",
                arguments.Select(argument => argument.Type),
                listed: false,
                span);
        Expression[] coerced = [.. arguments.Select(argument => Casts.Implicitly(argument, type))];
        return new Call(Function.Coalesce, coerced, type, coerced.All(argument => argument.Nullable), span);
    }

    private static Case Build(Case untyped, string functionName, TextSpan span)
    {
        List<Expression> results = [];
        for (int branchIndex = 0; branchIndex < untyped.BranchCount; branchIndex++)
        {
            results.Add(untyped.Result(branchIndex));
        }

        if (untyped.Otherwise is { } otherwise)
        {
            results.Add(otherwise);
        }

        DataType type = Coercion.WiderOfAll(results.Select(result => result.Type)) ??
            throw AnalysisErrors.NoCommonType(
                ExpressionText.Format(untyped),
                functionName,
                results.Select(result => result.Type),
                listed: functionName == "casewhen",
                span);
        List<Expression> coerced = [];
        for (int branchIndex = 0; branchIndex < untyped.BranchCount; branchIndex++)
        {
            coerced.Add(untyped.Condition(branchIndex));
            coerced.Add(Casts.Implicitly(untyped.Result(branchIndex), type));
        }

        if (untyped.Otherwise is { } last)
        {
            coerced.Add(Casts.Implicitly(last, type));
        }

        return new Case(coerced, type, IsNullable(coerced, functionName == "casewhen"), span);
    }

    /// <summary>CASE, other than IF, looks no further than a branch whose condition is the constant TRUE.</summary>
    private static bool IsNullable(List<Expression> operands, bool stopsAtTrue)
    {
        for (int operandIndex = 0; operandIndex + 1 < operands.Count; operandIndex += 2)
        {
            if (operands[operandIndex + 1].Nullable)
            {
                return true;
            }

            if (stopsAtTrue && operands[operandIndex] is Literal { Value: true })
            {
                return false;
            }
        }

        return operands.Count % 2 == 0 || operands[^1].Nullable;
    }
}
