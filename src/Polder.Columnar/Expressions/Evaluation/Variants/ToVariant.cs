using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>Values of another type as variants: structs and maps become objects.</summary>
internal sealed class ToVariant : VectorFunction
{
    private readonly DataType _from;

    /// <summary>Makes the conversion.</summary>
    public ToVariant(DataType from)
        : base(DataType.Variant)
    {
        _from = from;
    }

    /// <inheritdoc />
    public override bool CanThrow => false;

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
            Append(operand.Data, _from, row, writer);
            builder.Append(writer.Metadata, writer.Value);
        }

        return ToVector(operand, builder.Build().Data);
    }

    private static void Append(ArrayData data, DataType type, int row, VariantWriter writer)
    {
        if (Validity.Of(data).IsNull(row))
        {
            writer.AppendNull();
            return;
        }

        switch (type.Kind)
        {
            case TypeKind.Boolean:
                writer.AppendBoolean(Bitmap.Get(data.Buffers[1].Span, data.Offset + row));
                break;
            case TypeKind.Byte:
                writer.AppendInteger(ArrayBuffers.Values<sbyte>(data)[row]);
                break;
            case TypeKind.Short:
                writer.AppendInteger(ArrayBuffers.Values<short>(data)[row]);
                break;
            case TypeKind.Integer:
                writer.AppendInteger(ArrayBuffers.Values<int>(data)[row]);
                break;
            case TypeKind.Long:
                writer.AppendInteger(ArrayBuffers.Values<long>(data)[row]);
                break;
            case TypeKind.Float:
                writer.AppendFloat(ArrayBuffers.Values<float>(data)[row]);
                break;
            case TypeKind.Double:
                writer.AppendDouble(ArrayBuffers.Values<double>(data)[row]);
                break;
            case TypeKind.Decimal:
                writer.AppendDecimal(new VariantDecimal(ArrayBuffers.Values<Int128>(data)[row], type.Scale));
                break;
            case TypeKind.Date:
                writer.AppendDate(ArrayBuffers.Values<int>(data)[row]);
                break;
            case TypeKind.Timestamp or TypeKind.TimestampNtz:
                writer.AppendTime(
                    type.Kind == TypeKind.Timestamp ? VariantKind.Timestamp : VariantKind.TimestampNtz,
                    ArrayBuffers.Values<long>(data)[row]);
                break;
            case TypeKind.Binary:
                writer.AppendBinary(ArrayBuffers.BytesAt(data, row));
                break;
            case TypeKind.Variant:
                writer.Append(VariantColumn.Of(data)[row]);
                break;
            case TypeKind.Array or TypeKind.Map or TypeKind.Struct:
                AppendNested(data, type, row, writer);
                break;
            default:
                writer.AppendUtf8(ArrayBuffers.BytesAt(data, row));
                break;
        }
    }

    private static void AppendNested(ArrayData data, DataType type, int row, VariantWriter writer)
    {
        if (type.Kind == TypeKind.Struct)
        {
            writer.BeginObject();
            for (int fieldIndex = 0; fieldIndex < type.Fields.Count; fieldIndex++)
            {
                writer.AppendKey(System.Text.Encoding.UTF8.GetBytes(type.Fields[fieldIndex].Name));
                Append(ArrayBuffers.StructField(data, fieldIndex), type.Fields[fieldIndex].Type, row, writer);
            }

            writer.EndObject();
            return;
        }

        ReadOnlySpan<int> offsets = ArrayBuffers.Offsets(data);
        ArrayData items = data.Children[0];
        if (type.Kind == TypeKind.Array)
        {
            writer.BeginArray();
            for (int item = offsets[row]; item < offsets[row + 1]; item++)
            {
                Append(items, type.Element!, item, writer);
            }

            writer.EndArray();
            return;
        }

        ArrayData keys = ArrayBuffers.StructField(items, 0);
        ArrayData values = ArrayBuffers.StructField(items, 1);
        writer.BeginObject();
        for (int item = offsets[row]; item < offsets[row + 1]; item++)
        {
            writer.AppendKey(ArrayBuffers.BytesAt(keys, item));
            Append(values, type.Element!, item, writer);
        }

        writer.EndObject();
    }
}
