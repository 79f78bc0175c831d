using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Expressions.Evaluation.Variants;

/// <summary>
/// Variants as another type. Scalars are gathered by what they are, cast a column at a time by the casts of their own
/// types, and put back in their rows; arrays, maps and structs are taken apart first.
/// </summary>
internal sealed class FromVariant : VectorFunction
{
    private readonly CastRequest _request;

    /// <summary>Makes the cast.</summary>
    /// <param name="request">To what, and whether what is none is null or an error.</param>
    public FromVariant(CastRequest request)
        : base(request.To)
    {
        _request = request;
    }

    /// <inheritdoc />
    public override bool CanThrow => true;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        VariantColumn column = VariantColumn.Of(operand.Data);
        VariantPlace[] places = new VariantPlace[operand.Length];
        for (int row = 0; row < places.Length; row++)
        {
            places[row] = column.IsNull(row) ? VariantPlace.None : VariantPlace.Whole(row);
        }

        ArrayData result = Cast(column, places, Type);
        return ToVector(operand, result);
    }

    private ArrayData Cast(VariantColumn column, VariantPlace[] places, DataType type)
    {
        for (int row = 0; row < places.Length; row++)
        {
            if (!places[row].IsNone && type.Kind != TypeKind.Variant && places[row].In(column).IsNull)
            {
                places[row] = VariantPlace.None;
            }
        }

        return type.Kind switch
        {
            TypeKind.Array or TypeKind.Map => CastItems(column, places, type),
            TypeKind.Struct => CastFields(column, places, type),
            TypeKind.Variant => Copy(column, places),
            _ => CastScalars(column, places, type),
        };
    }

    private ArrayData CastItems(VariantColumn column, VariantPlace[] places, DataType type)
    {
        bool isMap = type.Kind == TypeKind.Map;
        BytesBuilder? keys = isMap ? (BytesBuilder)ColumnBuilder.Create(type.Key!) : null;
        List<VariantPlace> items = [];
        OffsetsBuilder offsets = new(places.Length);
        for (int row = 0; row < places.Length; row++)
        {
            VariantValue value = places[row].IsNone ? default : places[row].In(column);
            if (!places[row].IsNone && value.Kind != (isMap ? VariantKind.Object : VariantKind.Array))
            {
                places[row] = Refuse(value, type);
            }

            if (!places[row].IsNone)
            {
                long bytesLeft = value.Value.Length;
                for (int index = 0; index < value.Count; index++)
                {
                    keys?.Append(value.KeyAt(index));
                    items.Add(places[row].Part(value, value[index], ref bytesLeft));
                }
            }

            offsets.Append(items.Count);
        }

        ArrayData values = Cast(column, [.. items], type.Element!);
        Nulls nulls = NullsOf(places);
        IArrowType arrowType = ArrowTypes.ToArrow(type);
        ArrayData entries = arrowType is MapType map
            ? new ArrayData(
                map.KeyValueType, items.Count, 0, 0, [ArrowBuffer.Empty], [keys!.Build().Data, values])
            : values;
        return new ArrayData(
            arrowType, places.Length, nulls.Count, 0, [nulls.ToBuffer(places.Length), offsets.Build()], [entries]);
    }

    private ArrayData CastFields(VariantColumn column, VariantPlace[] places, DataType type)
    {
        VariantPlace[][] parts = new VariantPlace[type.Fields.Count][];
        for (int field = 0; field < parts.Length; field++)
        {
            parts[field] = new VariantPlace[places.Length];
            parts[field].AsSpan().Fill(VariantPlace.None);
        }

        byte[][] names = [.. type.Fields.Select(field => Encoding.UTF8.GetBytes(field.Name))];
        for (int row = 0; row < places.Length; row++)
        {
            if (places[row].IsNone)
            {
                continue;
            }

            VariantValue value = places[row].In(column);
            if (value.Kind != VariantKind.Object)
            {
                places[row] = Refuse(value, type);
                continue;
            }

            for (int field = 0; field < parts.Length; field++)
            {
                if (value.TryGetField(names[field], out VariantValue part))
                {
                    long bytesLeft = value.Value.Length;
                    parts[field][row] = places[row].Part(value, part, ref bytesLeft);
                }
            }
        }

        ArrayData[] children = new ArrayData[parts.Length];
        for (int field = 0; field < children.Length; field++)
        {
            children[field] = Cast(column, parts[field], type.Fields[field].Type);
        }

        Nulls nulls = NullsOf(places);
        return new ArrayData(
            ArrowTypes.ToArrow(type), places.Length, nulls.Count, 0, [nulls.ToBuffer(places.Length)], children);
    }

    private static ArrayData Copy(VariantColumn column, VariantPlace[] places)
    {
        VariantBuilder builder = (VariantBuilder)ColumnBuilder.Create(DataType.Variant, places.Length);
        VariantWriter writer = new();
        foreach (VariantPlace place in places)
        {
            if (place.IsNone)
            {
                builder.AppendNull();
                continue;
            }

            writer.Clear();
            writer.Append(place.In(column));
            builder.Append(writer.Metadata, writer.Value);
        }

        return builder.Build().Data;
    }

    private ArrayData CastScalars(VariantColumn column, VariantPlace[] places, DataType type)
    {
        ScalarGroups groups = new(places.Length);
        for (int row = 0; row < places.Length; row++)
        {
            if (places[row].IsNone)
            {
                continue;
            }

            VariantValue value = places[row].In(column);
            if (value.Kind is VariantKind.Object or VariantKind.Array or VariantKind.Uuid)
            {
                if (type.IsText)
                {
                    groups.AppendText(row, value, _request.Zone);
                }
                else
                {
                    places[row] = Refuse(value, type);
                }
            }
            else if (!groups.TryAppend(row, value, type))
            {
                places[row] = Refuse(value, type);
            }
        }

        ArrayData result = groups.Cast(_request with { To = type, FailureIsNull = true }, out int refused);
        if (refused >= 0)
        {
            Refuse(places[refused].In(column), type);
        }

        return result;
    }

    /// <summary>What is none of the type: null, or Spark's error.</summary>
    private VariantPlace Refuse(VariantValue value, DataType type) => _request.FailureIsNull
        ? VariantPlace.None
        : throw VariantFailures.InvalidCast(value, type, _request.Zone, _request.Span);

    private static Nulls NullsOf(VariantPlace[] places)
    {
        byte[] bits = new byte[Bitmap.SizeBytes(places.Length)];
        for (int row = 0; row < places.Length; row++)
        {
            if (!places[row].IsNone)
            {
                Bitmap.Set(bits, row);
            }
        }

        return Nulls.FromValidBits(bits, places.Length);
    }
}
