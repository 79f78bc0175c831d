using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;
using Polder.Sql.Tables;

namespace Polder.Sql.Analysis;

/// <summary>FROM: tables, subqueries and joins, and the columns they bring.</summary>
internal sealed class RelationAnalyzer(
    StatementContext context, QueryAnalyzer queries, NamedQueries named, Scope? outer)
{
    /// <summary>The columns of an item of FROM.</summary>
    public Scope Analyze(RelationSyntax relation) => relation switch
    {
        TableSyntax table => AnalyzeTable(table),
        SubquerySyntax subquery => Aliased(
            Scope.Of(new QueryAnalyzer(context, named, outer).Analyze(subquery.Query)), subquery.Alias, subquery.Span),
        InlineTableSyntax values => Aliased(
            Scope.Of(queries.AnalyzeValues(values.Values, values.Alias)), values.Alias, values.Span),
        TableFunctionSyntax function => Aliased(AnalyzeFunction(function), function.Alias, function.Span),
        NestedRelationSyntax nested => Aliased(Analyze(nested.Relation), nested.Alias, nested.Span),
        JoinSyntax join => AnalyzeJoin(join),
        _ => throw QueryException.NotYet("this relation", relation.Span),
    };

    private Scope Aliased(Scope scope, RelationAlias? alias, TextSpan span)
    {
        if (alias is null)
        {
            return scope;
        }

        List<LogicalColumn> columns = [.. scope.Visible.Select(column => column.Column)];
        LogicalPlan plan = scope.Plan;
        if (alias.ColumnNames.Count > 0)
        {
            LogicalProject visible = new(
                plan, [.. columns.Select(column => new ComputedColumn(column, column.Reference()))]);
            plan = queries.Renamed(visible, alias.ColumnNames, span);
            columns = [.. plan.Output];
        }

        return new Scope(plan, [.. columns.Select(column => new ScopeColumn(column, [alias.Name]))]);
    }

    private Scope AnalyzeTable(TableSyntax table)
    {
        if (table.Name.Count == 1 && named.Find(table.Name[0]) is { } found)
        {
            return table.Travel is TimeTravelSyntax travel
                ? throw new QueryException(
                    "UNSUPPORTED_FEATURE.TIME_TRAVEL",
                    "0A000",
                    $"the named query {QueryErrors.Quote(table.Name)} has no versions",
                    new Dictionary<string, string> { ["relationId"] = QueryErrors.Quote(table.Name) },
                    travel.Span)
                : Aliased(
                    Scope.Of(queries.AnalyzeNamed(found.Query, found.Visible, found.Outer), table.Name[0]),
                    table.Alias,
                    table.Span);
        }

        ResolvedTable resolved = context.FindTable(table) ??
            throw QueryErrors.TableNotFound(table.Name, table.Span);
        LogicalScan scan = new(
            resolved,
            [.. resolved.Schema.Fields.Select(field => context.Ids.New(field.Name, field.Type, field.Nullable))],
            [.. Enumerable.Range(0, resolved.Schema.Fields.Count)]);
        return Aliased(Scope.Of(scan, resolved.Qualifier), table.Alias, table.Span);
    }

    private Scope AnalyzeFunction(TableFunctionSyntax function)
    {
        ExpressionScope nothing = new(new Scope(new LogicalValues([], [[]]), []));
        RangeTable range = RangeTable.Create([.. function.Arguments.Select(nothing.Analyze)], function.Span);
        StructField field = range.Schema.Fields[0];
        return Scope.Of(new LogicalScan(range, [context.Ids.New(field.Name, field.Type, field.Nullable)], [0]));
    }

    private Scope AnalyzeJoin(JoinSyntax join)
    {
        Scope left = Analyze(join.Left);
        Scope right = Analyze(join.Right);
        if (join is { Natural: true, Kind: LogicalJoinKind.LeftSemi or LogicalJoinKind.LeftAnti })
        {
            throw QueryException.NotYet("NATURAL SEMI and ANTI joins", join.Span);
        }

        IReadOnlyList<string> keys = join.Natural ? CommonNames(left, right) : join.Using;
        if (keys.Count > 0)
        {
            return AnalyzeUsing(join, left, right, keys);
        }

        LogicalJoin pairs = new(left.Plan, right.Plan, join.Kind, null);
        Expression? condition = join.On is null ? null : new ExpressionScope(
            new Scope(pairs, [.. left.Columns, .. right.Columns]), outer).Analyze(join.On);
        if (condition is not null)
        {
            RequireCondition(condition);
        }

        return ScopeOf(new LogicalJoin(left.Plan, right.Plan, join.Kind, condition), left.Columns, right.Columns);
    }

    private static void RequireCondition(Expression condition)
    {
        if (condition.Type.Kind != TypeKind.Boolean)
        {
            throw new QueryException(
                "JOIN_CONDITION_IS_NOT_BOOLEAN_TYPE",
                "42K0E",
                $"a join condition is boolean, not {condition.Type}",
                new Dictionary<string, string> { ["conditionType"] = $"\"{condition.Type}\"".ToUpperInvariant() },
                condition.Span);
        }

        if (Aggregates.FirstIn(condition) is AggregateCall call)
        {
            throw new QueryException(
                "UNSUPPORTED_EXPR_FOR_OPERATOR", "42K0E", "a join condition has no aggregates", span: call.Span);
        }
    }

    private static List<string> CommonNames(Scope left, Scope right) =>
        [.. left.Visible.Select(column => column.Column.Name).Where(name => right.Visible.Any(
            other => string.Equals(other.Column.Name, name, StringComparison.OrdinalIgnoreCase)))];

    // The columns of a join, as nullable as the join makes them.
    private static Scope ScopeOf(LogicalJoin join, params IReadOnlyList<ScopeColumn>[] sides)
    {
        Dictionary<int, LogicalColumn> output = join.Output.ToDictionary(column => column.Id);
        return new Scope(join, [.. sides.SelectMany(side => side)
            .Where(column => output.ContainsKey(column.Column.Id))
            .Select(column => column with { Column = output[column.Column.Id] })]);
    }

    private Scope AnalyzeUsing(JoinSyntax join, Scope left, Scope right, IReadOnlyList<string> names)
    {
        List<(ScopeColumn Left, ScopeColumn Right)> keys = [.. names.Select(name => (
            FindKey(left, name, "left", join), FindKey(right, name, "right", join)))];
        Expression? condition = Conjunction.Of(keys.Select(key => Equalities.Of(
            key.Left.Column.Reference(), key.Right.Column.Reference(), join.Span)));
        LogicalJoin joined = new(left.Plan, right.Plan, join.Kind, condition);
        if (join.Kind is LogicalJoinKind.LeftSemi or LogicalJoinKind.LeftAnti)
        {
            return ScopeOf(joined, left.Columns);
        }

        HashSet<int> leftKeys = [.. keys.Select(key => key.Left.Column.Id)];
        HashSet<int> rightKeys = [.. keys.Select(key => key.Right.Column.Id)];
        if (join.Kind == LogicalJoinKind.FullOuter)
        {
            return AnalyzeFullUsing(joined, left, right, keys);
        }

        // The side that every row of the result has a row of gives the shared key.
        bool fromRight = join.Kind == LogicalJoinKind.RightOuter;
        HashSet<int> hidden = fromRight ? leftKeys : rightKeys;
        IEnumerable<ScopeColumn> shared = keys.Select(key => fromRight ? key.Right : key.Left);
        return ScopeOf(
            joined,
            [.. shared],
            Others(left, leftKeys),
            Others(right, rightKeys),
            [.. left.Columns.Concat(right.Columns).Where(column => hidden.Contains(column.Column.Id))
                .Select(column => column with { QualifiedOnly = true })]);
    }

    private static List<ScopeColumn> Others(Scope side, HashSet<int> keys) =>
        [.. side.Columns.Where(column => !keys.Contains(column.Column.Id))];

    private Scope AnalyzeFullUsing(
        LogicalJoin joined, Scope left, Scope right, List<(ScopeColumn Left, ScopeColumn Right)> keys)
    {
        Scope sides = ScopeOf(joined, left.Columns, right.Columns);
        List<ComputedColumn> shared = [];
        foreach ((ScopeColumn leftKey, ScopeColumn rightKey) in keys)
        {
            DataType type = TypeWidening.OfValues([leftKey.Column.Type, rightKey.Column.Type], default);
            Expression value = new Call(
                Function.Coalesce,
                [
                    TypeWidening.Convert(Nullable(leftKey.Column), type),
                    TypeWidening.Convert(Nullable(rightKey.Column), type),
                ],
                type,
                true);
            shared.Add(new ComputedColumn(context.Ids.New(leftKey.Column.Name, type, true), value));
        }

        LogicalProject project = new(
            joined,
            [.. shared, .. joined.Output.Select(column => new ComputedColumn(column, column.Reference()))]);
        HashSet<int> hidden = [.. keys.SelectMany(key => (int[])[key.Left.Column.Id, key.Right.Column.Id])];
        return new Scope(
            project,
            [
                .. shared.Select(key => new ScopeColumn(key.Column, [])),
                .. sides.Columns.Select(column =>
                    hidden.Contains(column.Column.Id) ? column with { QualifiedOnly = true } : column),
            ]);
    }

    private static ColumnReference Nullable(LogicalColumn column) => new(column.Id, column.Name, column.Type, true);

    private static ScopeColumn FindKey(Scope side, string name, string which, JoinSyntax join)
    {
        List<ScopeColumn> found = [.. side.Visible.Where(
            column => string.Equals(column.Column.Name, name, StringComparison.OrdinalIgnoreCase))];
        if (found.Count > 1)
        {
            throw QueryErrors.AmbiguousColumn([name], found, join.Span);
        }

        string known = string.Join(", ", side.Visible.Select(column => QueryErrors.Quote([column.Column.Name])));
        return found.Count == 1 ? found[0] : throw new QueryException(
            "UNRESOLVED_USING_COLUMN_FOR_JOIN",
            "42703",
            $"USING: the {which} side has no column {QueryErrors.Quote([name])}, only {known}",
            new Dictionary<string, string>
            {
                ["colName"] = QueryErrors.Quote([name]),
                ["side"] = which,
                ["suggestion"] = known,
            },
            join.Span);
    }
}
