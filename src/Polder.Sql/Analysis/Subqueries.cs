using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// The subqueries met in the expressions of one query. Each becomes a join that brings a column; the expression refers
/// to that column, and the query attaches the joins below where they are referred to.
/// </summary>
internal sealed class Subqueries
{
    private readonly QueryAnalyzer _queries;
    private readonly Scope _source;
    private readonly StatementContext _context;
    private readonly List<Pending> _pending = [];

    /// <param name="queries">Analyses the subqueries.</param>
    /// <param name="context">The statement.</param>
    /// <param name="source">The columns that a correlated subquery may refer to.</param>
    public Subqueries(QueryAnalyzer queries, StatementContext context, Scope source)
    {
        _queries = queries;
        _context = context;
        _source = source;
    }

    /// <summary>A subquery as a value: its only column in its only row, NULL where there is none.</summary>
    public Expression AddScalar(ScalarSubquerySyntax node)
    {
        LogicalPlan plan = _queries.AnalyzeSubquery((QuerySyntax)node.Query, _source);
        RequireColumns(plan.Output.Count, 1, node.Span);
        (Decorrelation query, Expression value) = Decorrelation.OfValue(plan, _context.Ids, node.Span);
        _pending.Add(new Pending(query.Plan, LogicalJoinKind.LeftSingle, query.Condition, null, node.Span));
        LastScalarName = NameOf("scalarsubquery", query);
        return value is ColumnReference column
            ? new ColumnReference(column.Index, LastScalarName, column.Type, true, node.Span)
            : value;
    }

    /// <summary>What Spark calls the scalar subquery added last: its name lists the outer columns it uses.</summary>
    public string LastScalarName { get; private set; } = "";

    /// <summary>EXISTS as a value.</summary>
    public Expression AddExists(ExistsSyntax node)
    {
        Decorrelation query = AnalyzeExists(node);
        return AddMark(query.Plan, query.Condition, NameOf("exists", query));
    }

    /// <summary>IN as a value: never NULL outside a filter, as in Spark.</summary>
    public Expression AddIn(InSubquerySyntax node, ExpressionScope scope)
    {
        (LogicalPlan plan, List<Expression> equalities, Expression? condition) = AnalyzeIn(node, scope);
        if (node.Operand is LiteralSyntax { Value: null })
        {
            return node.Negated
                ? throw QueryException.NotYet("NULL NOT IN (subquery) as a value", node.Span)
                : new Literal(null, DataType.Boolean, node.Span);
        }

        string name = $"({string.Join(", ", equalities.Select(
            equality => ExpressionText.Format(equality.Children[0])))} IN (listquery()))";
        if (!node.Negated)
        {
            return AddMark(plan, Conjunction.Of([.. equalities, .. Conjunction.Split(condition)]), name);
        }

        Expression mark = AddMark(
            plan, Conjunction.Of([.. equalities.Select(OrNull), .. Conjunction.Split(condition)]), name);
        return new Call(Function.Not, [mark], DataType.Boolean, false, node.Span);
    }

    /// <summary>The plan filtered by a condition that is [NOT] EXISTS or [NOT] IN; null for any other.</summary>
    public LogicalPlan? TryFilter(LogicalPlan plan, SyntaxNode condition, ExpressionScope scope)
    {
        bool negated = false;
        while (condition is UnarySyntax { Operator: UnaryOperator.Not } not)
        {
            negated = !negated;
            condition = not.Operand;
        }

        LogicalJoinKind kind = negated ? LogicalJoinKind.LeftAnti : LogicalJoinKind.LeftSemi;
        switch (condition)
        {
            case ExistsSyntax exists:
                Decorrelation query = AnalyzeExists(exists);
                return new LogicalJoin(plan, query.Plan, kind, query.Condition);
            case InSubquerySyntax membership:
                (LogicalPlan right, List<Expression> equalities, Expression? correlated) =
                    AnalyzeIn(membership, scope);
                plan = Attach(plan, equalities);
                bool anti = negated != membership.Negated;
                bool nullAware = anti && correlated is null;
                IEnumerable<Expression> comparisons = anti && !nullAware ? equalities.Select(OrNull) : equalities;
                return new LogicalJoin(
                    plan,
                    right,
                    anti ? LogicalJoinKind.LeftAnti : LogicalJoinKind.LeftSemi,
                    Conjunction.Of([.. comparisons, .. Conjunction.Split(correlated)]),
                    nullAware);
            default:
                return null;
        }
    }

    /// <summary>The plan joined with the subqueries that some of the expressions refer to.</summary>
    /// <param name="plan">The input.</param>
    /// <param name="expressions">What will be evaluated over the result.</param>
    public LogicalPlan Attach(LogicalPlan plan, IEnumerable<Expression> expressions)
    {
        HashSet<int> used = [.. expressions.SelectMany(ColumnUse.Of)];
        foreach (Pending pending in _pending.ToList())
        {
            if (pending.Ids.Any(used.Contains))
            {
                plan = new LogicalJoin(plan, pending.Plan, pending.Kind, pending.Condition, mark: pending.Mark);
                _pending.Remove(pending);
            }
        }

        return plan;
    }

    /// <summary>Fails where an expression over groups uses a scalar subquery that refers to the outer row.</summary>
    public void RequireUncorrelated(IEnumerable<Expression> expressions)
    {
        HashSet<int> used = [.. expressions.SelectMany(ColumnUse.Of)];
        if (_pending.FirstOrDefault(item => item is { Mark: null, Condition: not null } && item.Ids.Any(used.Contains))
            is Pending pending)
        {
            throw new QueryException(
                "SCALAR_SUBQUERY_IS_IN_GROUP_BY_OR_AGGREGATE_FUNCTION",
                "0A000",
                "a correlated subquery beside aggregates must be grouped by as well",
                span: pending.Span);
        }
    }

    /// <summary>Rewrites what the subqueries compare with that some of the expressions refer to.</summary>
    public void Rewrite(IEnumerable<Expression> expressions, System.Func<Expression, Expression> rewrite)
    {
        HashSet<int> used = [.. expressions.SelectMany(ColumnUse.Of)];
        _pending.RemoveAll(pending => !pending.Ids.Any(used.Contains));
        for (int index = 0; index < _pending.Count; index++)
        {
            Expression? condition = _pending[index].Condition;
            _pending[index] = _pending[index] with { Condition = condition is null ? null : rewrite(condition) };
        }
    }

    private string NameOf(string kind, Decorrelation query)
    {
        IEnumerable<string> names = query.References.Order().Select(id =>
            _source.Columns.FirstOrDefault(column => column.Column.Id == id)?.Column.Name ?? "");
        return $"{kind}({string.Join(", ", names)})";
    }

    private ColumnReference AddMark(LogicalPlan plan, Expression? condition, string name)
    {
        LogicalColumn mark = _context.Ids.New(name, DataType.Boolean, false);
        _pending.Add(new Pending(plan, LogicalJoinKind.LeftMark, condition, mark, default));
        return mark.Reference();
    }

    private static Call OrNull(Expression condition) => new(
        Function.Or,
        [condition, new Call(Function.IsNull, [condition], DataType.Boolean, false, condition.Span)],
        DataType.Boolean,
        true,
        condition.Span);

    // Whether there is a row does not depend on how many are kept, unless none is.
    private Decorrelation AnalyzeExists(ExistsSyntax node)
    {
        LogicalPlan plan = _queries.AnalyzeSubquery((QuerySyntax)node.Query, _source);
        return Decorrelation.Of(
            plan is LogicalLimit { Count: null or > 0, Offset: 0 } limit ? limit.Input : plan,
            _context.Ids,
            node.Span);
    }

    private (LogicalPlan Plan, List<Expression> Equalities, Expression? Condition) AnalyzeIn(
        InSubquerySyntax node, ExpressionScope scope)
    {
        LogicalPlan plan = _queries.AnalyzeSubquery((QuerySyntax)node.Query, _source);
        Decorrelation query = Decorrelation.Of(plan, _context.Ids, node.Span);
        IReadOnlyList<SyntaxNode> operands = node.Operand is TupleSyntax tuple ? tuple.Items : [node.Operand];
        IReadOnlyList<LogicalColumn> columns = plan.Output;
        if (operands.Count != columns.Count)
        {
            throw new QueryException(
                "DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH",
                "42K09",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"IN compares {operands.Count} values with a subquery of {columns.Count} columns"),
                span: node.Span);
        }

        List<Expression> equalities = [.. operands.Zip(
            columns, (operand, column) => Equalities.Of(scope.Analyze(operand), column.Reference(), node.Span))];
        return (query.Plan, equalities, query.Condition);
    }

    private static void RequireColumns(int found, int wanted, TextSpan span)
    {
        if (found != wanted)
        {
            throw new QueryException(
                "INVALID_SUBQUERY_EXPRESSION.SCALAR_SUBQUERY_RETURN_MORE_THAN_ONE_OUTPUT_COLUMN",
                "42823",
                string.Create(
                    CultureInfo.InvariantCulture, $"a subquery used as a value has one column, not {found}"),
                new Dictionary<string, string> { ["number"] = found.ToString(CultureInfo.InvariantCulture) },
                span);
        }
    }

    private sealed record Pending(
        LogicalPlan Plan, LogicalJoinKind Kind, Expression? Condition, LogicalColumn? Mark, TextSpan Span)
    {
        /// <summary>The ids of what it adds to a row.</summary>
        public IEnumerable<int> Ids => Mark is null ? Plan.Output.Select(column => column.Id) : [Mark.Id];
    }
}
