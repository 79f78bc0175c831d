using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>A column of booleans, one bit each.</summary>
public sealed class BooleanBuilder : ColumnBuilder
{
    private ValueBuffer _values;

    internal BooleanBuilder(int capacity)
        : base(DataType.Boolean)
    {
        _values = new ValueBuffer(Bitmap.SizeBytes(capacity));
    }

    /// <summary>Appends a value.</summary>
    public void Append(bool value)
    {
        Reserve(1);
        if (value)
        {
            Bitmap.Set(_values.Span, Length);
        }

        Rows.AppendValid();
    }

    /// <summary>Appends values.</summary>
    public void Append(ReadOnlySpan<bool> values)
    {
        Span<byte> bits = stackalloc byte[64];
        for (int done = 0; done < values.Length; done += 512)
        {
            int count = int.Min(512, values.Length - done);
            BitMask.Pack(values.Slice(done, count), bits);
            AppendBits(bits, 0, count);
        }
    }

    /// <summary>Appends values that are bits.</summary>
    public void AppendBits(ReadOnlySpan<byte> bits, int bitOffset, int count)
    {
        Reserve(count);
        Bitmap.Copy(bits, bitOffset, _values.Span, Length, count);
        Rows.AppendValid(count);
    }

    /// <summary>Appends values that are bits, with their validity; both runs start at their own bit.</summary>
    public void AppendBits(
        ReadOnlySpan<byte> bits, int bitOffset, int count, ReadOnlySpan<byte> validity, int validityOffset)
    {
        Reserve(count);
        Bitmap.Copy(bits, bitOffset, _values.Span, Length, count);
        Rows.AppendBits(validity, validityOffset, count);
    }

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        Reserve(count);
        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        if (value is null)
        {
            AppendNulls(1);
        }
        else
        {
            Append((bool)value);
        }
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        return new ArrayData(ArrowType, length, validity.NullCount, 0, [validity.Bits, _values.Build()], null, null);
    }

    // Bits past the last row are always zero.
    private void Reserve(int additional)
    {
        int newBytes = Bitmap.SizeBytes(checked(Length + additional)) - _values.Length;
        if (newBytes > 0)
        {
            _values.Append(newBytes).Clear();
        }
    }
}
