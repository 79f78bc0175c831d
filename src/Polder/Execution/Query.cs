using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Pipelines;
using Polder.Expressions.Evaluation;

namespace Polder.Execution;

/// <summary>Runs plans.</summary>
public static class Query
{
    /// <summary>
    /// Runs a plan and yields its rows in batches of at most 8,192, in plain GC memory. The rows and their order are
    /// the same every time, whatever the engine's parallelism. Ending the enumeration early stops all work.
    /// </summary>
    /// <param name="plan">What to run.</param>
    /// <param name="engine">Whose scheduler, parallelism and limits to use.</param>
    /// <param name="cancellationToken">Observed at every batch.</param>
    /// <exception cref="Expressions.QueryException">
    /// A value that Spark refuses; UNABLE_TO_ACQUIRE_MEMORY where <see cref="Limits.QueryMemory"/> is passed.
    /// </exception>
    public static IAsyncEnumerable<RecordBatch> ExecuteAsync(
        PlanNode plan, Engine engine, CancellationToken cancellationToken = default) =>
        ExecuteAsync(plan, engine, null, cancellationToken);

    /// <summary>As the other; expressions are evaluated with a session's time zone and date.</summary>
    /// <param name="plan">What to run.</param>
    /// <param name="engine">Whose scheduler, parallelism and limits to use.</param>
    /// <param name="evaluation">What the values depend on besides the rows; null = UTC.</param>
    /// <param name="cancellationToken">Observed at every batch.</param>
    public static async IAsyncEnumerable<RecordBatch> ExecuteAsync(
        PlanNode plan,
        Engine engine,
        EvaluationContext? evaluation,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        QueryContext context = new(engine, evaluation, cancellationToken);
        Pipeline pipeline = new PlanCompiler(context).Compile(plan);
        Schema schema = ArrowTypes.ToSchema(plan.Output);
        IAsyncEnumerable<RecordBatch> batches = OrderedStream.ReadAsync(
            pipeline, context, cancellationToken: cancellationToken);
        await foreach (RecordBatch batch in batches.ConfigureAwait(false))
        {
            yield return new RecordBatch(schema, batch.Arrays, batch.Length);
        }
    }
}
