using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Pipelines;

/// <summary>Keeps the rows for which a condition is TRUE, by narrowing the selection.</summary>
internal sealed class FilterStep(Evaluator condition) : OperatorFactory
{
    public override Operator Create() => new Step(condition);

    private sealed class Step(Evaluator evaluator) : Operator
    {
        private Chunk? _output;

        public override void Push(Chunk input)
        {
            Selection rows = input.IsWhole
                ? evaluator.Filter(input.Batch)
                : evaluator.Filter(input.Batch, input.Rows);
            _output = new Chunk(input.Batch, rows);
        }

        public override Chunk? Pull()
        {
            Chunk? output = _output;
            _output = null;
            return output;
        }
    }
}

/// <summary>Computes columns. Those that nobody needs are left out; mere references are passed on.</summary>
internal sealed class ProjectStep(ProjectNode node, ColumnSet needed, QueryContext context) : OperatorFactory
{
    private readonly Schema _schema = ArrowTypes.ToSchema(node.Output);
    private readonly bool _isReordering = node.Expressions
        .Where((_, column) => needed.Contains(column))
        .All(expression => expression is ColumnReference);

    private readonly Evaluator[] _evaluators = context.Prepare(
        node.Expressions.Where((_, column) => needed.Contains(column)));

    public override Operator Create() => new Step(this);

    private Chunk Reorder(Chunk input)
    {
        IEnumerable<IArrowArray> columns = node.Expressions.Select((expression, column) => needed.Contains(column)
            ? input.Batch.Column(((ColumnReference)expression).Index)
            : ColumnSet.Unneeded(input.Batch.Length));
        return new Chunk(new RecordBatch(_schema, columns, input.Batch.Length), input.Rows);
    }

    private IEnumerable<IArrowArray> Compute(Chunk input)
    {
        IArrowArray[] computed = input.Evaluate(_evaluators);
        int next = 0;
        return node.Expressions.Select((_, column) =>
            needed.Contains(column) ? computed[next++] : ColumnSet.Unneeded(input.RowCount));
    }

    private sealed class Step(ProjectStep shared) : Operator
    {
        private Chunk? _output;

        public override void Push(Chunk input)
        {
            if (shared._isReordering)
            {
                _output = shared.Reorder(input);
                return;
            }

            _output = new Chunk(new RecordBatch(shared._schema, shared.Compute(input), input.RowCount));
        }

        public override Chunk? Pull()
        {
            Chunk? output = _output;
            _output = null;
            return output;
        }
    }
}
