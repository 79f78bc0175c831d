using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Polder.Columns;

/// <summary>A column of lists: append the elements of a row to <see cref="Element"/>, then end the row.</summary>
public sealed class ListBuilder : ColumnBuilder
{
    private OffsetsBuilder _offsets;

    internal ListBuilder(DataType type, int capacity)
        : base(type)
    {
        _offsets = new OffsetsBuilder(capacity);
        Element = Create(type.Element!, capacity);
    }

    /// <summary>Takes the elements.</summary>
    public ColumnBuilder Element { get; }

    /// <summary>Ends a list of everything appended to <see cref="Element"/> since the last row.</summary>
    public void EndRow() => EndRow(Element.Length);

    /// <summary>Appends lists that are there, all of whose elements have been appended.</summary>
    /// <param name="ends">Where each ends among the elements; the last one with the last of them.</param>
    /// <exception cref="ArgumentException">Ends that descend, or another last one.</exception>
    public void AppendEnds(ReadOnlySpan<int> ends)
    {
        int end = _offsets.End;
        bool isAscending = true;
        foreach (int next in ends)
        {
            isAscending &= next >= end;
            end = next;
        }

        if (!isAscending || (end != Element.Length && !ends.IsEmpty))
        {
            throw new ArgumentException(
                $"lists must end in turn, the last with the last of {Element.Length} elements", nameof(ends));
        }

        ends.CopyTo(_offsets.AppendSpan(ends.Length));
        Rows.AppendValid(ends.Length);
    }

    /// <summary>Ends a list of elements some of which are appended later.</summary>
    internal void EndRow(int elementEnd)
    {
        _offsets.Append(elementEnd);
        Rows.AppendValid();
    }

    /// <summary>Appends a null list after elements some of which are appended later.</summary>
    internal void AppendNull(int elementEnd)
    {
        _offsets.Append(elementEnd);
        Rows.AppendNulls(1);
    }

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        _offsets.Append(Element.Length, count);
        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNulls(1);
            return;
        }

        foreach (object? element in (object?[])value)
        {
            Element.AppendValue(element);
        }

        EndRow();
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        return new ArrayData(
            ArrowType, length, validity.NullCount, 0, [validity.Bits, _offsets.Build()], [Element.BuildData()], null);
    }
}

/// <summary>A column of maps: append a row's pairs to <see cref="Key"/> and <see cref="Value"/>, then end it.</summary>
public sealed class MapBuilder : ColumnBuilder
{
    private OffsetsBuilder _offsets;

    internal MapBuilder(DataType type, int capacity)
        : base(type)
    {
        _offsets = new OffsetsBuilder(capacity);
        Key = Create(type.Key!, capacity);
        Value = Create(type.Element!, capacity);
    }

    /// <summary>Takes the keys, which are never null.</summary>
    public ColumnBuilder Key { get; }

    /// <summary>Takes the values.</summary>
    public ColumnBuilder Value { get; }

    /// <summary>Ends a map of all pairs appended since the last row.</summary>
    public void EndRow() => EndRow(Value.Length);

    /// <summary>Ends a map of pairs some of whose values are appended later.</summary>
    internal void EndRow(int pairEnd)
    {
        Invariant.Holds(Key.Length == pairEnd, "a map row was ended with more keys than values, or fewer");
        _offsets.Append(pairEnd);
        Rows.AppendValid();
    }

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        _offsets.Append(Key.Length, count);
        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNulls(1);
            return;
        }

        foreach ((object? key, object? item) in ((object?, object?)[])value)
        {
            Key.AppendValue(key);
            Value.AppendValue(item);
        }

        EndRow();
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        int pairCount = Key.Length;
        ValidityBuffer validity = Rows.Build();
        ArrayData pairs = new(
            ((MapType)ArrowType).KeyValueType, pairCount, 0, 0, [ArrowBuffer.Empty],
            [Key.BuildData(), Value.BuildData()], null);
        return new ArrayData(
            ArrowType, length, validity.NullCount, 0, [validity.Bits, _offsets.Build()], [pairs], null);
    }
}

/// <summary>A column of structs: append one value to each of <see cref="Fields"/>, then end the row.</summary>
public sealed class StructBuilder : ColumnBuilder
{
    internal StructBuilder(DataType type, int capacity)
        : base(type)
    {
        Fields = [.. type.Fields.Select(field => Create(field.Type, capacity))];
    }

    /// <summary>Take the fields' values, in the order of the type.</summary>
    public IReadOnlyList<ColumnBuilder> Fields { get; }

    /// <summary>Ends a row to which every field has contributed a value.</summary>
    public void EndRow() => Rows.AppendValid();

    /// <summary>Ends rows to which every field has contributed as many values.</summary>
    internal void EndRows(int count) => Rows.AppendValid(count);

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        foreach (ColumnBuilder field in Fields)
        {
            field.AppendNulls(count);
        }

        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNulls(1);
            return;
        }

        object?[] values = (object?[])value;
        for (int fieldIndex = 0; fieldIndex < Fields.Count; fieldIndex++)
        {
            Fields[fieldIndex].AppendValue(values[fieldIndex]);
        }

        EndRow();
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        ArrayData[] children = new ArrayData[Fields.Count];
        for (int fieldIndex = 0; fieldIndex < children.Length; fieldIndex++)
        {
            Invariant.Holds(Fields[fieldIndex].Length == length, "a field of a struct has more rows or fewer");
            children[fieldIndex] = Fields[fieldIndex].BuildData();
        }

        return new ArrayData(ArrowType, length, validity.NullCount, 0, [validity.Bits], children, null);
    }
}

/// <summary>A column of variants: two binaries a row.</summary>
public sealed class VariantBuilder : ColumnBuilder
{
    private readonly BytesBuilder _metadata;
    private readonly BytesBuilder _value;

    internal VariantBuilder(int capacity)
        : base(DataType.Variant)
    {
        _metadata = new BytesBuilder(DataType.Binary, capacity);
        _value = new BytesBuilder(DataType.Binary, capacity);
    }

    /// <summary>Appends a value, encoded as the Variant specification says.</summary>
    public void Append(ReadOnlySpan<byte> metadata, ReadOnlySpan<byte> value)
    {
        _metadata.Append(metadata);
        _value.Append(value);
        Rows.AppendValid();
    }

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        // The two fields are declared non-null, so a null variant holds two empty binaries.
        for (int row = 0; row < count; row++)
        {
            _metadata.Append(ReadOnlySpan<byte>.Empty);
            _value.Append(ReadOnlySpan<byte>.Empty);
        }

        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNulls(1);
            return;
        }

        object?[] parts = (object?[])value;
        Append((byte[])parts[0]!, (byte[])parts[1]!);
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        return new ArrayData(
            ArrowType, length, validity.NullCount, 0, [validity.Bits], [_metadata.BuildData(), _value.BuildData()],
            null);
    }
}

/// <summary>A column of nothing but nulls.</summary>
public sealed class VoidBuilder : ColumnBuilder
{
    internal VoidBuilder()
        : base(DataType.Void)
    {
    }

    /// <inheritdoc />
    public override void AppendNulls(int count) => Rows.AppendNulls(count);

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is not null)
        {
            throw new InvalidCastException("a void column holds nulls only");
        }

        AppendNulls(1);
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        Rows.Build();
        return new ArrayData(NullType.Default, length, length, 0, System.Array.Empty<ArrowBuffer>(), null, null);
    }
}
