using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>Turns a query as written into a typed plan; names are resolved, errors of meaning raised.</summary>
internal sealed class QueryAnalyzer
{
    private readonly StatementContext _context;
    private readonly NamedQueries _named;
    private readonly Scope? _outer;

    /// <param name="context">The statement.</param>
    /// <param name="named">The named queries that can be seen here.</param>
    /// <param name="outer">The columns of the query around this one; null = none.</param>
    public QueryAnalyzer(StatementContext context, NamedQueries named, Scope? outer = null)
    {
        _context = context;
        _named = named;
        _outer = outer;
    }

    /// <summary>The plan of a query; its output is the query's columns.</summary>
    public LogicalPlan Analyze(QuerySyntax query)
    {
        if (query.With.Count > 0)
        {
            return new QueryAnalyzer(_context, AnalyzeWith(query.With), _outer)
                .Analyze(query with { With = [] });
        }

        LogicalPlan plan = Unwrap(query.Body) is SelectBody select
            ? SelectAnalyzer.Analyze(_context, this, _outer, select, query)
            : AnalyzeOrdered(query);
        return LimitAnalyzer.Apply(plan, query);
    }

    /// <summary>The plan of a query inside an expression, which may refer to the columns around it.</summary>
    public LogicalPlan AnalyzeSubquery(QuerySyntax query, Scope around) =>
        new QueryAnalyzer(_context, _named, around).Analyze(query);

    /// <summary>The columns of an item of FROM.</summary>
    public Scope AnalyzeRelation(RelationSyntax relation) =>
        new RelationAnalyzer(_context, this, _named, _outer).Analyze(relation);

    /// <summary>The plan of a named query.</summary>
    public LogicalPlan AnalyzeNamed(NamedQuerySyntax query, NamedQueries visible, Scope? outer)
    {
        _context.CountExpansion(query.Span);
        LogicalPlan plan = new QueryAnalyzer(_context, visible, outer).Analyze(query.Query);
        return query.ColumnNames.Count == 0 ? plan : Renamed(plan, query.ColumnNames, query.Span);
    }

    /// <summary>The plan with other names for its columns.</summary>
    public LogicalPlan Renamed(LogicalPlan plan, IReadOnlyList<string> names, TextSpan span)
    {
        if (names.Count != plan.Output.Count)
        {
            throw new QueryException(
                "ASSIGNMENT_ARITY_MISMATCH",
                "42802",
                $"{names.Count} column names for {plan.Output.Count} columns",
                new Dictionary<string, string>
                {
                    ["numExpr"] = $"{names.Count}",
                    ["numTarget"] = $"{plan.Output.Count}",
                },
                span);
        }

        return new LogicalProject(plan, [.. plan.Output.Zip(names, (column, name) => new ComputedColumn(
            _context.Ids.New(name, column.Type, column.Nullable), column.Reference()))]);
    }

    /// <summary>The plan of VALUES.</summary>
    public LogicalValues AnalyzeValues(ValuesBody values, RelationAlias? alias)
    {
        int width = alias is { ColumnNames.Count: > 0 } ? alias.ColumnNames.Count : values.Rows[0].Count;
        List<Expression[]> rows = [];
        ExpressionScope scope = new(new Scope(new LogicalValues([], [[]]), []), _outer);
        foreach (IReadOnlyList<SyntaxNode> row in values.Rows)
        {
            if (row.Count != width)
            {
                throw new QueryException(
                    "INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH",
                    "42000",
                    $"VALUES: a row of {row.Count} values among rows of {width}",
                    new Dictionary<string, string>
                    {
                        ["expectedNumCols"] = $"{width}",
                        ["actualNumCols"] = $"{row.Count}",
                        ["rowIndex"] = $"{rows.Count}",
                    },
                    values.Span);
            }

            rows.Add([.. row.Select(value => RequireConstant(scope.Analyze(value)))]);
        }

        List<LogicalColumn> columns = [];
        for (int columnIndex = 0; columnIndex < width; columnIndex++)
        {
            DataType type = TypeWidening.OfValues([.. rows.Select(row => row[columnIndex].Type)], values.Span);
            foreach (Expression[] row in rows)
            {
                row[columnIndex] = TypeWidening.Convert(row[columnIndex], type);
            }

            bool nullable = rows.Any(row => row[columnIndex].Nullable);
            columns.Add(_context.Ids.New($"col{columnIndex + 1}", type, nullable));
        }

        return new LogicalValues(columns, rows);
    }

    private static Expression RequireConstant(Expression value) => ColumnUse.Of(value).Count == 0
        ? value
        : throw QueryException.NotYet("a column of an outer query in VALUES", value.Span);

    private NamedQueries AnalyzeWith(IReadOnlyList<NamedQuerySyntax> queries)
    {
        NamedQueries all = _named.With(queries, _outer);
        foreach (NamedQuerySyntax query in queries)
        {
            // Each is analysed once also where nobody uses it: its errors are the statement's.
            (NamedQuerySyntax found, NamedQueries visible, Scope? outer) = all.Find(query.Name)!.Value;
            AnalyzeNamed(found, visible, outer);
        }

        return all;
    }

    // Parentheses around a query without clauses of its own mean nothing.
    private static QueryBody Unwrap(QueryBody body) =>
        body is NestedBody
        {
            Query: { With.Count: 0, OrderBy.Count: 0, OrderByAll: null, Limit: null, Offset: null } inner,
        }
            ? Unwrap(inner.Body)
            : body;

    private LogicalPlan AnalyzeOrdered(QuerySyntax query)
    {
        LogicalPlan plan = AnalyzeBody(query.Body);
        return Ordering.OfOutput(plan, query, _outer);
    }

    private LogicalPlan AnalyzeBody(QueryBody body)
    {
        switch (Unwrap(body))
        {
            case SelectBody select:
                QuerySyntax bare = new([], select, [], null, null, select.Span);
                return SelectAnalyzer.Analyze(_context, this, _outer, select, bare);
            case ValuesBody values:
                LogicalValues rows = AnalyzeValues(values, values.Alias);
                return values.Alias is { ColumnNames.Count: > 0 } alias
                    ? Renamed(rows, alias.ColumnNames, values.Span)
                    : rows;
            case TableBody table:
                return AnalyzeRelation(table.Table).Plan;
            case NestedBody nested:
                return Analyze(nested.Query);
            case SetOperationBody operation:
                return AnalyzeOperations(operation);
            default:
                throw QueryException.NotYet("this query", body.Span);
        }
    }

    // A chain leans to the left and may be long: it is walked, not recursed into.
    private LogicalPlan AnalyzeOperations(SetOperationBody last)
    {
        Stack<SetOperationBody> chain = [];
        QueryBody first = last;
        while (first is SetOperationBody operation)
        {
            chain.Push(operation);
            first = operation.Left;
        }

        SetOperations operations = new(_context);
        LogicalPlan plan = AnalyzeBody(first);
        foreach (SetOperationBody operation in chain)
        {
            plan = operations.Combine(operation, plan, AnalyzeBody(operation.Right));
        }

        return plan;
    }
}
