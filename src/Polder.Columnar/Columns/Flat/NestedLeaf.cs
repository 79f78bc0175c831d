using System;
using Apache.Arrow.Scalars;
using Apache.Arrow.Types;

namespace Polder.Columns.Flat;

/// <summary>What a caller takes the leaves to be: strings or binaries as bytes, or fixed-width values.</summary>
internal sealed class NestedLeaf
{
    private readonly Type _type;
    private readonly ArrowTypeId? _bytesOf;

    private NestedLeaf(Type type, ArrowTypeId? bytesOf)
    {
        _type = type;
        _bytesOf = bytesOf;
    }

    /// <summary>The bytes of strings.</summary>
    public static NestedLeaf Strings { get; } = new(typeof(byte), ArrowTypeId.String);

    /// <summary>The bytes of binaries.</summary>
    public static NestedLeaf Binaries { get; } = new(typeof(byte), ArrowTypeId.Binary);

    /// <summary>Whether the leaves are the bytes of values of varying length.</summary>
    public bool IsVariableLength => _bytesOf is not null;

    /// <summary>Values of a fixed width.</summary>
    public static NestedLeaf Values<T>()
        where T : unmanaged => new(typeof(T), null);

    /// <summary>Refuses what the caller does not expect.</summary>
    /// <exception cref="ArgumentException">Leaves of another type.</exception>
    /// <exception cref="UnsupportedFeatureException">Leaves, or lists, that have no flat view.</exception>
    public void Check(IArrowType type)
    {
        if (_bytesOf == type.TypeId)
        {
            return;
        }

        if (type is StringType or BinaryType)
        {
            throw new ArgumentException(
                $"the leaves are values of type {type.Name}: use Nested.{(type is StringType ? "Utf8" : "Bytes")}");
        }

        Type actual = TypeOf(type) ?? throw new UnsupportedFeatureException(
            $"a flat view of Arrow type {type.Name}", "convert the array with ArrowConvert.ToCanonical first");
        if (_bytesOf is { } wanted)
        {
            throw new ArgumentException($"the leaves are of type {type.Name}, not {wanted}: use Nested.Of");
        }

        if (actual != _type)
        {
            throw new ArgumentException(
                $"the leaves are of type {type.Name}, which is {actual.Name} in memory, not {_type.Name}");
        }
    }

    private static Type? TypeOf(IArrowType type) => type switch
    {
        BooleanType => typeof(bool),
        Int8Type => typeof(sbyte),
        UInt8Type => typeof(byte),
        Int16Type => typeof(short),
        UInt16Type => typeof(ushort),
        Int32Type or Date32Type or Time32Type => typeof(int),
        UInt32Type => typeof(uint),
        Int64Type or Date64Type or Time64Type or TimestampType or DurationType => typeof(long),
        UInt64Type => typeof(ulong),
        HalfFloatType => typeof(Half),
        FloatType => typeof(float),
        DoubleType => typeof(double),
        Decimal128Type => typeof(Int128),
        IntervalType { Unit: IntervalUnit.YearMonth } => typeof(int),
        IntervalType { Unit: IntervalUnit.MonthDayNanosecond } => typeof(MonthDayNanosecondInterval),
        _ => null,
    };
}
