using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Execution.Pipelines;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Aggregates;

/// <summary>What all workers of an aggregation share: its keys and calls, each distinct argument listed once.</summary>
internal sealed class AggregatePlan
{
    public AggregatePlan(AggregateNode node, QueryContext context)
    {
        Output = node.Output;
        Keys = context.Prepare(node.Keys);
        KeyTypes = [.. node.Keys.Select(key => key.Type)];
        List<Expression> arguments = [];
        List<AggregateTask> tasks = [];
        foreach (AggregateCall call in node.Aggregates)
        {
            tasks.Add(call.Filter is null
                ? new AggregateTask(call, Register(call, arguments), null, [])
                : new AggregateTask(call, [], context.Prepare(call.Filter), context.Prepare(call.Arguments)));
        }

        Arguments = context.Prepare(arguments);
        Tasks = tasks;
    }

    public DataType Output { get; }

    /// <summary>Groups that some morsel had: the room that the next one starts with.</summary>
    public int ExpectedGroupCount { get; set; }

    public Evaluator[] Keys { get; }

    public IReadOnlyList<DataType> KeyTypes { get; }

    /// <summary>The arguments of calls without a filter, evaluated once per batch.</summary>
    public Evaluator[] Arguments { get; }

    public IReadOnlyList<AggregateTask> Tasks { get; }

    private static int[] Register(AggregateCall call, List<Expression> arguments)
    {
        // A literal that is not null counts every row.
        if (call is { Function: AggregateFunction.Count, Distinct: false, Arguments: [Literal { Value: not null }] })
        {
            return [];
        }

        int[] indexes = new int[call.Arguments.Count];
        for (int index = 0; index < indexes.Length; index++)
        {
            Expression argument = call.Arguments[index];
            indexes[index] = arguments.FindIndex(known => SameExpression.Comparer.Equals(known, argument));
            if (indexes[index] < 0)
            {
                indexes[index] = arguments.Count;
                arguments.Add(argument);
            }
        }

        return indexes;
    }
}

/// <summary>A call and where its arguments come from.</summary>
/// <param name="Call">The call.</param>
/// <param name="ArgumentIndexes">Positions in the list of shared arguments; none where the call has a filter.</param>
/// <param name="Filter">Its filter, or null.</param>
/// <param name="FilteredArguments">With a filter the arguments, evaluated only for the rows that pass.</param>
internal sealed record AggregateTask(
    AggregateCall Call, int[] ArgumentIndexes, Evaluator? Filter, Evaluator[] FilteredArguments);
