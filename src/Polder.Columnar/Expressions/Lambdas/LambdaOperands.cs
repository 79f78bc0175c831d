using System;
using System.Collections.Generic;
using System.Linq;
using System.Linq.Expressions;
using Polder.Columns;
using Polder.Columns.Rows;
using Polder.Expressions.Syntax;
using Linq = System.Linq.Expressions;

namespace Polder.Expressions.Lambdas;

/// <summary>Translates the values in a lambda: members of rows, variables, arithmetic, parts of dates.</summary>
internal sealed class LambdaOperands(
    LambdaConditions conditions, IReadOnlyDictionary<ParameterExpression, RowShape> rows)
{
    private static readonly Dictionary<ExpressionType, BinaryOperator> Arithmetic = new()
    {
        [ExpressionType.Add] = BinaryOperator.Add,
        [ExpressionType.AddChecked] = BinaryOperator.Add,
        [ExpressionType.Subtract] = BinaryOperator.Subtract,
        [ExpressionType.SubtractChecked] = BinaryOperator.Subtract,
        [ExpressionType.Multiply] = BinaryOperator.Multiply,
        [ExpressionType.MultiplyChecked] = BinaryOperator.Multiply,
        [ExpressionType.Divide] = BinaryOperator.Divide,
        [ExpressionType.Modulo] = BinaryOperator.Remainder,
        [ExpressionType.And] = BinaryOperator.BitwiseAnd,
        [ExpressionType.Or] = BinaryOperator.BitwiseOr,
        [ExpressionType.ExclusiveOr] = BinaryOperator.BitwiseXor,
    };

    private static readonly Dictionary<string, string> DateParts = new()
    {
        ["Year"] = "year", ["Month"] = "month", ["Day"] = "day", ["DayOfYear"] = "dayofyear",
        ["Hour"] = "hour", ["Minute"] = "minute", ["Second"] = "second",
    };

    private static readonly HashSet<Type> DateTypes =
        [typeof(DateTime), typeof(DateOnly), typeof(DateTimeOffset), typeof(TimeOnly)];

    /// <summary>Both sides of a comparison: a constant takes the form that the member beside it has.</summary>
    public (LambdaOperand Left, LambdaOperand Right) TranslateBoth(Linq.Expression left, Linq.Expression right)
    {
        LambdaOperand? leftMember = FindMember(left), rightMember = FindMember(right);
        return (Translate(left, rightMember), Translate(right, leftMember));
    }

    /// <summary>A value.</summary>
    /// <param name="expression">The value.</param>
    /// <param name="beside">The member that a constant is compared with.</param>
    public LambdaOperand Translate(Linq.Expression expression, LambdaOperand? beside = null)
    {
        if (!CapturedValue.NamesRow(expression) && CapturedValue.TryEvaluate(expression, out object? value))
        {
            return new LambdaOperand(Literal(value, beside), value is null);
        }

        return LambdaConditions.IsCondition(expression)
            ? new LambdaOperand(conditions.Translate(expression, isStrict: true), IsNullable: false)
            : TranslateValue(expression);
    }

    /// <summary>A value that is no condition.</summary>
    public LambdaOperand TranslateValue(Linq.Expression expression) =>
        FindMember(expression) ?? expression switch
        {
            UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked } minus =>
                Map(minus.Operand, operand => new UnarySyntax(UnaryOperator.Minus, operand, default)),
            UnaryExpression { NodeType: ExpressionType.Not or ExpressionType.OnesComplement } complement
                when LambdaTypes.IsWhole(complement.Type) =>
                Map(complement.Operand, operand => new UnarySyntax(UnaryOperator.BitwiseNot, operand, default)),
            UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert =>
                Convert(convert),
            BinaryExpression { NodeType: ExpressionType.Coalesce, Conversion: null } coalesce =>
                Coalesce(Translate(coalesce.Left), Translate(coalesce.Right)),
            BinaryExpression { NodeType: ExpressionType.Add } join when join.Type == typeof(string) =>
                Combine(BinaryOperator.Concatenate, TextOf(join.Left), TextOf(join.Right)),
            BinaryExpression binary when Arithmetic.ContainsKey(binary.NodeType) => Calculate(binary),
            ConditionalExpression choice => Choose(choice),
            MemberExpression member => Part(member),
            MethodCallExpression call => Call(call),
            _ => throw LambdaConditions.NoCounterpart(expression),
        };

    /// <summary>A value as a literal, in the form that a member's column has it.</summary>
    public SyntaxNode Literal(object? value, LambdaOperand? beside)
    {
        // The compiler compares enums and characters as numbers.
        object? typed = value is null || beside?.ClrType is not { } type ? value
            : type.IsEnum && value is not Enum ? Enum.ToObject(type, value)
            : type == typeof(char) && value is int unit ? (char)unit
            : value;
        object? stored = (typed, beside?.Member?.Type.Kind) switch
        {
            (Enum named, TypeKind.String) => $"{named}",
            (Enum number, _) => System.Convert.ChangeType(
                number, Enum.GetUnderlyingType(number.GetType()), null),
            (Guid id, TypeKind.Binary) => id.ToByteArray(bigEndian: true),
            _ => typed,
        };
        try
        {
            return stored is null
                ? new LiteralSyntax(null, DataType.Void, default)
                : ExpressionParser.Parse(PredicateText.FormatLiteral(stored));
        }
        catch (ArgumentException exception)
        {
            throw new QueryException(QueryException.Unsupported, "0A000", exception.Message);
        }
    }

    /// <summary>A member of a row, perhaps inside a conversion that keeps what is stored; else null.</summary>
    private LambdaOperand? FindMember(Linq.Expression expression)
    {
        List<string> names = [];
        Linq.Expression place = expression;
        while (place is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert &&
            IsSameValue(convert))
        {
            place = convert.Operand;
        }

        Type type = Nullable.GetUnderlyingType(place.Type) ?? place.Type;
        for (; place is MemberExpression { Expression: { } owner } member; place = owner)
        {
            if (member.Member.Name != "Value" || Nullable.GetUnderlyingType(owner.Type) is null)
            {
                names.Insert(0, member.Member.Name);
            }
        }

        return place is ParameterExpression parameter && rows.TryGetValue(parameter, out RowShape? shape)
            ? Follow(shape, names, type)
            : null;
    }

    /// <summary>The column of a path of members; null where the path leaves what is mapped.</summary>
    private static LambdaOperand? Follow(RowShape shape, List<string> names, Type type)
    {
        List<string> columns = [];
        RowMember? found = null;
        bool isNullable = false;
        RowShape? rowType = shape;
        foreach (string name in names)
        {
            found = rowType?.Members.FirstOrDefault(member => member.Member == name);
            if (found is null)
            {
                return null;
            }

            columns.Add(found.Column);
            isNullable |= found.IsNullable;
            rowType = found.Type.Kind == TypeKind.Struct ? found.Rows : null;
        }

        return found is null ? null : new LambdaOperand(new NameSyntax(columns, default), isNullable, found, type);
    }

    private static bool IsSameValue(UnaryExpression convert)
    {
        Type source = Nullable.GetUnderlyingType(convert.Operand.Type) ?? convert.Operand.Type;
        Type target = Nullable.GetUnderlyingType(convert.Type) ?? convert.Type;
        return source == target || source.IsEnum || (source == typeof(char) && target == typeof(int)) ||
            target.IsAssignableFrom(source);
    }

    private LambdaOperand Convert(UnaryExpression convert)
    {
        if (IsSameValue(convert))
        {
            return Translate(convert.Operand);
        }

        Type source = Nullable.GetUnderlyingType(convert.Operand.Type) ?? convert.Operand.Type;
        Type target = Nullable.GetUnderlyingType(convert.Type) ?? convert.Type;
        if (!LambdaTypes.IsWider(source, target))
        {
            throw LambdaConditions.NoCounterpart(convert, "a conversion must keep every value");
        }

        // A comparison or a sum with decimals widens by itself, to what fits.
        return target == typeof(decimal)
            ? Translate(convert.Operand)
            : Map(convert.Operand, operand =>
                new CastSyntax(operand, LambdaTypes.Find(target)!, CastMode.Ansi, default));
    }

    private LambdaOperand Calculate(BinaryExpression binary)
    {
        DataType? type = LambdaTypes.Find(binary.Type);
        if (type is null || (binary.Method is not null && type.Kind != TypeKind.Decimal))
        {
            throw LambdaConditions.NoCounterpart(binary);
        }

        BinaryOperator function = binary.NodeType == ExpressionType.Divide && type.IsIntegral
            ? BinaryOperator.IntegralDivide
            : Arithmetic[binary.NodeType];
        return Combine(function, Translate(binary.Left), Translate(binary.Right));
    }

    private LambdaOperand Choose(ConditionalExpression choice)
    {
        LambdaOperand first = Translate(choice.IfTrue), second = Translate(choice.IfFalse);
        CaseBranch branch = new(conditions.Translate(choice.Test), first.Syntax);
        return new LambdaOperand(
            new CaseSyntax(null, [branch], second.Syntax, default), first.IsNullable || second.IsNullable);
    }

    /// <summary>A property of a value: a part of a date.</summary>
    private LambdaOperand Part(MemberExpression member)
    {
        Type? owner = member.Member.DeclaringType;
        if (member.Expression is null || owner is null || !DateTypes.Contains(owner))
        {
            throw LambdaConditions.NoCounterpart(
                member, "only members that are columns can be named, and parts of dates and times");
        }

        return member.Member.Name switch
        {
            "Date" => Map(
                member.Expression, operand => new CastSyntax(operand, DataType.Date, CastMode.Ansi, default)),

            // Sunday is 0 in C#, 1 in SQL.
            "DayOfWeek" => Map(member.Expression, operand => new BinarySyntax(
                BinaryOperator.Subtract,
                Function("dayofweek", operand),
                new LiteralSyntax(1, DataType.Integer, default),
                default)),
            { } name when DateParts.TryGetValue(name, out string? part) =>
                Map(member.Expression, operand => Function(part, operand)),
            _ => throw LambdaConditions.NoCounterpart(member),
        };
    }

    private LambdaOperand Call(MethodCallExpression call)
    {
        Type? owner = call.Method.DeclaringType;
        switch (call.Method.Name)
        {
            case "GetValueOrDefault" when call.Object is { } nullable && call.Arguments.Count == 1:
                return Coalesce(Translate(nullable), Translate(call.Arguments[0]));
            case "GetValueOrDefault" when call.Object is { } nullable && LambdaTypes.Find(call.Type) is not null:
                return Coalesce(Translate(nullable), new LambdaOperand(
                    new LiteralSyntax(0, DataType.Integer, default), IsNullable: false));
            case "Abs" when owner == typeof(Math):
                return Map(call.Arguments[0], operand => Function("abs", operand));
            case "Substring" when owner == typeof(string) && call.Object is { } text:
                LambdaOperand[] operands = [Translate(text), .. call.Arguments.Select(item => Translate(item))];
                BinarySyntax start = new(
                    BinaryOperator.Add,
                    operands[1].Syntax,
                    new LiteralSyntax(1, DataType.Integer, default),
                    default);
                return new LambdaOperand(
                    Function("substring", [operands[0].Syntax, start, .. operands.Skip(2).Select(item => item.Syntax)]),
                    operands.Any(item => item.IsNullable));
            case "Concat" when owner == typeof(string) &&
                call.Arguments.All(item => item.Type == typeof(string)):
                return call.Arguments.Select(TextOf)
                    .Aggregate((left, right) => Combine(BinaryOperator.Concatenate, left, right));
            default:
                throw LambdaConditions.NoCounterpart(call);
        }
    }

    /// <summary>C# joins null as an empty text.</summary>
    private LambdaOperand TextOf(Linq.Expression expression)
    {
        if (expression.Type != typeof(string))
        {
            throw LambdaConditions.NoCounterpart(expression, "only text is joined to text");
        }

        LambdaOperand text = Translate(expression);
        return text.IsNullable
            ? Coalesce(text, new LambdaOperand(new LiteralSyntax("", DataType.String, default), IsNullable: false))
            : text;
    }

    private LambdaOperand Map(Linq.Expression operand, Func<SyntaxNode, SyntaxNode> function)
    {
        LambdaOperand value = Translate(operand);
        return new LambdaOperand(function(value.Syntax), value.IsNullable);
    }

    private static LambdaOperand Combine(BinaryOperator function, LambdaOperand left, LambdaOperand right) => new(
        new BinarySyntax(function, left.Syntax, right.Syntax, default), left.IsNullable || right.IsNullable);

    private static LambdaOperand Coalesce(LambdaOperand value, LambdaOperand otherwise) => new(
        Function("coalesce", value.Syntax, otherwise.Syntax), value.IsNullable && otherwise.IsNullable);

    private static CallSyntax Function(string name, params IReadOnlyList<SyntaxNode> arguments) =>
        new([name], arguments, default);
}
