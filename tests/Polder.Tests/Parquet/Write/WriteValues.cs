using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Tests.Columns;

namespace Polder.Tests.Parquet.Write;

/// <summary>Random values in the ranges that every engine shares, in columns of many or few distinct values.</summary>
internal sealed class WriteValues
{
    private readonly Random _random;
    private readonly Dictionary<DataType, object[]> _few = [];

    public WriteValues(Random random)
    {
        _random = random;
    }

    /// <summary>Every type that files hold, nullable and not, nested and not.</summary>
    public static DataType EveryType { get; } = DataType.Struct([.. Leaves().SelectMany((type, index) => new[]
    {
        new StructField($"n{index}", type), new StructField($"r{index}", type, false),
    }), .. Nested()]);

    public object?[] Column(DataType type, bool isNullable, int count)
    {
        double nullShare = !isNullable ? 0 : _random.Next(5) switch { 0 => 0, 1 => 1, 2 => 0.01, 3 => 0.99, _ => 0.3 };
        bool isFew = _random.Next(2) == 0;
        return [.. Enumerable.Range(0, count).Select(_ => Value(type, isNullable ? nullShare : 0, isFew))];
    }

    private object? Value(DataType type, double nullShare, bool isFew)
    {
        if (_random.NextDouble() < nullShare)
        {
            return null;
        }

        return type.Kind switch
        {
            TypeKind.Array => Enumerable.Range(0, Length())
                .Select(_ => Value(type.Element!, type.ContainsNull ? 0.2 : 0, isFew)).ToArray(),
            TypeKind.Map => Enumerable.Range(0, Length()).Select(index =>
                ((object?)Key(type.Key!, index), Value(type.Element!, type.ContainsNull ? 0.2 : 0, isFew))).ToArray(),
            TypeKind.Struct => type.Fields
                .Select(field => Value(field.Type, field.Nullable ? 0.2 : 0, isFew)).ToArray(),
            _ => isFew ? Few(type) : Leaf(type),
        };
    }

    private int Length() => _random.Next(6) == 0 ? _random.Next(0, 40) : _random.Next(0, 4);

    // Keys of one map differ: DuckDB insists.
    private object Key(DataType type, int index) =>
        type.Kind == TypeKind.String ? $"k{index}-{_random.Next(9)}" : index;

    private object Few(DataType type)
    {
        if (!_few.TryGetValue(type, out object[]? values))
        {
            _few[type] = values = [.. Enumerable.Range(0, _random.Next(1, 20)).Select(_ => Leaf(type))];
        }

        return values[_random.Next(values.Length)];
    }

    private object Leaf(DataType type) => type.Kind switch
    {
        TypeKind.Date => _random.Next(-700_000, 2_900_000),
        TypeKind.Time => _random.NextInt64(0, 86_400_000_000),
        TypeKind.Timestamp or TypeKind.TimestampNtz =>
            _random.NextInt64(-60_000_000_000_000_000, 250_000_000_000_000_000),
        TypeKind.Float => _random.Next(12) switch
        {
            0 => float.NaN, 1 => -0f, 2 => 0f, 3 => float.PositiveInfinity, _ => _random.NextSingle() * 1e6f,
        },
        TypeKind.Double => _random.Next(12) switch
        {
            0 => double.NaN, 1 => -0d, 2 => 0d, 3 => double.NegativeInfinity, _ => _random.NextDouble() * -1e9,
        },
        TypeKind.Decimal => RandomDecimal(type.Precision),
        TypeKind.String when _random.Next(50) == 0 => new string('x', _random.Next(5000)),
        _ => RandomColumns.Value(_random, type, 0)!,
    };

    private Int128 RandomDecimal(int precision)
    {
        Int128 value = 0;
        for (int digit = _random.Next(1, precision + 1); digit > 0; digit--)
        {
            value = (value * 10) + _random.Next(10);
        }

        return _random.Next(2) == 0 ? value : -value;
    }

    private static DataType[] Leaves() =>
    [
        DataType.Boolean, DataType.Byte, DataType.Short, DataType.Integer, DataType.Long, DataType.Float,
        DataType.Double, DataType.Decimal(9, 2), DataType.Decimal(18, 0), DataType.Decimal(19, 4),
        DataType.Decimal(38, 10), DataType.String, DataType.Binary, DataType.Date, DataType.Time(),
        DataType.Timestamp, DataType.TimestampNtz,
    ];

    private static StructField[] Nested() =>
    [
        new("l1", DataType.Array(DataType.Integer)),
        new("l2", DataType.Array(DataType.Array(DataType.String, false)), false),
        new("l3", DataType.Array(DataType.Array(DataType.Array(DataType.Long), false))),
        new("m1", DataType.Map(DataType.String, DataType.Long)),
        new("m2", DataType.Map(DataType.Integer, DataType.Array(DataType.Boolean), false), false),
        new("s1", DataType.Struct(new StructField("a", DataType.Integer), new StructField("b", DataType.String))),
        new("s2", DataType.Struct(
            new StructField("a", DataType.Double, false),
            new StructField("b", DataType.Struct(new StructField("c", DataType.Decimal(20, 5))), false)), false),
        new("s3", DataType.Struct(
            new StructField("l", DataType.Array(DataType.Struct(
                new StructField("m", DataType.Map(DataType.String, DataType.Struct(
                    new StructField("x", DataType.Float), new StructField("y", DataType.Array(DataType.Date)))))))))),
        new("ls", DataType.Array(DataType.Struct(
            new StructField("d", DataType.Boolean), new StructField("e", DataType.String, false)), false)),
    ];
}
