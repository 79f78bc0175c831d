using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Syntax;

namespace Polder.Expressions.Analysis;

/// <summary>The scalar functions by name: how many arguments they take and what they become.</summary>
internal static class FunctionTable
{
    private delegate Expression Builder(IReadOnlyList<Expression> arguments, TextSpan span);

    private static readonly Dictionary<string, DataType> CastTypes = new()
    {
        ["boolean"] = DataType.Boolean, ["tinyint"] = DataType.Byte, ["smallint"] = DataType.Short,
        ["int"] = DataType.Integer, ["bigint"] = DataType.Long, ["float"] = DataType.Float,
        ["double"] = DataType.Double, ["decimal"] = DataType.Decimal(10, 0), ["date"] = DataType.Date,
        ["timestamp"] = DataType.Timestamp, ["binary"] = DataType.Binary, ["string"] = DataType.String,
    };

    private static readonly Dictionary<string, Entry> Entries = Build();

    /// <summary>The lower-case name of a built-in function, without <c>system.builtin</c> before it.</summary>
    public static string NameOf(IReadOnlyList<string> parts, TextSpan span)
    {
        bool qualified =
            parts.Count == 2 && Same(parts[0], "builtin") ||
            (parts.Count == 3 && Same(parts[0], "system") && Same(parts[1], "builtin"));
        return parts.Count == 1 || qualified
            ? parts[^1].ToLowerInvariant()
            : throw AnalysisErrors.UnknownFunction(parts, span);
    }

    /// <summary>Whether Polder has the scalar function of this lower-case name.</summary>
    public static bool IsKnown(string name) => Entries.ContainsKey(name);

    /// <summary>Whether the function of this lower-case name is a cast to the type of that name.</summary>
    public static bool IsCast(string name) => CastTypes.ContainsKey(name);

    /// <summary>A function that is called without brackets, or null.</summary>
    public static Expression? WithoutBrackets(string name, TextSpan span) =>
        KnownFunctions.WithoutBrackets.Contains(name) ? throw QueryException.NotYet(name, span) : null;

    /// <summary>Refuses what is no function, what Polder does not have, and arguments that it does not take.</summary>
    public static void CheckKnown(string name, CallSyntax call)
    {
        if (!Entries.TryGetValue(name, out Entry? entry))
        {
            throw KnownFunctions.All.Contains(name)
                ? QueryException.NotYet($"the function {name}", call.Span)
                : AnalysisErrors.UnknownFunction(call.Name, call.Span);
        }

        if (call.Arguments.Any(argument => argument is NamedArgumentSyntax))
        {
            throw new QueryException(
                "NAMED_PARAMETERS_NOT_SUPPORTED",
                "4274K",
                $"{name} takes no named arguments",
                new Dictionary<string, string> { ["functionName"] = $"`{name}`" },
                call.Span);
        }

        bool ofDates = name is "dateadd" or "date_add" or "datediff" or "date_diff";
        if (ofDates && call.Arguments is [NameSyntax { Parts: [var unit] }, _, _])
        {
            throw QueryException.NotYet($"{name} with a unit ({unit.ToUpperInvariant()})", call.Span);
        }

        int count = call.Arguments.Count;
        if (count < entry.Minimum || count > entry.Maximum)
        {
            throw AnalysisErrors.WrongArgumentCount(name, entry.Expected, count, call.Span);
        }
    }

    /// <summary>The typed form of a call that <see cref="CheckKnown"/> let pass.</summary>
    public static Expression Call(string name, IReadOnlyList<Expression> arguments, TextSpan span) =>
        Entries[name].Build(arguments, span);

    private static bool Same(string left, string right) =>
        string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static Dictionary<string, Entry> Build()
    {
        Dictionary<string, Entry> entries = [];
        AddConditionals(entries);
        AddOperators(entries);
        AddStrings(entries);
        AddDatetimes(entries);
        AddCasts(entries);
        AddVariants(entries);
        return entries;
    }

    private static void AddConditionals(Dictionary<string, Entry> entries)
    {
        Add(entries, "coalesce", 1, int.MaxValue, Conditionals.Coalesce);
        Add(entries, "nvl", 2, 2, Conditionals.Coalesce);
        Add(entries, "ifnull", 2, 2, Conditionals.Coalesce);
        Add(entries, "if", 3, 3, (a, span) => Conditionals.If(a[0], a[1], a[2], span));
        Add(entries, "nvl2", 3, 3, (a, span) => Conditionals.If(
            Predicates.IsNull(a[0], negated: true, span), a[1], a[2], span));
        Add(entries, "nullif", 2, 2, NullIf);
        Add(entries, "nullifzero", 1, 1, (a, span) => NullIf([a[0], new Literal(0, DataType.Integer)], span));
        Add(entries, "zeroifnull", 1, 1, (a, span) => Conditionals.Coalesce(
            [a[0], new Literal(0, DataType.Integer)], span));
        Add(entries, "isnull", 1, 1, (a, span) => Predicates.IsNull(a[0], negated: false, span));
        Add(entries, "isnotnull", 1, 1, (a, span) => Predicates.IsNull(a[0], negated: true, span));
        Add(entries, "isnan", 1, 1, (a, span) => IsNaN(a[0], span));
        Add(entries, "typeof", 1, 1, (a, span) => new Literal(a[0].Type.ToString(), DataType.String, span));
    }

    /// <summary>NaN equals itself, so that the null-safe comparison tells it, and says false of NULL.</summary>
    private static Expression IsNaN(Expression argument, TextSpan span)
    {
        bool single = argument.Type.Kind == TypeKind.Float;
        Expression number = single ? argument
            : Coercion.Implicit(argument.Type, DataType.Double) is { } type ? Casts.Implicitly(argument, type)
            : throw AnalysisErrors.UnexpectedInput(
                $"isnan({ExpressionText.Format(argument)})", 0, "(\"DOUBLE\" or \"FLOAT\")", argument, span);
        Literal wanted = single
            ? new Literal(float.NaN, DataType.Float)
            : new Literal(double.NaN, DataType.Double);
        return Comparisons.Compare(Function.NullSafeEqual, number, wanted, span);
    }

    /// <summary>CASE WHEN a = b THEN NULL ELSE a END, of the type of a, which counts as no constant.</summary>
    private static Case NullIf(IReadOnlyList<Expression> arguments, TextSpan span) => Conditionals.If(
        Comparisons.Compare(Function.Equal, arguments[0], arguments[1], span, constantLeft: false),
        new Literal(null, arguments[0].Type),
        arguments[0],
        span);

    private static void AddOperators(Dictionary<string, Entry> entries)
    {
        Add(entries, "abs", 1, 1, (a, span) => Operators.Abs(a[0], span));
        Add(entries, "negative", 1, 1, (a, span) => Operators.Unary(UnaryOperator.Minus, a[0], span));
        Add(entries, "positive", 1, 1, (a, span) => Operators.Unary(UnaryOperator.Plus, a[0], span));
        Add(entries, "not", 1, 1, (a, span) => Operators.Unary(UnaryOperator.Not, a[0], span));
        Add(entries, "mod", 2, 2, (a, span) => Operators.Binary(BinaryOperator.Remainder, a[0], a[1], span));
        Add(entries, "equal_null", 2, 2, (a, span) =>
            Operators.Binary(BinaryOperator.NullSafeEqual, a[0], a[1], span));
        Add(entries, "between", 3, 3, (a, span) => Predicates.Between(a[0], a[1], a[2], negated: false, span));
        Add(entries, "like", 2, 3, Like);
    }

    private static Expression Like(IReadOnlyList<Expression> arguments, TextSpan span)
    {
        if (arguments.Count == 2)
        {
            return Predicates.Like(arguments[0], arguments[1], '\\', negated: false, span);
        }

        return arguments[2] is Literal { Value: string { Length: 1 } escape }
            ? Predicates.Like(arguments[0], arguments[1], escape[0], negated: false, span)
            : throw new QueryException(
                "INVALID_ESCAPE_CHAR",
                "42604",
                "the escape of like must be a constant of one character",
                new Dictionary<string, string> { ["sqlExpr"] = AnalysisErrors.Quote(arguments[2]) },
                span);
    }

    private static void AddStrings(Dictionary<string, Entry> entries)
    {
        Add(entries, "concat", 0, int.MaxValue, Strings.Concatenate);
        Add(entries, "substring", 2, 3, Strings.Substring);
        Add(entries, "substr", 2, 3, Strings.Substring);
        Add(entries, "left", 2, 2, Strings.Left);
        Add(entries, "right", 2, 2, Strings.Right);
    }

    private static void AddDatetimes(Dictionary<string, Entry> entries)
    {
        (string Name, Function Function)[] fields =
        [
            ("year", Function.Year), ("quarter", Function.Quarter), ("month", Function.Month),
            ("weekofyear", Function.WeekOfYear), ("day", Function.Day), ("dayofmonth", Function.Day),
            ("dayofweek", Function.DayOfWeek), ("weekday", Function.Weekday), ("dayofyear", Function.DayOfYear),
            ("hour", Function.Hour), ("minute", Function.Minute), ("second", Function.Second),
        ];
        foreach ((string name, Function function) in fields)
        {
            Add(entries, name, 1, 1, (a, span) => DatetimeFields.Call(function, a[0], span));
        }

        foreach (string name in (string[])["date_add", "dateadd"])
        {
            Add(entries, name, 2, 2, (a, span) => DateFunctions.AddDays("date_add", Function.Add, a, span));
        }

        foreach (string name in (string[])["datediff", "date_diff"])
        {
            Add(entries, name, 2, 2, DateFunctions.DifferenceInDays);
        }

        Add(entries, "date_sub", 2, 2, (a, span) => DateFunctions.AddDays("date_sub", Function.Subtract, a, span));
        Add(entries, "add_months", 2, 2, DateFunctions.AddMonths);
        AddConversion(entries, "to_date", DataType.Date, takesNumbers: false);
        AddConversion(entries, "to_timestamp", DataType.Timestamp, takesNumbers: true);
        AddConversion(entries, "to_timestamp_ltz", DataType.Timestamp, takesNumbers: true);
        AddConversion(entries, "to_timestamp_ntz", DataType.TimestampNtz, takesNumbers: false);
        Add(entries, "date_part", 2, 2, DatePart);
        Add(entries, "datepart", 2, 2, DatePart);
    }

    private static void AddConversion(
        Dictionary<string, Entry> entries, string name, DataType type, bool takesNumbers) =>
        Add(entries, name, 1, 2, (a, span) => DateFunctions.Convert(name, type, takesNumbers, a, span));

    private static Expression DatePart(IReadOnlyList<Expression> arguments, TextSpan span) =>
        arguments[0] is Literal { Value: string field }
            ? DatetimeFields.Extract(field, arguments[1], span)
            : throw new QueryException(
                "DATATYPE_MISMATCH.NON_FOLDABLE_INPUT",
                "42K09",
                "the field of date_part must be a constant",
                new Dictionary<string, string>
                {
                    ["inputName"] = "`field`", ["inputType"] = "\"STRING\"",
                    ["inputExpr"] = AnalysisErrors.Quote(arguments[0]),
                    ["sqlExpr"] = $"\"date_part({ExpressionText.Format(arguments[0])})\"",
                },
                span);

    private static void AddCasts(Dictionary<string, Entry> entries)
    {
        foreach ((string name, DataType type) in CastTypes)
        {
            Add(entries, name, 1, 1, (a, span) => Casts.ByName(a[0], type, span));
        }
    }

    private static void AddVariants(Dictionary<string, Entry> entries)
    {
        foreach (string name in (string[])["parse_json", "try_parse_json"])
        {
            Add(entries, name, 1, 1, (a, span) => Variants.ParseJson(name, a, span));
        }

        foreach (string name in (string[])["variant_get", "try_variant_get"])
        {
            Add(entries, name, 2, 3, (a, span) => Variants.Get(name, a, span));
        }

        Add(entries, "to_json", 1, 2, Variants.ToJson);
        Add(entries, "is_variant_null", 1, 1, (a, span) => Variants.Describe(
            "is_variant_null", Function.IsVariantNull, DataType.Boolean, a, span));
        Add(entries, "schema_of_variant", 1, 1, (a, span) => Variants.Describe(
            "schema_of_variant", Function.SchemaOfVariant, DataType.String, a, span));
        Add(entries, "to_variant_object", 1, 1, Variants.ToObject);
    }

    private static void Add(
        Dictionary<string, Entry> entries, string name, int minimum, int maximum, Builder builder) =>
        entries.Add(name, new Entry(minimum, maximum, builder));

    private sealed record Entry(int Minimum, int Maximum, Builder Build)
    {
        /// <summary>The number of arguments as Spark words it.</summary>
        public string Expected =>
            Minimum == Maximum ? Minimum.ToString(CultureInfo.InvariantCulture)
            : Maximum == int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $"> {Minimum - 1}")
            : $"[{string.Join(", ", Enumerable.Range(Minimum, Maximum - Minimum + 1))}]";
    }
}
