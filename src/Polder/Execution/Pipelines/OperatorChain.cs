using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;

namespace Polder.Execution.Pipelines;

/// <summary>The steps of a pipeline in a row, for one morsel.</summary>
internal sealed class OperatorChain(IEnumerable<OperatorFactory> factories)
{
    private readonly Operator[] _operators = [.. factories.Select(factory => factory.Create())];
    private Chunk? _input;

    /// <summary>Whether reading on is of no use.</summary>
    public bool IsDone
    {
        get
        {
            foreach (Operator step in _operators)
            {
                if (step.IsDone)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Gives the first step a batch; the former one must have been pulled out.</summary>
    public void Push(RecordBatch batch)
    {
        Invariant.Holds(_input is null, "a batch was pushed before the last one was worked off");
        _input = new Chunk(batch);
    }

    /// <summary>The next chunk with rows; null where input is wanted.</summary>
    public Chunk? Pull() => Pull(_operators.Length);

    // What comes out of the first so many steps.
    private Chunk? Pull(int stepCount)
    {
        if (stepCount == 0)
        {
            Chunk? input = _input;
            _input = null;
            return input is { RowCount: > 0 } ? input : null;
        }

        Operator step = _operators[stepCount - 1];
        while (true)
        {
            Chunk? output = step.Pull();
            if (output is { RowCount: > 0 })
            {
                return output;
            }

            if (output is null)
            {
                Chunk? input = step.IsDone ? null : Pull(stepCount - 1);
                if (input is null)
                {
                    return null;
                }

                step.Push(input);
            }
        }
    }
}
