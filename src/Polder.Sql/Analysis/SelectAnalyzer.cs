using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>SELECT with its clauses, and the ORDER BY of its query, which may use what SELECT does not yield.</summary>
internal sealed class SelectAnalyzer(StatementContext context, QueryAnalyzer queries, Scope? outer)
{
    /// <summary>The plan of a SELECT, in the order that the query asks for; its output is the select list.</summary>
    public LogicalPlan Analyze(SelectBody select, QuerySyntax query)
    {
        Scope source = select.From is null
            ? new Scope(new LogicalValues([], [[]]), [])
            : queries.AnalyzeRelation(select.From);
        source = Where(source, select.Where);

        Subqueries subqueries = new(queries, context, source);
        (IReadOnlyList<SelectItem> items, bool aggregates) = SelectList.Analyze(
            select.Items, context.Ids, source, outer, subqueries);
        return aggregates || select.GroupBy is not null || select.Having is not null
            ? Grouped(select, query, source, items, subqueries)
            : Plain(select, query, source, items, subqueries);
    }

    private Scope Where(Scope source, SyntaxNode? where)
    {
        if (where is null)
        {
            return source;
        }

        // [NOT] IN and [NOT] EXISTS are joins of their own, after what filters without them.
        Subqueries subqueries = new(queries, context, source);
        ExpressionScope scope = new(source, outer, subqueries);
        List<Expression> conditions = [];
        List<SyntaxNode> memberships = [];
        foreach (SyntaxNode term in Terms(where))
        {
            if (IsMembership(term))
            {
                memberships.Add(term);
            }
            else
            {
                conditions.Add(RequireCondition(scope.Analyze(term), "INVALID_WHERE_CONDITION", "WHERE"));
            }
        }

        LogicalPlan plan = Conjunction.Filter(subqueries.Attach(source.Plan, conditions), conditions);
        foreach (SyntaxNode membership in memberships)
        {
            plan = subqueries.TryFilter(plan, membership, scope)!;
        }

        return source with { Plan = plan };
    }

    private static IEnumerable<SyntaxNode> Terms(SyntaxNode node) =>
        node is BinarySyntax { Operator: BinaryOperator.And } and ? Terms(and.Left).Concat(Terms(and.Right)) : [node];

    private static bool IsMembership(SyntaxNode node) => node switch
    {
        UnarySyntax { Operator: UnaryOperator.Not } not => IsMembership(not.Operand),
        _ => node is InSubquerySyntax or ExistsSyntax,
    };

    private static Expression RequireCondition(Expression condition, string aggregateError, string clause)
    {
        if (condition.Type.Kind != TypeKind.Boolean)
        {
            throw new QueryException(
                "DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN",
                "42K09",
                $"{clause} takes a boolean, not {condition.Type}",
                new Dictionary<string, string> { ["type"] = $"\"{condition.Type.ToString().ToUpperInvariant()}\"" },
                condition.Span);
        }

        return aggregateError.Length > 0 && Aggregates.FirstIn(condition) is AggregateCall call
            ? throw new QueryException(
                aggregateError, "42903", $"{clause} cannot have an aggregate; use HAVING", span: call.Span)
            : condition;
    }

    private LogicalPlan Plain(
        SelectBody select,
        QuerySyntax query,
        Scope source,
        IReadOnlyList<SelectItem> items,
        Subqueries subqueries)
    {
        List<ComputedColumn> columns = [.. items.Select(item => new ComputedColumn(item.Column, item.Value))];
        if (select.Distinct)
        {
            LogicalPlan input = new LogicalProject(
                subqueries.Attach(source.Plan, columns.Select(column => column.Value)), columns);
            return Ordering.OfOutput(Distinct(input, select.Span), query, outer);
        }

        Ordering ordering = new(items, source, outer, subqueries);
        List<LogicalSortKey> keys = ordering.Analyze(query, expression => expression);
        LogicalPlan rows = subqueries.Attach(
            source.Plan, columns.Select(column => column.Value).Concat(keys.Select(key => key.Value)));
        return Ordering.Finish(rows, columns, keys, context.Ids);
    }

    private LogicalPlan Grouped(
        SelectBody select,
        QuerySyntax query,
        Scope source,
        IReadOnlyList<SelectItem> items,
        Subqueries subqueries)
    {
        ExpressionScope keyScope = new(source, outer, subqueries)
        {
            AliasesAfter = (parts, _) => items.FirstOrDefault(item => Matches(item, parts[0])) is SelectItem item
                ? (item.Value, 1) : null,
        };
        Grouping grouping = Grouping.Of(
            select.GroupBy,
            context.Ids,
            source.Plan,
            keyScope,
            items,
            select.Items.Any(item => item.Value is StarSyntax));
        List<ComputedColumn> columns =
            [.. items.Select(item => new ComputedColumn(item.Column, grouping.Rewrite(item.Value)))];
        Expression? having = select.Having is null
            ? null : grouping.Rewrite(Having(select.Having, source, items, grouping, subqueries));
        Ordering ordering = new(items, source, outer, subqueries, grouping);
        List<LogicalSortKey> keys = select.Distinct ? [] : ordering.Analyze(query, grouping.Rewrite);

        // Subqueries inside aggregates and keys belong to the rows, the others to the groups.
        LogicalPlan rows = subqueries.Attach(source.Plan, grouping.Inputs);
        List<Expression> used = [.. columns.Select(column => column.Value), .. keys.Select(key => key.Value)];
        used.AddRange(having is null ? [] : [having]);
        subqueries.RequireUncorrelated(columns.Select(column => column.Value));
        subqueries.Rewrite(used, grouping.Rewrite);
        LogicalPlan groups = subqueries.Attach(grouping.Build(rows), used);
        groups = Conjunction.Filter(groups, having is null ? [] : [having]);
        return select.Distinct
            ? Ordering.OfOutput(Distinct(new LogicalProject(groups, columns), select.Span), query, outer)
            : Ordering.Finish(groups, columns, keys, context.Ids);
    }

    private static bool Matches(SelectItem item, string name) =>
        string.Equals(item.Column.Name, name, StringComparison.OrdinalIgnoreCase);

    // A name in HAVING is a column of FROM where that has one value in a group, else an item of the select list.
    private Expression Having(
        SyntaxNode node,
        Scope source,
        IReadOnlyList<SelectItem> items,
        Grouping grouping,
        Subqueries subqueries)
    {
        HashSet<string> fromList = new(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            (Expression, int)? FindItem(IReadOnlyList<string> parts) =>
                items.FirstOrDefault(item => Matches(item, parts[0])) is SelectItem item ? (item.Value, 1) : null;
            ExpressionScope scope = new(source, outer, subqueries)
            {
                AliasesFirst = (parts, _) => fromList.Contains(parts[0]) ? FindItem(parts) : null,
                AliasesAfter = (parts, _) => FindItem(parts),
                Suggestions = [.. items.Select(item => new ScopeColumn(item.Column, []))],
            };
            Expression condition = RequireCondition(scope.Analyze(node), "", "HAVING");
            Aggregates.RequireNotNested(condition);
            if (grouping.FirstUngrouped(condition) is not ColumnReference ungrouped || !grouping.HasKeys)
            {
                return condition;
            }

            if (FindItem([ungrouped.Name]) is null || !fromList.Add(ungrouped.Name))
            {
                throw QueryErrors.UnresolvedColumn([ungrouped.Name], scope.Suggestions, ungrouped.Span);
            }
        }
    }

    private LogicalPlan Distinct(LogicalPlan input, TextSpan span) =>
        SetOperations.Distinct(input, context.Ids, span);
}
