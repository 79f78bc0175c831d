using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Analysis;
using Polder.Expressions.Syntax;

namespace Polder.Sql.Analysis;

/// <summary>
/// What names mean in one clause: columns of FROM, aliases of the select list before or after them, and, in a
/// subquery, columns of the query around it.
/// </summary>
internal sealed class ExpressionScope : INameScope
{
    private readonly Scope _source;
    private readonly Scope? _outer;
    private readonly Subqueries? _subqueries;

    /// <param name="source">The columns of FROM.</param>
    /// <param name="outer">The columns of the query around this one; null = none.</param>
    /// <param name="subqueries">Takes the subqueries of the clause; null = they are refused here.</param>
    public ExpressionScope(Scope source, Scope? outer = null, Subqueries? subqueries = null)
    {
        _source = source;
        _outer = outer;
        _subqueries = subqueries;
    }

    /// <summary>What an alias means; it is asked before the columns of FROM.</summary>
    public Func<IReadOnlyList<string>, TextSpan, (Expression Value, int PartCount)?>? AliasesFirst { get; init; }

    /// <summary>What an alias means; it is asked where FROM has no such column.</summary>
    public Func<IReadOnlyList<string>, TextSpan, (Expression Value, int PartCount)?>? AliasesAfter { get; init; }

    /// <summary>Whether an alias goes before columns of FROM of which several have the name.</summary>
    public bool PrefersAliases { get; init; }

    /// <summary>Whether FROM has a column of that name.</summary>
    public bool HasColumn(string name) => _source.Find([name]).Found.Count > 0;

    /// <summary>What suggestions are made of; null = the columns of FROM.</summary>
    public IReadOnlyList<ScopeColumn>? Suggestions { get; init; }

    /// <summary>Takes calls of grouping() and grouping_id(); null = they are refused here.</summary>
    public GroupingFunctions? Groupings { get; init; }

    public bool AllowsAggregates => true;

    public IReadOnlyList<IReadOnlyList<string>> Candidates =>
        [.. (Suggestions ?? _source.Visible).Select(column => (string[])[.. column.Qualifier, column.Column.Name])];

    /// <summary>Whether an aggregate function was met, be it one that analysis made a constant of.</summary>
    public bool UsesAggregates { get; private set; }

    /// <summary>Analyses an expression of this clause.</summary>
    public Expression Analyze(SyntaxNode node) => new ExpressionAnalyzer(this).Analyze(node);

    public Expression? Resolve(IReadOnlyList<string> parts, TextSpan span)
    {
        (Expression Value, int PartCount)? alias = AliasesFirst?.Invoke(parts, span);
        if (alias is null && PrefersAliases && _source.Find(parts).Found.Count > 1)
        {
            alias = AliasesAfter?.Invoke(parts, span);
        }

        (Expression Value, int PartCount)? found = alias ?? FindIn(_source, parts, span) ??
            AliasesAfter?.Invoke(parts, span) ?? (_outer is null ? null : FindIn(_outer, parts, span));
        return found is null
            ? null : FieldResolver.Resolve(found.Value.Value, parts.Skip(found.Value.PartCount), span);
    }

    public Literal? ResolveParameter(string name) => null;

    public Expression? AnalyzeForeign(SyntaxNode node, ExpressionAnalyzer analyzer)
    {
        UsesAggregates |= node is CallSyntax call &&
            Expressions.Analysis.Aggregates.IsAggregate(call.Name[^1].ToLowerInvariant());
        return AnalyzeOwn(node, analyzer);
    }

    private Expression? AnalyzeOwn(SyntaxNode node, ExpressionAnalyzer analyzer) => node switch
    {
        ScalarSubquerySyntax or ExistsSyntax or InSubquerySyntax when _subqueries is null =>
            throw QueryException.NotYet("a subquery in this clause", node.Span),
        ScalarSubquerySyntax scalar => _subqueries.AddScalar(scalar),
        ExistsSyntax exists => _subqueries.AddExists(exists),
        InSubquerySyntax membership => _subqueries.AddIn(membership, this),
        UnarySyntax { Operator: UnaryOperator.Not, Operand: InSubquerySyntax membership }
            when _subqueries is not null => _subqueries.AddIn(membership with { Negated = !membership.Negated }, this),
        CallSyntax call when Groupings is not null && GroupingFunctions.IsOne(call) => Groupings.Add(call, analyzer),
        CallSyntax call when SpreadStars(call) is CallSyntax spread && !ReferenceEquals(spread, call) =>
            analyzer.Analyze(spread),
        _ => null,
    };

    /// <summary>The call with a star among its arguments spread out into columns, except that of count(*).</summary>
    public CallSyntax SpreadStars(CallSyntax call)
    {
        bool countsRows = !call.Distinct && call.Arguments is [StarSyntax { Qualifier.Count: 0 }] &&
            call.Name is [string name] && name.Equals("count", StringComparison.OrdinalIgnoreCase);
        if (countsRows || !call.Arguments.Any(argument => argument is StarSyntax))
        {
            return call;
        }

        List<SyntaxNode> arguments = [];
        foreach (SyntaxNode argument in call.Arguments)
        {
            if (argument is not StarSyntax star)
            {
                arguments.Add(argument);
                continue;
            }

            IEnumerable<ScopeColumn> columns = star.Qualifier.Count == 0
                ? _source.Visible
                : _source.FindAll(star.Qualifier) ?? throw QueryException.NotYet("fields of a struct here", star.Span);
            arguments.AddRange(columns.Select(column => new NameSyntax(
                [.. column.Qualifier, column.Column.Name], star.Span)));
        }

        return call with { Arguments = arguments };
    }

    private static (Expression Value, int PartCount)? FindIn(Scope scope, IReadOnlyList<string> parts, TextSpan span)
    {
        (IReadOnlyList<ScopeColumn> found, int partCount) = scope.Find(parts);
        return found.Count switch
        {
            0 => null,
            1 => ((found[0].Column with { Name = parts[partCount - 1] }).Reference(span), partCount),
            _ => throw QueryErrors.AmbiguousColumn(parts, found, span),
        };
    }
}
