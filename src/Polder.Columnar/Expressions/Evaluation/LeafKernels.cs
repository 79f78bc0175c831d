using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Expressions.Evaluation;

/// <summary>The same value for all rows.</summary>
internal sealed class ConstantKernel : Kernel
{
    private readonly Vector _value;

    public ConstantKernel(Vector value)
        : base(value.Type)
    {
        _value = value;
    }

    /// <summary>The value.</summary>
    public Vector Value => _value;

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame) => _value;
}

/// <summary>A column of the batch.</summary>
internal sealed class ColumnKernel : Kernel
{
    private readonly int _index;

    public ColumnKernel(int index, DataType type)
        : base(type)
    {
        _index = index;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame) => frame.Column(_index, Type);
}

/// <summary>
/// A kernel that stands in several places of one or more expressions: evaluated once for the same rows. Branches have
/// rows of their own, so nothing is evaluated that would not be.
/// </summary>
internal sealed class SharedKernel : Kernel
{
    private readonly Kernel _kernel;

    public SharedKernel(Kernel kernel)
        : base(kernel.Type)
    {
        _kernel = kernel;
    }

    /// <inheritdoc />
    public override bool CanThrow => _kernel.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame) => frame.Shared(_kernel);
}

/// <summary>A field of a struct: null where the struct is.</summary>
internal sealed class FieldKernel : Kernel
{
    private readonly Kernel _source;
    private readonly int _fieldIndex;

    public FieldKernel(Kernel source, int fieldIndex, DataType type)
        : base(type)
    {
        _source = source;
        _fieldIndex = fieldIndex;
    }

    /// <inheritdoc />
    public override bool CanThrow => _source.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector source = _source.Evaluate(frame);
        return source.IsAllNull ? Vector.Null(Type) : Of(source, _fieldIndex, Type);
    }

    /// <summary>A field of a struct column, null where the struct is.</summary>
    public static Vector Of(Vector source, int fieldIndex, DataType type)
    {
        Vector field = source.Child(fieldIndex, type);
        return source.NullCount == 0 || type.Kind == TypeKind.Void
            ? field
            : WithNulls(field, Nulls.Union(source, field, source.Length));
    }

    // The field's own buffers under a bitmap that also knows the struct's nulls.
    private static Vector WithNulls(Vector field, Nulls nulls)
    {
        ArrayData data = field.Data;
        byte[] valid = nulls.ToValidBits(field.Length);
        byte[] shifted = new byte[Bitmap.SizeBytes(data.Offset + field.Length)];
        for (int row = 0; row < field.Length; row++)
        {
            if (Bitmap.Get(valid, row))
            {
                Bitmap.Set(shifted, data.Offset + row);
            }
        }

        ArrowBuffer[] buffers = [.. data.Buffers];
        buffers[0] = new ArrowBuffer(shifted);
        ArrayData result = new(
            data.DataType, data.Length, nulls.Count, data.Offset, buffers, data.Children, data.Dictionary);
        return field.IsConstant ? Vector.Constant(field.Type, result) : Vector.Flat(field.Type, result);
    }
}
