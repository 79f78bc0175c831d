using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Aggregates;
using Polder.Execution.Joins;
using Polder.Execution.Pipelines;
using Polder.Execution.Sorting;

namespace Polder.Execution;

/// <summary>
/// Cuts a plan into pipelines: each runs from its sources up to an operator that needs all rows. Columns that nobody
/// above needs are left out on the way.
/// </summary>
internal sealed class PlanCompiler(QueryContext context)
{
    /// <summary>Up to so many rows an order with a limit keeps the first rows only, instead of sorting all.</summary>
    private const int MaxTopRows = 100_000;

    public Pipeline Compile(PlanNode node) => Compile(node, ColumnSet.All(node.Output.Fields.Count));

    private Pipeline Compile(PlanNode node, ColumnSet needed)
    {
        switch (node)
        {
            case ScanNode scan:
                return new Pipeline(new ScanSource(scan.Source));
            case ValuesNode values:
                return new Pipeline(new ValuesSource(values.Batch));
            case FilterNode filter:
                Pipeline filtered = Compile(filter.Input, needed.With([filter.Condition]));
                filtered.Append(new FilterStep(context.Prepare(filter.Condition)));
                return filtered;
            case ProjectNode project:
                return CompileProject(project, needed);
            case UnionNode union:
                return new Pipeline(union.Inputs.Select(input => Compile(input, needed)));
            case AggregateNode aggregate:
                return CompileAggregate(aggregate);
            case SortNode sort:
                SortSink sink = new(new SortPlan(sort.Keys, context), context.Memory);
                Pipeline unsorted = Compile(sort.Input, needed.With(sort.Keys.Select(key => key.Expression)));
                return new Pipeline(new SinkSource(unsorted, sink, sort.Output, () => sink.RowCount, sink.Build));
            case LimitNode limit:
                return CompileLimit(limit, needed);
            case JoinNode join:
                return CompileJoin(join, needed);
            default:
                throw new UnreachableException($"a plan node of type {node.GetType().Name}");
        }
    }

    private Pipeline CompileProject(ProjectNode project, ColumnSet needed)
    {
        ColumnSet inputs = ColumnSet.None(project.Input.Output.Fields.Count)
            .With(project.Expressions.Where((_, column) => needed.Contains(column)));
        Pipeline pipeline = Compile(project.Input, inputs);
        pipeline.Append(new ProjectStep(project, needed, context));
        return pipeline;
    }

    private Pipeline CompileAggregate(AggregateNode aggregate)
    {
        ColumnSet inputs = ColumnSet.None(aggregate.Input.Output.Fields.Count)
            .With(aggregate.Keys)
            .With(aggregate.Aggregates);
        AggregateSink sink = new(new AggregatePlan(aggregate, context), context.Memory);
        Schema schema = ArrowTypes.ToSchema(aggregate.Output);
        return new Pipeline(new SinkSource(
            Compile(aggregate.Input, inputs),
            sink,
            aggregate.Output,
            () => sink.State.GroupCount,
            (start, count) => sink.State.Build(schema, start, count)));
    }

    private Pipeline CompileLimit(LimitNode limit, ColumnSet needed)
    {
        switch (limit.Input)
        {
            // Rows that are cut off are not computed, so that they cannot fail either.
            case ProjectNode project:
                LimitNode below = new(project.Input, limit.Count, limit.Offset);
                List<string> names = [.. project.Output.Fields.Select(field => field.Name)];
                return CompileProject(new ProjectNode(below, project.Expressions, names), needed);

            case SortNode sort when limit.Count <= MaxTopRows - limit.Offset:
                int rowCount = (int)(limit.Count.Value + limit.Offset);
                TopRowsSink sink = new(new SortPlan(sort.Keys, context), rowCount, context.Memory);
                Pipeline unsorted = Compile(sort.Input, needed.With(sort.Keys.Select(key => key.Expression)));
                int offset = (int)limit.Offset;
                return new Pipeline(new SinkSource(
                    unsorted,
                    sink,
                    sort.Output,
                    () => int.Max(0, sink.RowCount - offset),
                    (start, count) => sink.Build(offset + start, count)));

            default:
                return new Pipeline(new LimitSource(Compile(limit.Input, needed), limit.Count, limit.Offset));
        }
    }

    private Pipeline CompileJoin(JoinNode join, ColumnSet needed)
    {
        JoinPlan plan = new(join, needed, context);
        Pipeline left = Compile(join.Left, plan.NeededLeft);
        Pipeline right = Compile(join.Right, plan.NeededRight);
        JoinProbe probe = new(plan, plan.IsSwapped ? left : right);
        Pipeline stream = plan.IsSwapped ? right : left;
        stream.Append(probe);
        return plan.Kind == JoinKind.Full
            ? new Pipeline(new FullJoinSource(plan, stream, probe))
            : stream;
    }
}
