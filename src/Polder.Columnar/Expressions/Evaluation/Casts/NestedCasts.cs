using System;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation.Casts;

/// <summary>Casts of arrays, maps and structs: of their parts, the shape kept.</summary>
internal static class NestedCasts
{
    /// <summary>The keys and values of a map as one struct column.</summary>
    public static Vector Entries(Vector map) => map.Child(0, EntryType(map.Type));

    /// <summary>The struct of a map's entries.</summary>
    public static DataType EntryType(DataType map) => DataType.Struct(
        new StructField("key", map.Key!, false), new StructField("value", map.Element!, map.ContainsNull));

    /// <summary>A column of parts as flat data, whatever a cast made of it.</summary>
    public static ArrayData ToFlat(Vector part, int rowCount) => part.ToArray(rowCount).Data;
}

/// <summary>Casts the elements of arrays, or the entries of maps.</summary>
internal sealed class ListCast : VectorFunction
{
    private readonly VectorFunction _elements;
    private readonly DataType _elementType;

    /// <summary>Makes the cast.</summary>
    /// <param name="type">The array's or map's type.</param>
    /// <param name="elementType">What the source's elements, or entries, are.</param>
    /// <param name="elements">Their cast.</param>
    public ListCast(DataType type, DataType elementType, VectorFunction elements)
        : base(type)
    {
        _elementType = elementType;
        _elements = elements;
    }

    /// <inheritdoc />
    public override bool CanThrow => _elements.CanThrow;

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        // Elements outside every list, or in a null one, must not be cast: gathering the rows drops them.
        ReadOnlySpan<int> offsets = operand.Offsets;
        Vector all = operand.Child(0, _elementType);
        if (offsets[0] != 0 || offsets[operand.Length] != all.Length || HasHiddenElements(operand))
        {
            operand = Compact(operand);
            all = operand.Child(0, _elementType);
        }

        Vector cast = _elements.Apply(all);
        ArrayData data = operand.Data;
        ArrayData result = new(
            ArrowTypes.ToArrow(Type),
            data.Length,
            operand.NullCount,
            data.Offset,
            data.Buffers,
            [NestedCasts.ToFlat(cast, all.Length)]);
        return ToVector(operand, result);
    }

    private static bool HasHiddenElements(Vector lists)
    {
        if (lists.NullCount == 0)
        {
            return false;
        }

        ReadOnlySpan<int> offsets = lists.Offsets;
        for (int row = 0; row < lists.Length; row++)
        {
            if (lists.IsNull(row) && offsets[row] != offsets[row + 1])
            {
                return true;
            }
        }

        return false;
    }

    private static Vector Compact(Vector lists)
    {
        int[] rows = new int[lists.Length];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row] = lists.IsNull(row) ? -1 : row;
        }

        ArrayData data = Take.Rows(ArrowArrayFactory.BuildArray(lists.Data), rows).Data;
        return lists.IsConstant ? Vector.Constant(lists.Type, data) : Vector.Flat(lists.Type, data);
    }
}

/// <summary>Casts the fields of structs, by position.</summary>
internal sealed class StructCast : VectorFunction
{
    private readonly DataType[] _sources;
    private readonly VectorFunction[] _fields;

    public StructCast(DataType type, DataType[] sources, VectorFunction[] fields)
        : base(type)
    {
        _sources = sources;
        _fields = fields;
    }

    /// <inheritdoc />
    public override bool CanThrow => System.Array.Exists(_fields, part => part.CanThrow);

    /// <inheritdoc />
    protected override Vector ApplyRows(Vector operand)
    {
        ArrayData[] children = new ArrayData[_fields.Length];
        for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
        {
            Vector field = FieldKernel.Of(operand, fieldIndex, _sources[fieldIndex]);
            children[fieldIndex] = NestedCasts.ToFlat(_fields[fieldIndex].Apply(field), operand.Length);
        }

        Nulls nulls = NullsOf(operand);
        ArrayData result = new(
            ArrowTypes.ToArrow(Type), operand.Length, nulls.Count, 0, [nulls.ToBuffer(operand.Length)], children);
        return ToVector(operand, result);
    }
}
