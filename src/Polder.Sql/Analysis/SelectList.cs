using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// The items of SELECT: stars spread out, names given as Spark gives them, and aliases that later items refer to
/// (lateral column aliases) put in their place.
/// </summary>
internal sealed class SelectList
{
    private readonly ColumnIds _ids;
    private readonly Scope _source;
    private readonly Subqueries _subqueries;
    private readonly ExpressionScope _scope;
    private readonly List<SelectItem> _items = [];

    private SelectList(
        ColumnIds ids, Scope source, Scope? outer, Subqueries subqueries, GroupingFunctions groupings)
    {
        _ids = ids;
        _source = source;
        _subqueries = subqueries;
        _scope = new ExpressionScope(source, outer, subqueries)
        {
            AliasesAfter = FindEarlier,
            Groupings = groupings,
        };
    }

    /// <summary>The items, and whether any uses an aggregate.</summary>
    public static (IReadOnlyList<SelectItem> Items, bool UsesAggregates) Analyze(
        IReadOnlyList<SelectItemSyntax> items,
        ColumnIds ids,
        Scope source,
        Scope? outer,
        Subqueries subqueries,
        GroupingFunctions groupings)
    {
        SelectList list = new(ids, source, outer, subqueries, groupings);
        QueryException? first = null;
        foreach (SelectItemSyntax item in items)
        {
            try
            {
                list.Add(item);
            }
            catch (QueryException exception) when (first is null || exception.Condition == QueryException.Unsupported)
            {
                // What is not supported may be what Spark complains of first.
                first = exception;
                if (exception.Condition == QueryException.Unsupported)
                {
                    break;
                }
            }
            catch (QueryException)
            {
                // The first error of several is the one to tell.
            }
        }

        return first is null ? (list._items, list._scope.UsesAggregates) : throw first;
    }

    private void Add(SelectItemSyntax item)
    {
        if (item.Value is StarSyntax star)
        {
            AddStar(item, star);
            return;
        }

        Expression value = _scope.Analyze(item.Value);
        Aggregates.RequireNotNested(value);
        RequireNoAliasInAggregate(value);
        string name = item.Alias ??
            (item.Value is ScalarSubquerySyntax ? _subqueries.LastScalarName : new OutputNames(_scope).Of(item.Value));
        value = ColumnUse.Substitute(
            value, _items.ToDictionary(earlier => earlier.Column.Id, earlier => earlier.Value));
        ScopeColumn? source = value is ColumnReference reference && item.Alias is null
            ? _source.Columns.FirstOrDefault(column => column.Column.Id == reference.Index)
            : null;
        LogicalColumn output = _ids.New(name, value.Type, value.Nullable) with
        {
            Origin = source?.Column.Identity ?? 0,
        };
        _items.Add(new SelectItem(output, value, source, item.Alias is not null));
    }

    // Aliases to the left, by the first part of a name; a column of FROM goes before them.
    private (Expression Value, int PartCount)? FindEarlier(IReadOnlyList<string> parts, TextSpan span)
    {
        List<SelectItem> found = [.. _items.Where(
            item => item.IsAlias && string.Equals(item.Column.Name, parts[0], StringComparison.OrdinalIgnoreCase))];
        return found.Count switch
        {
            0 => null,
            1 => ((found[0].Column with { Name = $"lateralAliasReference({parts[0]})" }).Reference(span), 1),
            _ => throw new QueryException(
                "AMBIGUOUS_LATERAL_COLUMN_ALIAS",
                "42702",
                $"the alias {QueryErrors.Quote([parts[0]])} is given {found.Count} times before it is used",
                new Dictionary<string, string>
                {
                    ["name"] = QueryErrors.Quote([parts[0]]),
                    ["n"] = $"{found.Count}",
                },
                span),
        };
    }

    private void RequireNoAliasInAggregate(Expression value)
    {
        HashSet<int> aliases = [.. _items.Select(item => item.Column.Id)];
        if (Aggregates.AllIn(value).FirstOrDefault(call => ColumnUse.Of(call).Overlaps(aliases)) is AggregateCall call)
        {
            throw new QueryException(
                "UNSUPPORTED_FEATURE.LATERAL_COLUMN_ALIAS_IN_AGGREGATE_FUNC",
                "0A000",
                "an aggregate cannot use an alias of the same select list",
                span: call.Span);
        }
    }

    private void AddStar(SelectItemSyntax item, StarSyntax star)
    {
        if (item.Alias is not null)
        {
            throw new QueryException(
                "INVALID_USAGE_OF_STAR_OR_REGEX",
                "42000",
                "* stands for several columns and takes no alias",
                new Dictionary<string, string> { ["elem"] = "'*'", ["prettyName"] = "expression `alias`" },
                item.Span);
        }

        if (star.Qualifier.Count == 0)
        {
            AddColumns(_source.Visible, item);
        }
        else if (_source.FindAll(star.Qualifier) is IReadOnlyList<ScopeColumn> columns)
        {
            AddColumns(columns, item);
        }
        else
        {
            AddFields(star, item);
        }
    }

    private void AddColumns(IEnumerable<ScopeColumn> columns, SelectItemSyntax item)
    {
        List<ScopeColumn> kept = [.. columns];
        HashSet<int> dropped = [];
        foreach (NameSyntax name in item.Except)
        {
            (IReadOnlyList<ScopeColumn> found, int partCount) = new Scope(_source.Plan, kept).Find(name.Parts);
            if (found.Count == 0)
            {
                throw QueryErrors.UnresolvedColumn(name.Parts, kept, name.Span);
            }

            if (partCount < name.Parts.Count)
            {
                throw QueryException.NotYet("a field in * EXCEPT", name.Span);
            }

            if (found.Any(column => !dropped.Add(column.Column.Id)))
            {
                throw new QueryException(
                    "EXCEPT_OVERLAPPING_COLUMNS",
                    "42702",
                    "* EXCEPT names a column twice",
                    new Dictionary<string, string>
                    {
                        ["columns"] = string.Join(", ", item.Except.Select(column => string.Join('.', column.Parts))),
                    },
                    name.Span);
            }
        }

        foreach (ScopeColumn column in kept.Where(column => !dropped.Contains(column.Column.Id)))
        {
            LogicalColumn output = _ids.New(column.Column.Name, column.Column.Type, column.Column.Nullable) with
            {
                Origin = column.Column.Identity,
            };
            _items.Add(new SelectItem(output, column.Column.Reference(item.Span), column, false));
        }
    }

    private void AddFields(StarSyntax star, SelectItemSyntax item)
    {
        Expression? source;
        try
        {
            source = _scope.Resolve(star.Qualifier, star.Span);
        }
        catch (QueryException exception) when (exception.Condition.StartsWith(
            "UNRESOLVED_COLUMN", StringComparison.Ordinal))
        {
            string known = string.Join(", ", _source.Visible.Select(column => column.Column.Name));
            throw new QueryException(
                "CANNOT_RESOLVE_STAR_EXPAND",
                "42704",
                $"there is no relation and no struct {QueryErrors.Quote(star.Qualifier)} for .*",
                new Dictionary<string, string>
                {
                    ["targetString"] = QueryErrors.Quote(star.Qualifier),
                    ["columns"] = known,
                },
                star.Span);
        }

        if (source!.Type.Kind != Columns.TypeKind.Struct || item.Except.Count > 0)
        {
            throw QueryException.NotYet($"{string.Join('.', star.Qualifier)}.* of {source.Type}", star.Span);
        }

        for (int fieldIndex = 0; fieldIndex < source.Type.Fields.Count; fieldIndex++)
        {
            FieldAccess value = new(source, fieldIndex, star.Span);
            LogicalColumn output = _ids.New(source.Type.Fields[fieldIndex].Name, value.Type, value.Nullable);
            _items.Add(new SelectItem(output, value, null, false));
        }
    }
}
