using System;
using Apache.Arrow;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;

namespace Polder.Columns;

/// <summary>
/// Collects a column row by row, straight into the buffers of the Arrow array it becomes (plain GC memory).
/// One thread at a time; reusable after <see cref="Build"/>.
/// </summary>
public abstract class ColumnBuilder
{
    private protected ColumnBuilder(DataType type)
    {
        Type = type;
        ArrowType = ArrowTypes.ToArrow(type);
    }

    /// <summary>The type of the values.</summary>
    public DataType Type { get; }

    /// <summary>Rows appended since the last <see cref="Build"/>.</summary>
    public int Length => Rows.Length;

    /// <summary>Null rows among them.</summary>
    public int NullCount => Rows.NullCount;

    /// <summary>How the values are held.</summary>
    internal IArrowType ArrowType { get; }

    private protected ValidityBuilder Rows { get; } = new();

    /// <summary>A builder for a type.</summary>
    /// <param name="type">The type; see the classes for which builder it gives.</param>
    /// <param name="capacity">Rows to make room for at once.</param>
    public static ColumnBuilder Create(DataType type, int capacity = 0) => type.Kind switch
    {
        TypeKind.Void => new VoidBuilder(),
        TypeKind.Boolean => new BooleanBuilder(capacity),
        TypeKind.Byte => new FixedBuilder<sbyte>(type, capacity),
        TypeKind.Short => new FixedBuilder<short>(type, capacity),
        TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval => new FixedBuilder<int>(type, capacity),
        TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.DayTimeInterval =>
            new FixedBuilder<long>(type, capacity),
        TypeKind.Float => new FixedBuilder<float>(type, capacity),
        TypeKind.Double => new FixedBuilder<double>(type, capacity),
        TypeKind.Decimal => new FixedBuilder<Int128>(type, capacity),
        TypeKind.WideDecimal => throw new UnsupportedFeatureException(
            "building decimals of more than 38 digits", "they are read from files as they are"),
        TypeKind.CalendarInterval => new FixedBuilder<MonthDayNanosecondInterval>(type, capacity),
        TypeKind.String or TypeKind.Char or TypeKind.Varchar or TypeKind.Binary => new BytesBuilder(type, capacity),
        TypeKind.Variant => new VariantBuilder(capacity),
        TypeKind.Array => new ListBuilder(type, capacity),
        TypeKind.Map => new MapBuilder(type, capacity),
        _ => new StructBuilder(type, capacity),
    };

    /// <summary>Appends a null row.</summary>
    public void AppendNull() => AppendNulls(1);

    /// <summary>Appends null rows.</summary>
    public abstract void AppendNulls(int count);

    /// <summary>Makes null those of the last rows, none of them null so far, whose flag is false.</summary>
    /// <exception cref="ArgumentOutOfRangeException">More flags than rows.</exception>
    public void NullLast(ReadOnlySpan<bool> isThere)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(isThere.Length, Length, nameof(isThere));
        Rows.NullLast(isThere);
    }

    /// <summary>
    /// Appends a value in the form of <c>Literal.Value</c>; an array or struct as <c>object?[]</c>, a map as
    /// <c>(object?, object?)[]</c>, a variant as <c>object?[]</c> of its two binaries. Not for hot loops.
    /// </summary>
    /// <exception cref="InvalidCastException">The value is not of the type's form.</exception>
    public abstract void AppendValue(object? value);

    /// <summary>The rows as an array; the builder starts anew.</summary>
    public IArrowArray Build() => ArrowArrayFactory.BuildArray(BuildData());

    internal abstract ArrayData BuildData();
}
