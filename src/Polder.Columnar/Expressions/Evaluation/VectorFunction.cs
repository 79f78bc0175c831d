using Apache.Arrow;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>A function of one column, row by row: null for null unless it says otherwise.</summary>
internal abstract class VectorFunction
{
    protected VectorFunction(DataType type)
    {
        Type = type;
    }

    /// <summary>The type of the result.</summary>
    public DataType Type { get; }

    /// <summary>Whether any value could make it raise.</summary>
    public abstract bool CanThrow { get; }

    /// <summary>The results for all physical rows; constant where the operand is.</summary>
    public Vector Apply(Vector operand) => operand.IsAllNull ? Vector.Null(Type) : ApplyRows(operand);

    /// <summary>The results where at least one row is not null.</summary>
    protected abstract Vector ApplyRows(Vector operand);

    /// <summary>An array of results as a vector: one row for all where the operand is.</summary>
    protected Vector ToVector(Vector operand, ArrayData results) =>
        operand.IsConstant ? Vector.Constant(Type, results) : Vector.Flat(Type, results);

    /// <summary>The nulls of the physical rows.</summary>
    protected static Nulls NullsOf(Vector operand) =>
        operand.NullCount == 0 ? default : new Nulls(operand.ValidBits(operand.Length).ToArray(), operand.NullCount);
}

/// <summary>A function over the values of another kernel.</summary>
internal class MapKernel : Kernel
{
    private readonly Kernel _operand;
    private readonly VectorFunction _function;

    public MapKernel(Kernel operand, VectorFunction function)
        : base(function.Type)
    {
        _operand = operand;
        _function = function;
    }

    /// <inheritdoc />
    public override bool CanThrow => _operand.CanThrow || _function.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame) => _function.Apply(_operand.Evaluate(frame));
}

/// <summary>The same values under another type that is held alike.</summary>
internal sealed class RelabelFunction : VectorFunction
{
    public RelabelFunction(DataType type)
        : base(type)
    {
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand) => operand.WithType(Type);
}
