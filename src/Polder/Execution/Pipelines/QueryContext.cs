using System.Collections.Generic;
using System.Threading;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Pipelines;

/// <summary>What the parts of one running query share.</summary>
internal sealed class QueryContext(Engine engine, EvaluationContext? evaluation, CancellationToken cancellationToken)
{
    public Engine Engine { get; } = engine;

    public MemoryBudget Memory { get; } = new(engine.Limits.QueryMemory);

    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>An evaluator for an expression; threads may share it.</summary>
    public Evaluator Prepare(Expression expression) => Evaluator.Create(expression, evaluation);

    /// <summary>An evaluator for each expression; evaluated together, they compute once what they share.</summary>
    public Evaluator[] Prepare(IEnumerable<Expression> expressions) =>
        Evaluator.CreateAll([.. expressions], evaluation);
}
