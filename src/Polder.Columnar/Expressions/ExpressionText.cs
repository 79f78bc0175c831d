using System.Collections.Generic;
using System.Linq;
using System.Text;
using Polder.Columns;
using Polder.Expressions.Analysis;
using Polder.Expressions.Evaluation.Values;

namespace Polder.Expressions;

/// <summary>
/// Typed trees back to SQL text as Spark prints expressions in messages (toPrettySQL): what analysis added is left out,
/// strings are bare. For people, not for parsing.
/// </summary>
internal static class ExpressionText
{
    public static string Format(Expression expression)
    {
        StringBuilder text = new();
        Write(expression, text);
        return text.ToString();
    }

    private static void Write(Expression expression, StringBuilder text)
    {
        switch (expression)
        {
            case ColumnReference column:
                text.Append(column.Name);
                break;
            case Literal literal:
                text.Append(LiteralText.Format(literal.Value, literal.Type));
                break;
            case FieldAccess access:
                Write(access.Source, text);
                text.Append('.').Append(access.Source.Type.Fields[access.FieldIndex].Name);
                break;
            case Cast cast when !cast.IsWritten || cast.Type.IsNested:
                Write(cast.Source, text);
                break;
            case Cast cast:
                text.Append(cast.Mode == CastMode.Try ? "TRY_CAST(" : "CAST(");
                Write(cast.Source, text);
                text.Append(" AS ").Append(SqlText.TypeName(cast.Type)).Append(')');
                break;
            case Case branches:
                WriteCase(branches, text);
                break;
            case Call call:
                WriteCall(call, text);
                break;
            case AggregateCall call:
                WriteAggregate(call, text);
                break;
            default:
                WriteList(expression.GetType().Name, expression.Children, text);
                break;
        }
    }

    private static void WriteCase(Case branches, StringBuilder text)
    {
        text.Append("CASE");
        for (int branchIndex = 0; branchIndex < branches.BranchCount; branchIndex++)
        {
            text.Append(" WHEN ");
            Write(branches.Condition(branchIndex), text);
            text.Append(" THEN ");
            Write(branches.Result(branchIndex), text);
        }

        if (branches.Otherwise is { } otherwise)
        {
            text.Append(" ELSE ");
            Write(otherwise, text);
        }

        text.Append(" END");
    }

    private static void WriteCall(Call call, StringBuilder text)
    {
        IReadOnlyList<Expression> operands = call.Children;
        if (SymbolOf(call.Function) is { } symbol && operands.Count == 2)
        {
            bool bare = call.Function is Function.Add or Function.Subtract && IsTimeArithmetic(call);
            text.Append(bare ? "" : "(");
            Write(operands[0], text);
            text.Append(' ').Append(symbol).Append(' ');
            Write(operands[1], text);
            text.Append(bare ? "" : ")");
            return;
        }

        switch (call.Function)
        {
            case Function.Not:
                WriteAround("(NOT ", operands[0], ")", text);
                break;
            case Function.Negate:
                WriteAround("(- ", operands[0], ")", text);
                break;
            case Function.BitwiseNot:
                WriteAround("~", operands[0], "", text);
                break;
            case Function.IsNull:
                WriteAround("(", operands[0], " IS NULL)", text);
                break;
            case Function.IsNotNull:
                WriteAround("(", operands[0], " IS NOT NULL)", text);
                break;
            case Function.In:
                text.Append('(');
                Write(operands[0], text);
                WriteList(" IN ", [.. operands.Skip(1)], text);
                text.Append(')');
                break;
            case Function.Like:
                Write(operands[0], text);
                WriteAround(" LIKE ", operands[1], "", text);
                break;
            default:
                WriteList(NameOf(call.Function), operands, text);
                break;
        }
    }

    private static void WriteAggregate(AggregateCall call, StringBuilder text)
    {
        string name = call.Function switch
        {
            AggregateFunction.Average => "avg",
            AggregateFunction.Minimum => "min",
            AggregateFunction.Maximum => "max",
            _ => call.Function.ToString().ToLowerInvariant(),
        };
        if (call.Arguments.Count == 0)
        {
            text.Append(name).Append("(1)"); // Spark turns count(*) into count(1).
        }
        else
        {
            WriteList(name, call.Arguments, text, call.Distinct ? "DISTINCT " : "");
        }

        if (call.Filter is { } filter)
        {
            WriteAround(" FILTER (WHERE ", filter, ")", text);
        }
    }

    private static void WriteAround(string before, Expression operand, string after, StringBuilder text)
    {
        text.Append(before);
        Write(operand, text);
        text.Append(after);
    }

    private static void WriteList(
        string name, IReadOnlyList<Expression> operands, StringBuilder text, string quantifier = "")
    {
        text.Append(name).Append('(').Append(quantifier);
        for (int index = 0; index < operands.Count; index++)
        {
            text.Append(index == 0 ? "" : ", ");
            Write(operands[index], text);
        }

        text.Append(')');
    }

    private static bool IsTimeArithmetic(Call call) =>
        call.Children[0].Type.Kind is TypeKind.Date or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz;

    private static string? SymbolOf(Function function) => function switch
    {
        Function.And => "AND",
        Function.Or => "OR",
        Function.Equal => "=",
        Function.NullSafeEqual => "<=>",
        Function.LessThan => "<",
        Function.LessThanOrEqual => "<=",
        Function.GreaterThan => ">",
        Function.GreaterThanOrEqual => ">=",
        Function.Add => "+",
        Function.Subtract => "-",
        Function.Multiply => "*",
        Function.Divide => "/",
        Function.IntegralDivide => "div",
        Function.Remainder => "%",
        Function.BitwiseAnd => "&",
        Function.BitwiseOr => "|",
        Function.BitwiseXor => "^",
        _ => null,
    };

    private static string NameOf(Function function) => function switch
    {
        Function.Concatenate => "concat",
        Function.DayOfWeekIso => "dayofweek_iso",
        Function.SecondWithFraction => "second",
        Function.ParseJson => "parse_json",
        Function.TryParseJson => "try_parse_json",
        Function.VariantGet => "variant_get",
        Function.TryVariantGet => "try_variant_get",
        Function.ToJson => "to_json",
        Function.IsVariantNull => "is_variant_null",
        Function.SchemaOfVariant => "schema_of_variant",
        Function.ToVariantObject => "to_variant_object",
        _ => function.ToString().ToLowerInvariant(),
    };
}
