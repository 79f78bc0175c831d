using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Execution;

/// <summary>The rows of a source.</summary>
public sealed class ScanNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    public ScanNode(IBatchSource source)
        : base(source.Schema)
    {
        Source = source;
    }

    /// <summary>Where the rows come from.</summary>
    public IBatchSource Source { get; }
}

/// <summary>Rows that the plan itself holds.</summary>
public sealed class ValuesNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    /// <param name="batch">The rows, in plain GC memory.</param>
    /// <param name="output">The columns' types where Arrow's do not tell them apart (char, interval ranges).</param>
    public ValuesNode(RecordBatch batch, DataType? output = null)
        : base(output ?? ArrowTypes.FromSchema(batch.Schema))
    {
        Batch = batch;
    }

    /// <summary>The rows.</summary>
    public RecordBatch Batch { get; }
}

/// <summary>
/// UNION ALL: the rows of every input, one input after the other. Inputs have the same column types; names are those
/// of the first.
/// </summary>
public sealed class UnionNode : PlanNode
{
    /// <summary>Makes the node.</summary>
    public UnionNode(IReadOnlyList<PlanNode> inputs)
        : base(Combine(inputs), inputs)
    {
    }

    private static DataType Combine(IReadOnlyList<PlanNode> inputs)
    {
        System.ArgumentOutOfRangeException.ThrowIfZero(inputs.Count);
        IReadOnlyList<StructField> first = inputs[0].Output.Fields;
        foreach (PlanNode input in inputs)
        {
            bool fits = input.Output.Fields.Count == first.Count &&
                first.Zip(input.Output.Fields).All(pair => pair.First.Type.Kind == pair.Second.Type.Kind);
            if (!fits)
            {
                throw new System.ArgumentException($"union of {inputs[0].Output} and {input.Output}");
            }
        }

        return DataType.Struct([.. first.Select((field, index) => new StructField(
            field.Name, field.Type, inputs.Any(input => input.Output.Fields[index].Nullable), field.Metadata))]);
    }
}
