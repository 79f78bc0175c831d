using System;
using System.Text;
using System.Text.Json;
using Polder.Columns;
using Polder.Columns.Values;
using Polder.Columns.Variant;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>parse_json and try_parse_json.</summary>
internal sealed class ParseJsonFunction : VectorFunction
{
    private readonly bool _isTry;
    private readonly TextSpan _span;

    public ParseJsonFunction(bool isTry, TextSpan span)
        : base(DataType.Variant)
    {
        _isTry = isTry;
        _span = span;
    }

    /// <inheritdoc />
    public override bool CanThrow => !_isTry;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant, operand.Length);
        VariantWriter writer = new();
        for (int row = 0; row < operand.Length; row++)
        {
            if (operand.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }

            writer.Clear();
            ReadOnlySpan<byte> text = operand.BytesAt(row);
            try
            {
                VariantJson.Parse(text, writer);
                builder.Append(writer.Metadata, writer.Value);
            }
            catch (JsonException exception)
            {
                if (!_isTry)
                {
                    throw VariantFailures.MalformedJson(Encoding.UTF8.GetString(text), exception.Message, _span);
                }

                builder.AppendNull();
            }
        }

        return ToVector(operand, builder.Build().Data);
    }
}

/// <summary>A text for each variant: to_json and schema_of_variant.</summary>
internal sealed class VariantTextFunction : VectorFunction
{
    private readonly bool _isSchema;
    private readonly Zone _zone;

    public VariantTextFunction(bool isSchema, Zone zone)
        : base(DataType.String)
    {
        _isSchema = isSchema;
        _zone = zone;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        BytesBuilder builder = (BytesBuilder)ColumnBuilder.Create(DataType.String, operand.Length);
        VariantColumn column = VariantColumn.Of(operand.Data);
        TextSink sink = new();
        for (int row = 0; row < operand.Length; row++)
        {
            if (operand.IsNull(row))
            {
                builder.AppendNull();
                continue;
            }

            sink.Truncate(0);
            if (_isSchema)
            {
                sink.Write(VariantSchema.Describe(column[row]));
            }
            else
            {
                VariantText.Write(column[row], _zone, sink);
            }

            builder.Append(sink.Written);
        }

        return ToVector(operand, builder.Build().Data);
    }
}

/// <summary>is_variant_null: whether it is the variant null; an SQL null is none.</summary>
internal sealed class IsVariantNullKernel(Kernel operand) : Kernel(DataType.Boolean)
{
    /// <inheritdoc />
    public override bool CanThrow => operand.CanThrow;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector values = operand.Evaluate(frame);
        byte[] truths = new byte[Bytes.Bitmap.SizeBytes(values.Length)];
        if (!values.IsAllNull)
        {
            VariantColumn column = VariantColumn.Of(values.Data);
            for (int row = 0; row < values.Length; row++)
            {
                if (!column.IsNull(row) && column[row].IsNull)
                {
                    Bytes.Bitmap.Set(truths, row);
                }
            }
        }

        return Vector.FromValues(Type, values.Length, truths, default, values.IsConstant);
    }
}

/// <summary>The part of a variant at a path: what variant_get casts.</summary>
internal sealed class VariantPathKernel(Kernel value, Kernel path, string function, TextSpan span)
    : Kernel(DataType.Variant)
{
    /// <inheritdoc />
    public override bool CanThrow => true;

    /// <inheritdoc />
    protected override Vector EvaluateRows(Frame frame)
    {
        Vector values = value.Evaluate(frame);
        Vector paths = EvaluateSecond(path, values, frame);
        if (values.IsAllNull || paths.IsAllNull)
        {
            return Vector.Null(Type);
        }

        bool isConstant = values.IsConstant && paths.IsConstant;
        int count = isConstant ? 1 : frame.Count;
        VariantColumn column = VariantColumn.Of(values.Data);
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant, count);
        VariantWriter writer = new();
        string? text = null;
        VariantPath? parsed = null;
        for (int row = 0; row < count; row++)
        {
            if (values.IsNull(row * values.Step) || paths.IsNull(row * paths.Step))
            {
                builder.AppendNull();
                continue;
            }

            if (parsed is null || !paths.IsConstant)
            {
                text = Encoding.UTF8.GetString(paths.BytesAt(row * paths.Step));
                if (!VariantPath.TryParse(text, out parsed))
                {
                    throw VariantFailures.InvalidPath(text, function, span);
                }
            }

            if (parsed.TryFind(column[row * values.Step], out VariantValue found))
            {
                builder.Append(found.Metadata, found.Value);
            }
            else
            {
                builder.AppendNull();
            }
        }

        return isConstant
            ? Vector.Constant(Type, builder.Build().Data)
            : Vector.Flat(Type, builder.Build().Data);
    }
}
