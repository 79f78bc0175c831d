using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// The keys and aggregates of one query. What is evaluated after grouping is rewritten over the groups' columns; what
/// is neither a key nor aggregated has no one value in a group.
/// </summary>
internal sealed class Grouping
{
    private readonly ColumnIds _ids;
    private readonly HashSet<int> _source;
    private readonly bool _hasKeys;
    private readonly List<ComputedColumn> _keys = [];
    private readonly List<ComputedColumn> _calls = [];
    private readonly GroupingFunctions _functions;
    private GroupingSets? _sets;

    private Grouping(ColumnIds ids, LogicalPlan source, bool hasKeys, GroupingFunctions functions)
    {
        _ids = ids;
        _functions = functions;
        _source = ColumnUse.OutputOf(source);
        _hasKeys = hasKeys;
    }

    /// <summary>The grouping of a query, its keys analysed.</summary>
    /// <param name="groupBy">GROUP BY, or null where the whole input is one group.</param>
    /// <param name="ids">Makes columns.</param>
    /// <param name="source">The rows that are grouped.</param>
    /// <param name="scope">What names in the keys mean.</param>
    /// <param name="functions">The calls of grouping() in all clauses.</param>
    /// <param name="items">The select list, for ordinals and ALL.</param>
    /// <param name="hasStar">Whether the select list has a star, beside which positions mean nothing.</param>
    public static Grouping Of(
        GroupBySyntax? groupBy,
        ColumnIds ids,
        LogicalPlan source,
        ExpressionScope scope,
        GroupingFunctions functions,
        IReadOnlyList<SelectItem> items,
        bool hasStar)
    {
        Grouping grouping = new(ids, source, groupBy is not null, functions);
        if (groupBy is { All: true } && scope.HasColumn("all"))
        {
            groupBy = groupBy with { All = false, Keys = [new NameSyntax(["all"], groupBy.Span)] };
        }

        if (groupBy is { All: true })
        {
            foreach (SelectItem item in items.Where(item => Aggregates.FirstIn(item.Value) is null))
            {
                grouping.AddKey(item.Value);
            }

            grouping.RequireAllResolved(items, groupBy.Span);
            return grouping;
        }

        Dictionary<SyntaxNode, int> positions = new(ReferenceEqualityComparer.Instance);
        foreach (SyntaxNode key in groupBy?.Keys ?? [])
        {
            if (hasStar && key is LiteralSyntax { Value: int })
            {
                throw new QueryException(
                    "STAR_GROUP_BY_POS", "0A000", "GROUP BY a position needs a select list without *", span: key.Span);
            }

            Expression value = Ordinal(key, items) ?? RequirePlain(scope.Analyze(key));
            positions.Add(key, grouping.AddKey(value, nullable: groupBy!.Sets is not null));
        }

        grouping._sets = groupBy?.Sets is null ? null : new GroupingSets(
            ids, grouping._keys, [.. groupBy.Sets.Select(set => set.Select(key => positions[key]).ToHashSet())]);
        return grouping;
    }

    /// <summary>Whether there is a GROUP BY.</summary>
    public bool HasKeys => _hasKeys;

    /// <summary>The groups, their keys first, their aggregates last.</summary>
    public LogicalPlan Build(LogicalPlan source) => _sets is null
        ? new LogicalAggregate(source, _keys, _calls)
        : _sets.Build(source, _calls);

    /// <summary>The expressions evaluated below the grouping.</summary>
    public IEnumerable<Expression> Inputs => _keys.Concat(_calls).Select(item => item.Value);

    /// <summary>The expression over the groups' columns.</summary>
    /// <exception cref="QueryException">It refers to a column that has no one value in a group.</exception>
    public Expression Rewrite(Expression expression) => ColumnUse.Rewrite(expression, Replace);

    /// <summary>The first column in an expression that has no one value in a group; null where there is none.</summary>
    public ColumnReference? FirstUngrouped(Expression expression)
    {
        if (expression is AggregateCall || KeyOf(expression) is not null)
        {
            return null;
        }

        return expression is ColumnReference reference && _source.Contains(reference.Index)
            ? reference
            : expression.Children.Select(FirstUngrouped).FirstOrDefault(found => found is not null);
    }

    private Expression? Replace(Expression expression)
    {
        if (KeyOf(expression) is LogicalColumn key)
        {
            return key.Reference(expression.Span);
        }

        return expression switch
        {
            AggregateCall call => CallColumn(call).Reference(call.Span),
            ColumnReference reference when _functions.Find(reference) is GroupingFunction function =>
                _sets?.Resolve(function).Reference(function.Span) ??
                    throw QueryErrors.UnsupportedGrouping(function.Span),
            ColumnReference reference when _source.Contains(reference.Index) =>
                throw (_hasKeys
                    ? QueryErrors.MissingAggregation(reference.Name, reference.Span)
                    : QueryErrors.MissingGroupBy(reference.Span)),
            _ => null,
        };
    }

    private LogicalColumn? KeyOf(Expression expression) => _keys
        .FirstOrDefault(key => ExpressionComparer.Instance.Equals(key.Value, expression)).Column;

    private LogicalColumn CallColumn(AggregateCall call)
    {
        foreach (ComputedColumn known in _calls)
        {
            if (ExpressionComparer.Instance.Equals(known.Value, call))
            {
                return known.Column;
            }
        }

        LogicalColumn column = _ids.New(call.Function.ToString().ToLowerInvariant(), call.Type, call.Nullable);
        _calls.Add(new ComputedColumn(column, call));
        return column;
    }

    // The position of the key, which may be there already.
    private int AddKey(Expression key, bool nullable = false)
    {
        int known = _keys.FindIndex(other => ExpressionComparer.Instance.Equals(other.Value, key));
        if (known >= 0)
        {
            return known;
        }

        RequireGroupable(key.Type, key.Span);
        string name = key is ColumnReference reference ? reference.Name : "key";
        _keys.Add(new ComputedColumn(_ids.New(name, key.Type, nullable || key.Nullable), key));
        return _keys.Count - 1;
    }

    /// <summary>Refuses types that keys cannot have, or not yet.</summary>
    private static void RequireGroupable(DataType type, TextSpan span)
    {
        if (type.Kind is TypeKind.Variant or TypeKind.CalendarInterval)
        {
            throw new QueryException(
                "GROUP_EXPRESSION_TYPE_IS_NOT_ORDERABLE",
                "42822",
                $"values of type {type} cannot be grouped by",
                new Dictionary<string, string> { ["dataType"] = $"\"{type.ToString().ToUpperInvariant()}\"" },
                span);
        }

        if (type.Kind == TypeKind.Map)
        {
            throw QueryException.NotYet("grouping by a map", span);
        }

        foreach (DataType inner in type.Fields.Select(field => field.Type).Append(type.Element).OfType<DataType>())
        {
            RequireGroupable(inner, span);
        }
    }

    // A bare whole number is a position in the select list; 1 + 0 is a number.
    private static Expression? Ordinal(SyntaxNode key, IReadOnlyList<SelectItem> items)
    {
        if (key is not LiteralSyntax { Value: int position })
        {
            return null;
        }

        if (position < 1 || position > items.Count)
        {
            throw QueryErrors.OutOfRange("GROUP_BY_POS_OUT_OF_RANGE", position, items.Count, key.Span);
        }

        Expression value = items[position - 1].Value;
        return Aggregates.FirstIn(value) is null ? value : throw new QueryException(
            "GROUP_BY_POS_AGGREGATE",
            "42903",
            $"GROUP BY {position} is an aggregate of the select list, which cannot be a key",
            new Dictionary<string, string> { ["index"] = $"{position}" },
            key.Span);
    }

    private static Expression RequirePlain(Expression key) => Aggregates.FirstIn(key) is AggregateCall call
        ? throw new QueryException(
            "GROUP_BY_AGGREGATE", "42903", "a key of GROUP BY cannot have an aggregate in it", span: call.Span)
        : key;

    // GROUP BY ALL finds no key in i + sum(j).
    private void RequireAllResolved(IReadOnlyList<SelectItem> items, TextSpan span)
    {
        if (items.Any(item => FirstUngrouped(item.Value) is not null))
        {
            throw new QueryException(
                "UNRESOLVED_ALL_IN_GROUP_BY",
                "42803",
                "GROUP BY ALL cannot tell the keys: an item mixes an aggregate with a column that is no item itself",
                span: span);
        }
    }
}
