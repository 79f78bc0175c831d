using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Sql.Parsing;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// UNION, INTERSECT and EXCEPT: columns by position, named as on the left, types widened pairwise, rows compared
/// null-safely.
/// </summary>
internal sealed class SetOperations(StatementContext context)
{
    /// <summary>The plan of an operation over the plans of its sides.</summary>
    public LogicalPlan Combine(SetOperationBody operation, LogicalPlan left, LogicalPlan right)
    {
        string name = operation.Operator.ToString().ToUpperInvariant() +
            (operation.All && operation.Operator != SetOperator.Union ? " ALL" : "");
        if (left.Output.Count != right.Output.Count)
        {
            throw QueryErrors.ColumnCountMismatch(
                name, left.Output.Count, right.Output.Count, operation.Right.Span);
        }

        if (operation.Operator != SetOperator.Union || !operation.All)
        {
            RequireComparable(left, operation.Left.Span);
            RequireComparable(right, operation.Right.Span);
        }

        List<DataType> types = [.. left.Output.Zip(right.Output, (one, other) => (one, other)).Select(
            (pair, index) => TypeWidening.OfPair(pair.one.Type, pair.other.Type) ??
                throw QueryErrors.ColumnTypeMismatch(
                    name, index, pair.one.Type, pair.other.Type, operation.Right.Span))];
        left = Converted(left, types);
        right = Converted(right, types);
        if (operation.Operator == SetOperator.Union)
        {
            LogicalColumn[] output = [.. left.Output.Zip(right.Output, (one, other) =>
                context.Ids.New(one.Name, one.Type, one.Nullable || other.Nullable))];
            IReadOnlyList<LogicalPlan> before = left is LogicalUnion flat ? flat.Inputs : [left];
            LogicalUnion union = new([.. before, right], output);
            return operation.All ? union : Distinct(union, context.Ids, operation.Span);
        }

        if (operation.All)
        {
            throw QueryException.NotYet(name, operation.Span);
        }

        Expression? same = Conjunction.Of(left.Output.Zip(right.Output, (one, other) => new Call(
            Function.NullSafeEqual, [one.Reference(), other.Reference()], DataType.Boolean, false)));
        LogicalJoinKind kind = operation.Operator == SetOperator.Intersect
            ? LogicalJoinKind.LeftSemi : LogicalJoinKind.LeftAnti;
        return Distinct(new LogicalJoin(left, right, kind, same), context.Ids, operation.Span);
    }

    /// <summary>Every row of a plan once.</summary>
    public static LogicalPlan Distinct(LogicalPlan plan, ColumnIds ids, TextSpan span)
    {
        RequireComparable(plan, span);
        ComputedColumn[] keys = [.. plan.Output.Select(column => new ComputedColumn(
            ids.New(column.Name, column.Type, column.Nullable), column.Reference()))];
        return plan.Output.Count == 0
            ? throw QueryException.NotYet("DISTINCT of no columns", span)
            : new LogicalAggregate(plan, keys, []);
    }

    private static void RequireComparable(LogicalPlan plan, TextSpan span)
    {
        foreach (LogicalColumn column in plan.Output)
        {
            TypeKind? kind = FindIncomparable(column.Type);
            if (kind is null)
            {
                continue;
            }

            string type = column.Type.ToString().ToUpperInvariant();
            throw kind == TypeKind.CalendarInterval
                ? QueryException.NotYet($"comparing rows with {column.Type}", span)
                : new QueryException(
                    $"UNSUPPORTED_FEATURE.SET_OPERATION_ON_{kind.ToString()!.ToUpperInvariant()}_TYPE",
                    "0A000",
                    $"rows with column {QueryErrors.Quote([column.Name])} of type {column.Type} cannot be compared",
                    new Dictionary<string, string>
                    {
                        ["colName"] = QueryErrors.Quote([column.Name]),
                        ["dataType"] = $"\"{type}\"",
                    },
                    span);
        }
    }

    private static TypeKind? FindIncomparable(DataType type) =>
        type.Kind is TypeKind.Map or TypeKind.Variant or TypeKind.CalendarInterval
            ? type.Kind
            : type.Fields.Select(field => field.Type).Append(type.Element).OfType<DataType>()
                .Select(FindIncomparable).FirstOrDefault(kind => kind is not null);

    private LogicalPlan Converted(LogicalPlan plan, List<DataType> types) =>
        plan.Output.Zip(types).All(pair => pair.First.Type.Equals(pair.Second))
            ? plan
            : new LogicalProject(plan, [.. plan.Output.Zip(types, (column, type) =>
            {
                Expression value = TypeWidening.Convert(column.Reference(), type);
                return new ComputedColumn(context.Ids.New(column.Name, type, value.Nullable), value);
            })]);
}
