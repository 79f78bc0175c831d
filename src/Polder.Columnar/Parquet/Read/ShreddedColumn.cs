using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Variant;

namespace Polder.Parquet.Read;

/// <summary>
/// A place in shredded variants (the whole, a field, an element): a value column, a typed column, or both.
/// </summary>
internal sealed class ShreddedColumn
{
    private readonly ArrayData? _value;
    private readonly ArrayData? _typed;
    private readonly VariantPrimitive _primitive;
    private readonly int _scale;
    private readonly (byte[] Name, ShreddedColumn Column)[]? _fields;
    private readonly ShreddedColumn? _element;
    private int[]? _nameIndexes;

    private ShreddedColumn(ArrayData? value, FieldPlan? typedPlan, ArrayData? typed)
    {
        _value = value;
        _typed = typed;
        switch (typedPlan?.Field.Shape)
        {
            case null:
                break;
            case FieldShape.Leaf:
                _primitive = ShreddedTypes.PrimitiveOf(typedPlan.Field.Leaf!);
                _scale = typedPlan.Type.Scale;
                break;
            case FieldShape.List:
                _element = Create(typedPlan.Children[0], typed!.Children[0]);
                break;
            default:
                _fields = [.. typedPlan.Children.Select((field, index) =>
                    (Encoding.UTF8.GetBytes(field.Field.Name), Create(field, typed!.Children[index])))];
                System.Array.Sort(_fields, (left, right) => left.Name.AsSpan().SequenceCompareTo(right.Name));
                break;
        }
    }

    /// <summary>The place that a group's parts are of.</summary>
    /// <exception cref="UnsupportedFeatureException">They are not those of a place.</exception>
    public static ShreddedColumn Create(IReadOnlyList<FieldPlan> parts, IReadOnlyList<ArrayData> arrays)
    {
        int value = IndexOf(parts, "value"), typed = IndexOf(parts, "typed_value");
        return new ShreddedColumn(
            value < 0 ? null : arrays[value], typed < 0 ? null : parts[typed], typed < 0 ? null : arrays[typed]);
    }

    /// <summary>The names of all typed fields.</summary>
    public IEnumerable<byte[]> Names() =>
        (_element?.Names() ?? []).Concat(
            _fields?.SelectMany(field => field.Column.Names().Prepend(field.Name)) ?? []);

    /// <summary>Appends a row's value; false where it is missing.</summary>
    /// <exception cref="CorruptFileException">The parts contradict one another.</exception>
    public bool TryAppend(int row, ShreddedVariants target)
    {
        bool hasValue = _value is not null && !Validity.Of(_value).IsNull(row);
        if (_typed is null || Validity.Of(_typed).IsNull(row))
        {
            if (hasValue)
            {
                target.Buffer.AppendRaw(ValueAt(row, target).Value);
            }

            return hasValue;
        }

        if (_fields is not null)
        {
            AppendObject(row, hasValue, target);
        }
        else if (hasValue)
        {
            throw new CorruptFileException("a variant has both a value and a typed value");
        }
        else if (_element is not null)
        {
            AppendArray(row, target);
        }
        else
        {
            AppendPrimitive(row, target.Buffer);
        }

        return true;
    }

    private static ShreddedColumn Create(FieldPlan group, ArrayData array) => group.Field.Shape == FieldShape.Struct
        ? Create(group.Children, array.Children)
        : throw new UnsupportedFeatureException(
            $"variant shredded as {group.Field.Shape}",
            $"column '{group.Field.Name}' is no group of value and typed_value");

    private static int IndexOf(IReadOnlyList<FieldPlan> parts, string name)
    {
        for (int index = 0; index < parts.Count; index++)
        {
            if (parts[index].Field.Name == name)
            {
                return index;
            }
        }

        return -1;
    }

    private VariantValue ValueAt(int row, ShreddedVariants target) =>
        new(target.Metadata, ArrayBuffers.BytesAt(_value!, row));

    private void AppendObject(int row, bool hasValue, ShreddedVariants target)
    {
        _nameIndexes ??= [.. _fields!.Select(field => target.FindName(field.Name))];
        int start = target.Buffer.Length;
        List<(int Id, int Offset)> fields = new(_fields!.Length);
        for (int index = 0; index < _fields.Length; index++)
        {
            int offset = target.Buffer.Length - start;
            if (_fields[index].Column.TryAppend(row, target))
            {
                fields.Add((target.IdOf(_nameIndexes[index]), offset));
            }
        }

        if (hasValue)
        {
            AppendRest(ValueAt(row, target), start, fields, target);
            fields.Sort((left, right) => target.KeyOf(left.Id).SequenceCompareTo(target.KeyOf(right.Id)));
        }

        target.Buffer.EndObject(start, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(fields));
    }

    // The fields that have no column of their own. One that has must not be here; the column is right then.
    private void AppendRest(
        VariantValue rest, int start, List<(int Id, int Offset)> fields, ShreddedVariants target)
    {
        if (rest.Kind != VariantKind.Object)
        {
            throw new CorruptFileException("a variant has typed fields, and a value that is no object");
        }

        long bytesLeft = rest.Value.Length;
        for (int index = 0; index < rest.Count; index++)
        {
            int name = target.FindName(rest.KeyAt(index));
            if (name < 0 || !_nameIndexes.Contains(name))
            {
                ReadOnlySpan<byte> field = rest[index].Value;
                bytesLeft -= field.Length;
                if (bytesLeft < 0)
                {
                    throw new CorruptFileException("parts of a variant overlap");
                }

                fields.Add((rest.IdAt(index), target.Buffer.Length - start));
                target.Buffer.AppendRaw(field);
            }
        }
    }

    private void AppendArray(int row, ShreddedVariants target)
    {
        ReadOnlySpan<int> ends = ArrayBuffers.Offsets(_typed!);
        int start = target.Buffer.Length;
        int[] offsets = new int[ends[row + 1] - ends[row]];
        for (int index = 0; index < offsets.Length; index++)
        {
            offsets[index] = target.Buffer.Length - start;
            if (!_element!.TryAppend(ends[row] + index, target))
            {
                target.Buffer.AppendHeader(VariantPrimitive.Null);
            }
        }

        target.Buffer.EndArray(start, offsets);
    }

    private void AppendPrimitive(int row, VariantBuffer buffer)
    {
        ArrayData typed = _typed!;
        switch (_primitive)
        {
            case VariantPrimitive.True:
                buffer.AppendBoolean(Bitmap.Get(typed.Buffers[1].Span, typed.Offset + row));
                break;
            case VariantPrimitive.Int8:
                buffer.AppendNumber(_primitive, ArrayBuffers.Values<sbyte>(typed)[row]);
                break;
            case VariantPrimitive.Int16:
                buffer.AppendNumber(_primitive, ArrayBuffers.Values<short>(typed)[row]);
                break;
            case VariantPrimitive.Int32 or VariantPrimitive.Date or VariantPrimitive.Float:
                buffer.AppendNumber(_primitive, ArrayBuffers.Values<int>(typed)[row]);
                break;
            case VariantPrimitive.Decimal4 or VariantPrimitive.Decimal8 or VariantPrimitive.Decimal16:
                buffer.AppendDecimal(_primitive, ArrayBuffers.Values<Int128>(typed)[row], _scale);
                break;
            case VariantPrimitive.String:
                buffer.AppendUtf8(ArrayBuffers.BytesAt(typed, row));
                break;
            case VariantPrimitive.Binary:
                buffer.AppendBinary(ArrayBuffers.BytesAt(typed, row));
                break;
            case VariantPrimitive.Uuid:
                buffer.AppendUuid(new Guid(ArrayBuffers.BytesAt(typed, row), bigEndian: true));
                break;
            default:
                buffer.AppendNumber(_primitive, ArrayBuffers.Values<long>(typed)[row]);
                break;
        }
    }
}
