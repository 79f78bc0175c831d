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
internal sealed class SelectAnalyzer
{
    private readonly StatementContext _context;
    private readonly QueryAnalyzer _queries;
    private readonly Scope? _outer;
    private readonly SelectBody _select;
    private readonly QuerySyntax _query;
    private readonly Scope _source;
    private readonly Subqueries _subqueries;
    private readonly GroupingFunctions _groupings;
    private readonly IReadOnlyList<SelectItem> _items;
    private readonly bool _aggregates;

    private SelectAnalyzer(
        StatementContext context, QueryAnalyzer queries, Scope? outer, SelectBody select, QuerySyntax query)
    {
        _context = context;
        _queries = queries;
        _outer = outer;
        _select = select;
        _query = query;
        Scope from = select.From is null
            ? new Scope(new LogicalValues([], [[]]), [])
            : queries.AnalyzeRelation(select.From);
        _source = select.Where is null ? from : Filtered(from, select.Where);
        _subqueries = new Subqueries(queries, context, _source);
        _groupings = new GroupingFunctions(context.Ids);
        (_items, _aggregates) = SelectList.Analyze(
            select.Items, context.Ids, _source, outer, _subqueries, _groupings);
    }

    /// <summary>The plan of a SELECT, in the order that its query asks for; its output is the select list.</summary>
    public static LogicalPlan Analyze(
        StatementContext context, QueryAnalyzer queries, Scope? outer, SelectBody select, QuerySyntax query)
    {
        SelectAnalyzer analyzer = new(context, queries, outer, select, query);
        if (analyzer._groupings.First is GroupingFunction function && select.GroupBy?.Sets is null)
        {
            throw QueryErrors.UnsupportedGrouping(function.Span);
        }

        return analyzer._aggregates || select.GroupBy is not null || select.Having is not null
            ? analyzer.Grouped()
            : analyzer.Plain();
    }

    private Scope Filtered(Scope source, SyntaxNode where)
    {
        // [NOT] IN and [NOT] EXISTS are joins of their own, after what filters without them.
        Subqueries subqueries = new(_queries, _context, source);
        ExpressionScope scope = new(source, _outer, subqueries);
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

    private LogicalPlan Plain()
    {
        List<ComputedColumn> columns = [.. _items.Select(item => new ComputedColumn(item.Column, item.Value))];
        IEnumerable<Expression> values = columns.Select(column => column.Value);
        if (_select.Distinct)
        {
            return Distinct(new LogicalProject(_subqueries.Attach(_source.Plan, values), columns));
        }

        Ordering ordering = new(_items, _source, _outer, _subqueries);
        List<LogicalSortKey> keys = ordering.Analyze(_query, expression => expression);
        LogicalPlan rows = _subqueries.Attach(_source.Plan, values.Concat(keys.Select(key => key.Value)));
        return Ordering.Finish(rows, columns, keys, _context.Ids);
    }

    private LogicalPlan Grouped()
    {
        ExpressionScope keyScope = new(_source, _outer, _subqueries)
        {
            AliasesAfter = (parts, _) => FindItem(parts),
        };
        Grouping grouping = Grouping.Of(
            _select.GroupBy,
            _context.Ids,
            _source.Plan,
            keyScope,
            _groupings,
            _items,
            _select.Items.Any(item => item.Value is StarSyntax));
        List<ComputedColumn> columns =
            [.. _items.Select(item => new ComputedColumn(item.Column, grouping.Rewrite(item.Value)))];
        Expression? having = _select.Having is null ? null : grouping.Rewrite(Having(_select.Having, grouping));
        Ordering ordering = new(_items, _source, _outer, _subqueries, grouping, _groupings);
        List<LogicalSortKey> keys = _select.Distinct ? [] : ordering.Analyze(_query, grouping.Rewrite);

        // Subqueries inside aggregates and keys belong to the rows, the others to the groups.
        LogicalPlan rows = _subqueries.Attach(_source.Plan, grouping.Inputs);
        List<Expression> used = [.. columns.Select(column => column.Value), .. keys.Select(key => key.Value)];
        used.AddRange(having is null ? [] : [having]);
        _subqueries.RequireUncorrelated(columns.Select(column => column.Value));
        _subqueries.Rewrite(used, grouping.Rewrite);
        LogicalPlan groups = _subqueries.Attach(grouping.Build(rows), used);
        groups = Conjunction.Filter(groups, having is null ? [] : [having]);
        return _select.Distinct
            ? Distinct(new LogicalProject(groups, columns))
            : Ordering.Finish(groups, columns, keys, _context.Ids);
    }

    private (Expression Value, int PartCount)? FindItem(IReadOnlyList<string> parts) =>
        _items.FirstOrDefault(item => string.Equals(item.Column.Name, parts[0], StringComparison.OrdinalIgnoreCase))
            is SelectItem item ? (item.Value, 1) : null;

    // A name in HAVING is a column of FROM where that has one value in a group, else an item of the select list.
    private Expression Having(SyntaxNode node, Grouping grouping)
    {
        HashSet<string> fromList = new(StringComparer.OrdinalIgnoreCase);
        while (true)
        {
            ExpressionScope scope = new(_source, _outer, _subqueries)
            {
                AliasesFirst = (parts, _) => fromList.Contains(parts[0]) ? FindItem(parts) : null,
                AliasesAfter = (parts, _) => FindItem(parts),
                PrefersAliases = true,
                Suggestions = [.. _items.Select(item => new ScopeColumn(item.Column, []))],
                Groupings = _groupings,
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

    private LogicalPlan Distinct(LogicalPlan input) =>
        Ordering.OfOutput(SetOperations.Distinct(input, _context.Ids, _select.Span), _query, _outer);
}
