using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// ORDER BY. A name is an item of the select list, else a column of FROM that SELECT does not yield: that one is
/// computed beside the items and dropped after the sort.
/// </summary>
internal sealed class Ordering
{
    private readonly IReadOnlyList<SelectItem> _items;
    private readonly Scope _source;
    private readonly ExpressionScope _scope;
    private readonly Grouping? _grouping;

    public Ordering(
        IReadOnlyList<SelectItem> items,
        Scope source,
        Scope? outer,
        Subqueries subqueries,
        Grouping? grouping = null,
        GroupingFunctions? groupings = null)
    {
        _items = items;
        _source = source;
        _grouping = grouping;
        _scope = new ExpressionScope(source, outer, subqueries)
        {
            AliasesFirst = FindItem,
            Suggestions = Suggestions,
            Groupings = groupings,
        };
    }

    private List<ScopeColumn> Suggestions => [.. _items.Select(item => new ScopeColumn(item.Column, []))];

    /// <summary>The rows of a plan in the order of a query that sees nothing but the plan's columns.</summary>
    public static LogicalPlan OfOutput(LogicalPlan plan, QuerySyntax query, Scope? outer)
    {
        Scope output = Scope.Of(plan);
        SelectItem[] items = [.. plan.Output.Select(column => new SelectItem(column, column.Reference(), null, true))];
        ExpressionScope scope = new(output, outer);
        List<LogicalSortKey> keys = [];
        foreach ((SortItemSyntax item, Expression? value) in Items(query, items))
        {
            keys.Add(Key(item, value ?? scope.Analyze(item.Key)));
        }

        return keys.Count == 0 ? plan : new LogicalSort(plan, keys);
    }

    /// <summary>The sort keys of a query, each rewritten as the items of its select list were.</summary>
    public List<LogicalSortKey> Analyze(QuerySyntax query, Func<Expression, Expression> rewrite)
    {
        List<LogicalSortKey> keys = [];
        foreach ((SortItemSyntax item, Expression? value) in Items(query, _items))
        {
            Expression key = value ?? _scope.Analyze(item.Key);
            Aggregates.RequireNotNested(key);
            if (_grouping is null && Aggregates.FirstIn(key) is AggregateCall call)
            {
                throw QueryException.NotYet("an aggregate in ORDER BY without GROUP BY", call.Span);
            }

            if (_grouping?.FirstUngrouped(key) is ColumnReference ungrouped)
            {
                throw QueryErrors.UnresolvedColumn([ungrouped.Name], Suggestions, ungrouped.Span);
            }

            keys.Add(Key(item, rewrite(key)));
        }

        foreach (SyntaxNode node in query.DistributeBy)
        {
            _scope.Analyze(node);
        }

        return keys;
    }

    /// <summary>Computes the items, sorts, and drops what was computed for the sort alone.</summary>
    public static LogicalPlan Finish(
        LogicalPlan input, IReadOnlyList<ComputedColumn> columns, IReadOnlyList<LogicalSortKey> keys, ColumnIds ids)
    {
        List<ComputedColumn> all = [.. columns];
        List<LogicalSortKey> sorted = [];
        foreach (LogicalSortKey key in keys)
        {
            LogicalColumn? column = all.FirstOrDefault(
                item => ExpressionComparer.Instance.Equals(item.Value, key.Value)).Column;
            if (column is null)
            {
                column = ids.New("sort", key.Value.Type, key.Value.Nullable);
                all.Add(new ComputedColumn(column, key.Value));
            }

            sorted.Add(key with { Value = column.Reference(key.Value.Span) });
        }

        LogicalPlan plan = new LogicalProject(input, all);
        plan = sorted.Count == 0 ? plan : new LogicalSort(plan, sorted);
        return all.Count == columns.Count ? plan : new LogicalProject(
            plan, [.. columns.Select(item => new ComputedColumn(item.Column, item.Column.Reference()))]);
    }

    // The items of ORDER BY; positions and ALL come with the value they stand for.
    private static IEnumerable<(SortItemSyntax Item, Expression? Value)> Items(
        QuerySyntax query, IReadOnlyList<SelectItem> items)
    {
        if (query.OrderByAll is SortItemSyntax all)
        {
            return items.Select(item => (all, (Expression?)item.Value));
        }

        return query.OrderBy.Select(item => (item, Ordinal(item.Key, items)));
    }

    private static Expression? Ordinal(SyntaxNode key, IReadOnlyList<SelectItem> items) =>
        key is not LiteralSyntax { Value: int position } ? null
            : position < 1 || position > items.Count
                ? throw QueryErrors.OutOfRange("ORDER_BY_POS_OUT_OF_RANGE", position, items.Count, key.Span)
                : items[position - 1].Value;

    private static LogicalSortKey Key(SortItemSyntax item, Expression value)
    {
        RequireOrderable(value.Type, value.Type, item.Span);
        return new LogicalSortKey(value, item.Descending, item.NullsFirst);
    }

    private static void RequireOrderable(DataType type, DataType whole, TextSpan span)
    {
        if (type.Kind is TypeKind.Map or TypeKind.Variant or TypeKind.CalendarInterval)
        {
            throw new QueryException(
                "DATATYPE_MISMATCH.INVALID_ORDERING_TYPE",
                "42K09",
                $"values of type {whole} have no order",
                new Dictionary<string, string>
                {
                    ["functionName"] = "`sortorder`",
                    ["dataType"] = $"\"{whole.ToString().ToUpperInvariant()}\"",
                },
                span);
        }

        foreach (DataType inner in type.Fields.Select(field => field.Type).Append(type.Element).OfType<DataType>())
        {
            RequireOrderable(inner, whole, span);
        }
    }

    private (Expression Value, int PartCount)? FindItem(IReadOnlyList<string> parts, TextSpan span)
    {
        // t.k is a column of t before it is a field of an item t.
        if (parts.Count > 1 && _source.Find(parts).PartCount > 1)
        {
            return null;
        }

        List<Expression> found = [.. _items
            .Where(item => string.Equals(item.Column.Name, parts[0], StringComparison.OrdinalIgnoreCase))
            .Select(item => item.Value).Distinct(ExpressionComparer.Instance)];
        return found.Count switch
        {
            0 => null,
            1 => (found[0], 1),
            _ => throw QueryErrors.UnresolvedColumn(parts, Suggestions, span),
        };
    }
}
