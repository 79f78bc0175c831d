using System;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>
/// A column of fixed-width values: sbyte, short, int (also dates and year-month intervals), long (also times,
/// timestamps and day-time intervals, in microseconds), float, double, Int128 (unscaled decimals).
/// </summary>
public sealed class FixedBuilder<T> : ColumnBuilder
    where T : unmanaged
{
    private static readonly int ValueBytes = ByteCast.SizeOf<T>();

    private ValueBuffer _values;

    internal FixedBuilder(DataType type, int capacity)
        : base(type)
    {
        _values = new ValueBuffer((long)capacity * ValueBytes);
    }

    /// <summary>Appends a value.</summary>
    public void Append(T value)
    {
        ByteCast.As<T>(_values.Append(ValueBytes))[0] = value;
        Rows.AppendValid();
    }

    /// <summary>Appends values.</summary>
    public void Append(ReadOnlySpan<T> values)
    {
        ByteCast.ToBytes(values).CopyTo(_values.Append(checked(values.Length * ValueBytes)));
        Rows.AppendValid(values.Length);
    }

    /// <summary>Appends rows that are valid, with values for the caller to fill in before the next append.</summary>
    public Span<T> AppendSpan(int count)
    {
        Span<byte> appended = _values.Append(checked(count * ValueBytes));
        Rows.AppendValid(count);
        return ByteCast.As<T>(appended);
    }

    /// <summary>
    /// Appends rows whose validity is a run of bits (1 = valid), with values for the caller to fill in (those of null
    /// rows too) before the next append.
    /// </summary>
    public Span<T> AppendSpan(int count, ReadOnlySpan<byte> validity, int bitOffset)
    {
        Span<byte> appended = _values.Append(checked(count * ValueBytes));
        Rows.AppendBits(validity, bitOffset, count);
        return ByteCast.As<T>(appended);
    }

    /// <inheritdoc />
    public override void AppendNulls(int count)
    {
        _values.Append(checked(count * ValueBytes)).Clear();
        Rows.AppendNulls(count);
    }

    /// <inheritdoc />
    public override void AppendValue(object? value)
    {
        switch (value)
        {
            case null:
                AppendNulls(1);
                break;
            case CalendarInterval interval when this is FixedBuilder<MonthDayNanosecondInterval> intervals:
                intervals.Append(new MonthDayNanosecondInterval(
                    interval.Months, interval.Days, checked(interval.Microseconds * 1000)));
                break;
            default:
                Append((T)value);
                break;
        }
    }

    internal override ArrayData BuildData()
    {
        int length = Length;
        ValidityBuffer validity = Rows.Build();
        return new ArrayData(ArrowType, length, validity.NullCount, 0, [validity.Bits, _values.Build()], null, null);
    }
}
