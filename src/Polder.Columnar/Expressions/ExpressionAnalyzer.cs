using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions.Analysis;
using Polder.Expressions.Evaluation;
using Polder.Expressions.Syntax;

namespace Polder.Expressions;

/// <summary>
/// Turns syntax into the typed tree: resolves names, chooses functions, inserts the casts of Spark's ANSI coercion,
/// and refuses what Spark refuses with the same error. What Spark has and Polder does not is refused by name.
/// </summary>
internal sealed class ExpressionAnalyzer
{
    private readonly INameScope _scope;
    private bool _insideAggregate;

    /// <summary>Makes an analyser for one scope.</summary>
    public ExpressionAnalyzer(INameScope scope)
    {
        _scope = scope;
    }

    /// <summary>Analyses a text over the columns of a schema.</summary>
    public static Expression Analyze(string text, DataType structSchema) =>
        Analyze(ExpressionParser.Parse(text), new StructScope(structSchema));

    /// <summary>Analyses syntax in a scope.</summary>
    public static Expression Analyze(SyntaxNode node, INameScope scope) => new ExpressionAnalyzer(scope).Analyze(node);

    /// <summary>
    /// Analyses a text that must be a condition, and folds its constants: pruning asks it once for every file.
    /// </summary>
    /// <param name="text">The condition.</param>
    /// <param name="structSchema">The columns.</param>
    /// <param name="context">What constants are folded in; null = UTC, which must then be the session's zone.</param>
    public static Expression AnalyzeCondition(
        string text, DataType structSchema, EvaluationContext? context = null) =>
        AnalyzeCondition(ExpressionParser.Parse(text), text, structSchema, context);

    /// <inheritdoc cref="AnalyzeCondition(string, DataType, EvaluationContext)"/>
    /// <param name="node">The condition.</param>
    /// <param name="text">The condition for messages.</param>
    /// <param name="structSchema">The columns.</param>
    /// <param name="context">What constants are folded in; null = UTC, which must then be the session's zone.</param>
    public static Expression AnalyzeCondition(
        SyntaxNode node, string text, DataType structSchema, EvaluationContext? context = null)
    {
        Expression condition = Analyze(node, new StructScope(structSchema));
        return condition.Type.Kind switch
        {
            TypeKind.Boolean => ConstantFolder.Fold(condition, context),
            TypeKind.Void => Casts.Implicitly(condition, DataType.Boolean),
            _ => throw new QueryException(
                "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                "42K09",
                $"a condition must be boolean, and '{text}' is {condition.Type}",
                new Dictionary<string, string>
                {
                    ["sqlExpr"] = AnalysisErrors.Quote(condition),
                    ["filter"] = AnalysisErrors.Quote(condition),
                    ["type"] = AnalysisErrors.Quote(condition.Type),
                },
                condition.Span),
        };
    }

    /// <summary>Analyses a node.</summary>
    public Expression Analyze(SyntaxNode node) =>
        _scope.AnalyzeForeign(node, this) ?? node switch
        {
            LiteralSyntax literal => new Literal(literal.Value, literal.Type, literal.Span),
            NameSyntax name => Resolve(name),
            UnarySyntax unary => Operators.Unary(unary.Operator, Analyze(unary.Operand), unary.Span),
            BinarySyntax binary => Operators.Binary(
                binary.Operator, Analyze(binary.Left), Analyze(binary.Right), binary.Span),
            IsSyntax test => Predicates.Is(Analyze(test.Operand), test.Test, test.Negated, test.Span),
            InSyntax list => Predicates.In(
                Analyze(list.Operand), [.. list.Candidates.Select(Analyze)], list.Negated, list.Span),
            BetweenSyntax between => Predicates.Between(
                Analyze(between.Operand),
                Analyze(between.Lower),
                Analyze(between.Upper),
                between.Negated,
                between.Span),
            LikeSyntax like => AnalyzeLike(like),
            CaseSyntax branches => AnalyzeCase(branches),
            CastSyntax cast => Casts.Explicitly(Analyze(cast.Operand), cast.Type, cast.Mode, cast.Span),
            ExtractSyntax extract => DatetimeFields.Extract(extract.Field, Analyze(extract.Source), extract.Span),
            CallSyntax call => AnalyzeCall(call),
            FieldSyntax field => FieldResolver.Resolve(Analyze(field.Source), [field.Name], field.Span),
            PathSyntax path => Variants.Get(Analyze(path.Source), path),
            ParameterSyntax parameter => _scope.ResolveParameter(parameter.Name) ?? throw UnboundParameter(parameter),
            StarSyntax star => throw new QueryException(
                "INVALID_USAGE_OF_STAR_OR_REGEX",
                "42000",
                "* may stand in a select list or in count(*) only",
                new Dictionary<string, string> { ["elem"] = "'*'", ["prettyName"] = "expression `alias`" },
                star.Span),
            _ => throw QueryException.NotYet(NameOf(node), node.Span),
        };

    private static string NameOf(SyntaxNode node) => node switch
    {
        IndexSyntax => "an element of an array or a map (x[i])",
        TupleSyntax => "a row (a, b)",
        LambdaSyntax => "a lambda (x -> …)",
        CollateSyntax => "COLLATE",
        ScalarSubquerySyntax or ExistsSyntax or InSubquerySyntax => "a subquery here",
        AliasSyntax => "AS inside an expression",
        NamedArgumentSyntax => "a named argument",
        _ => node.GetType().Name,
    };

    private static QueryException UnboundParameter(ParameterSyntax parameter) => new(
        "UNBOUND_SQL_PARAMETER",
        "42P02",
        $"the parameter {(parameter.Name.Length == 0 ? "?" : ":" + parameter.Name)} has no value",
        new Dictionary<string, string> { ["name"] = parameter.Name.Length == 0 ? "_" : parameter.Name },
        parameter.Span);

    private Expression Resolve(NameSyntax name) =>
        _scope.Resolve(name.Parts, name.Span) ??
            (name.Parts.Count == 1 ? FunctionTable.WithoutBrackets(name.Parts[0], name.Span) : null) ??
            throw AnalysisErrors.UnknownName(name.Parts, _scope.Candidates, name.Span);

    private Expression AnalyzeLike(LikeSyntax like)
    {
        if (like.Operator != LikeOperator.Like)
        {
            throw QueryException.NotYet(like.Operator.ToString().ToUpperInvariant(), like.Span);
        }

        Expression operand = Analyze(like.Operand);
        IEnumerable<Expression> tests = like.Patterns.Select(pattern =>
            Predicates.Like(operand, Analyze(pattern), like.Escape, like.Negated, like.Span));
        Expression all = tests.Aggregate((left, right) => Operators.Binary(
            like.Quantifier == LikeQuantifier.Any ? BinaryOperator.Or : BinaryOperator.And, left, right, like.Span));

        // Spark counts LIKE ANY and LIKE ALL as nullable whatever stands in them.
        return like.Quantifier != LikeQuantifier.None && all is Call call
            ? new Call(call.Function, call.Children, call.Type, true, call.Span)
            : all;
    }

    private Case AnalyzeCase(CaseSyntax branches)
    {
        Expression? operand = branches.Operand is null ? null : Analyze(branches.Operand);
        List<Expression> operands = [];
        foreach (CaseBranch branch in branches.Branches)
        {
            Expression condition = Analyze(branch.Condition);
            operands.Add(operand is null
                ? condition
                : Operators.Binary(BinaryOperator.Equal, operand, condition, condition.Span));
            operands.Add(Analyze(branch.Result));
        }

        if (branches.Otherwise is not null)
        {
            operands.Add(Analyze(branches.Otherwise));
        }

        return Conditionals.Case(operands, branches.Span);
    }

    private Expression AnalyzeCall(CallSyntax call)
    {
        string name = FunctionTable.NameOf(call.Name, call.Span);
        string? clause = call.Window is not null ? "OVER"
            : call.WithinGroup.Count > 0 ? "WITHIN GROUP"
            : call.IgnoreNulls is not null ? "IGNORE or RESPECT NULLS"
            : null;
        if (clause is not null)
        {
            throw KnownFunctions.All.Contains(name)
                ? QueryException.NotYet($"{name} with {clause}", call.Span)
                : AnalysisErrors.UnknownFunction(call.Name, call.Span);
        }

        if (Aggregates.IsAggregate(name))
        {
            return AnalyzeAggregate(name, call);
        }

        FunctionTable.CheckKnown(name, call);
        if (call.Distinct || call.Filter is not null)
        {
            throw NoAggregate(name, call.Distinct ? "DISTINCT" : "FILTER", call.Span);
        }

        return FunctionTable.Call(name, [.. call.Arguments.Select(Analyze)], call.Span);
    }

    private static QueryException NoAggregate(string name, string clause, TextSpan span) =>
        !KnownFunctions.All.Contains(name) ? AnalysisErrors.UnknownFunction([name], span)
        : !FunctionTable.IsKnown(name) ? QueryException.NotYet($"the function {name}", span)
        : new QueryException(
            "INVALID_SQL_SYNTAX.FUNCTION_WITH_UNSUPPORTED_SYNTAX",
            "42000",
            $"{name} is no aggregate and takes no {clause}",
            new Dictionary<string, string> { ["prettyName"] = $"`{name}`", ["syntax"] = clause },
            span);

    private AggregateCall AnalyzeAggregate(string name, CallSyntax call)
    {
        if (!_scope.AllowsAggregates)
        {
            throw new QueryException(
                "INVALID_WHERE_CONDITION",
                "42903",
                $"the aggregate {name} may not stand here",
                new Dictionary<string, string> { ["condition"] = $"\"{name}\"", ["expressionList"] = name },
                call.Span);
        }

        if (_insideAggregate)
        {
            throw new QueryException(
                "NESTED_AGGREGATE_FUNCTION",
                "42607",
                "an aggregate may not stand inside another one; use a subquery",
                span: call.Span);
        }

        _insideAggregate = true;
        try
        {
            bool star = call.Arguments is [StarSyntax { Qualifier.Count: 0 }] && name == "count";
            Expression[] arguments = star ? [] : [.. call.Arguments.Select(Analyze)];
            Expression? filter = call.Filter is null ? null : Analyze(call.Filter);
            return Aggregates.Call(name, arguments, star, call.Distinct, filter, call.Span);
        }
        finally
        {
            _insideAggregate = false;
        }
    }
}
