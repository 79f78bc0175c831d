using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Reads a value out of UTF-8; false where the text is none.</summary>
internal interface IParseOperator<T>
{
    /// <summary>Reads.</summary>
    bool TryParse(ReadOnlySpan<byte> text, out T value);
}

/// <summary>Writes a value as UTF-8.</summary>
internal interface IFormatOperator<T>
{
    /// <summary>Writes.</summary>
    void Write(T value, TextSink sink);
}

/// <summary>The error of a text that is no value.</summary>
internal delegate QueryException TextFailure(ReadOnlySpan<byte> text);

/// <summary>Text to fixed-width values; a text that is none raises or is null.</summary>
internal sealed class ParseFunction<T, TOperator> : VectorFunction
    where T : unmanaged
    where TOperator : IParseOperator<T>
{
    private readonly TOperator _operator;
    private readonly TextFailure? _failure;

    /// <summary>Makes the function.</summary>
    /// <param name="type">The type of the result.</param>
    /// <param name="op">The reader.</param>
    /// <param name="failure">The error of a text that is none; null to give null instead.</param>
    public ParseFunction(DataType type, TOperator op, TextFailure? failure)
        : base(type)
    {
        _operator = op;
        _failure = failure;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        Nulls nulls = NullsOf(operand);
        byte[]? bits = null;
        byte[] bytes = new byte[count * ByteCast.SizeOf<T>()];
        Span<T> results = ByteCast.As<T>(bytes.AsSpan());
        ReadOnlySpan<int> offsets = operand.Offsets;
        ReadOnlySpan<byte> text = operand.ByteValues;
        for (int row = 0; row < count; row++)
        {
            if (nulls.IsNull(row))
            {
                continue;
            }

            ReadOnlySpan<byte> value = text[offsets[row]..offsets[row + 1]];
            if (!_operator.TryParse(value, out results[row]))
            {
                if (_failure is not null)
                {
                    throw _failure(value);
                }

                bits ??= nulls.ToValidBits(count);
                Bitmap.Clear(bits, row);
            }
        }

        nulls = bits is null ? nulls : Nulls.FromValidBits(bits, count);
        return Vector.FromValues(Type, count, bytes, nulls, operand.IsConstant);
    }
}

/// <summary>Text to truth values.</summary>
internal sealed class ParseBooleanFunction : VectorFunction
{
    private readonly TextFailure? _failure;

    public ParseBooleanFunction(DataType type, TextFailure? failure)
        : base(type)
    {
        _failure = failure;
    }

    /// <inheritdoc />
    public override bool CanThrow => _failure is not null;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        byte[] valid = NullsOf(operand).ToValidBits(count);
        byte[] truths = new byte[valid.Length];
        for (int row = 0; row < count; row++)
        {
            if (!Bitmap.Get(valid, row))
            {
                continue;
            }

            if (!NumberParser.TryParseBoolean(operand.BytesAt(row), out bool truth))
            {
                if (_failure is not null)
                {
                    throw _failure(operand.BytesAt(row));
                }

                Bitmap.Clear(valid, row);
            }
            else if (truth)
            {
                Bitmap.Set(truths, row);
            }
        }

        return Vector.FromValues(Type, count, truths, Nulls.FromValidBits(valid, count), operand.IsConstant);
    }
}

/// <summary>Fixed-width values to text.</summary>
internal sealed class FormatFunction<T, TOperator> : VectorFunction
    where T : unmanaged
    where TOperator : IFormatOperator<T>
{
    private readonly TOperator _operator;

    public FormatFunction(DataType type, TOperator op)
        : base(type)
    {
        _operator = op;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        Nulls nulls = NullsOf(operand);
        byte[] offsets = new byte[(count + 1) * sizeof(int)];
        Span<int> ends = ByteCast.As<int>(offsets.AsSpan());
        ReadOnlySpan<T> values = operand.Values<T>();
        TextSink sink = new();
        for (int row = 0; row < count; row++)
        {
            if (!nulls.IsNull(row))
            {
                _operator.Write(values[row], sink);
            }

            ends[row + 1] = sink.Length;
        }

        return Vector.FromBytes(Type, count, offsets, sink.ToMemory(), nulls, operand.IsConstant);
    }
}

/// <summary>Values of any type to text, row by row: truth values and nested ones.</summary>
internal sealed class FormatRowsFunction : VectorFunction
{
    private readonly EvaluationContext _context;

    public FormatRowsFunction(DataType type, EvaluationContext context)
        : base(type)
    {
        _context = context;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        int count = operand.Length;
        RowWriter writer = RowWriter.Create(operand, _context);
        byte[] offsets = new byte[(count + 1) * sizeof(int)];
        Span<int> ends = ByteCast.As<int>(offsets.AsSpan());
        TextSink sink = new();
        for (int row = 0; row < count; row++)
        {
            if (!operand.IsNull(row))
            {
                writer.Write(row, sink);
            }

            ends[row + 1] = sink.Length;
        }

        return Vector.FromBytes(Type, count, offsets, sink.ToMemory(), NullsOf(operand), operand.IsConstant);
    }
}
