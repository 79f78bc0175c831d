using System;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>CASE: each branch is evaluated for its own rows only.</summary>
internal sealed class CaseKernel : Kernel
{
    private readonly Kernel[] _conditions;
    private readonly Kernel[] _results;
    private readonly Kernel? _otherwise;

    public CaseKernel(Kernel[] conditions, Kernel[] results, Kernel? otherwise, DataType type)
        : base(type)
    {
        _conditions = conditions;
        _results = results;
        _otherwise = otherwise;
    }

    /// <inheritdoc />
    public override bool CanThrow =>
        Array.Exists(_conditions, condition => condition.CanThrow) ||
        Array.Exists(_results, result => result.CanThrow) || _otherwise is { CanThrow: true };

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        BranchAssembly assembly = new(Type, frame);
        for (int branchIndex = 0; branchIndex < _conditions.Length && assembly.HasOpenRows; branchIndex++)
        {
            Vector condition = _conditions[branchIndex].Evaluate(assembly.OpenFrame);
            byte[] hits = assembly.TrueRows(condition);
            if (assembly.Take(_results[branchIndex], hits) is { } whole)
            {
                return whole;
            }
        }

        return assembly.Finish(_otherwise);
    }
}

/// <summary>COALESCE: each operand is evaluated only where all before it are null.</summary>
internal sealed class CoalesceKernel : Kernel
{
    private readonly Kernel[] _operands;

    public CoalesceKernel(Kernel[] operands, DataType type)
        : base(type)
    {
        _operands = operands;
    }

    /// <inheritdoc />
    public override bool CanThrow => Array.Exists(_operands, operand => operand.CanThrow);

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        BranchAssembly assembly = new(Type, frame);
        foreach (Kernel operand in _operands)
        {
            if (!assembly.HasOpenRows)
            {
                break;
            }

            Vector values = operand.Evaluate(assembly.OpenFrame);
            if (assembly.TakeValues(values) is { } whole)
            {
                return whole;
            }
        }

        return assembly.Finish(null);
    }
}
