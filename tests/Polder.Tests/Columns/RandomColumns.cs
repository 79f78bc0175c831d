using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Columns;

/// <summary>Random values of every type, in the form of literals, and arrays that hold them at an offset.</summary>
internal static class RandomColumns
{
    /// <summary>Every type that columns can have, with nesting.</summary>
    public static IReadOnlyList<DataType> Types { get; } =
    [
        DataType.Void, DataType.Boolean, DataType.Byte, DataType.Short, DataType.Integer, DataType.Long, DataType.Float,
        DataType.Double, DataType.Decimal(9, 2), DataType.Decimal(38, 10), DataType.String, DataType.Char(3),
        DataType.Varchar(9), DataType.Binary, DataType.Date, DataType.Time(), DataType.Timestamp,
        DataType.TimestampNtz, DataType.YearMonthInterval(), DataType.DayTimeInterval(), DataType.CalendarInterval,
        DataType.Variant,
        DataType.Array(DataType.Integer),
        DataType.Array(DataType.Array(DataType.String)),
        DataType.Map(DataType.String, DataType.Long),
        DataType.Map(DataType.Integer, DataType.Array(DataType.Boolean)),
        DataType.Struct(
            new StructField("a", DataType.Integer), new StructField("b", DataType.String),
            new StructField("c", DataType.Array(DataType.Struct(new StructField("d", DataType.Boolean))))),
        DataType.Array(DataType.Variant),
        DataType.Struct(new StructField("v", DataType.Void), new StructField("f", DataType.Decimal(20, 5))),
    ];

    public static TheoryData<string> Names => [.. Types.Select(type => type.ToString())];

    public static DataType Named(string name) => Types.First(type => type.ToString() == name);

    public static object? Value(Random random, DataType type, double nullShare = 0.2)
    {
        if (type.Kind == TypeKind.Void || random.NextDouble() < nullShare)
        {
            return null;
        }

        return type.Kind switch
        {
            TypeKind.Boolean => random.Next(2) == 0,
            TypeKind.Byte => (sbyte)random.Next(-128, 128),
            TypeKind.Short => (short)random.Next(short.MinValue, short.MaxValue + 1),
            TypeKind.Integer or TypeKind.Date or TypeKind.YearMonthInterval => random.Next(int.MinValue, int.MaxValue),
            TypeKind.Long or TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz or
                TypeKind.DayTimeInterval => random.NextInt64(long.MinValue, long.MaxValue),
            TypeKind.Float => random.NextSingle() * 1e6f,
            TypeKind.Double => random.NextDouble() * -1e9,
            TypeKind.Decimal => new Int128((ulong)random.NextInt64() >> 40, (ulong)random.NextInt64()) *
                (random.Next(2) == 0 ? 1 : -1),
            TypeKind.String or TypeKind.Char or TypeKind.Varchar => Text(random),
            TypeKind.Binary => Bytes(random),
            TypeKind.CalendarInterval =>
                new CalendarInterval(random.Next(-99, 99), random.Next(-99, 99), random.NextInt64(-1L << 40, 1L << 40)),
            TypeKind.Variant => new object?[] { Bytes(random), Bytes(random) },
            TypeKind.Array => Enumerable.Range(0, random.Next(0, 4))
                .Select(_ => Value(random, type.Element!, nullShare)).ToArray(),
            TypeKind.Map => Enumerable.Range(0, random.Next(0, 4))
                .Select(_ => (Value(random, type.Key!, 0), Value(random, type.Element!, nullShare))).ToArray(),
            _ => type.Fields.Select(field => Value(random, field.Type, nullShare)).ToArray(),
        };
    }

    public static object?[] Values(Random random, DataType type, int count, double nullShare = 0.2) =>
        [.. Enumerable.Range(0, count).Select(_ => Value(random, type, nullShare))];

    /// <summary>An array of exactly those values that starts at the given offset of a larger one.</summary>
    public static IArrowArray Build(DataType type, IReadOnlyList<object?> values, Random random, int offset = 0)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, random.Next(0, 20));
        foreach (object? value in Values(random, type, offset).Concat(values).Concat(Values(random, type, offset)))
        {
            builder.AppendValue(value);
        }

        IArrowArray array = builder.Build();
        return offset == 0 ? array : ArrowArrayFactory.Slice(array, offset, values.Count);
    }

    public static string[] Read(IArrowArray array, DataType type) =>
        [.. Enumerable.Range(0, array.Length).Select(row => Show(ColumnValues.Get(array, row, type)))];

    /// <summary>A value as text, so that nested ones compare by contents.</summary>
    public static string Show(object? value) => value switch
    {
        null => "null",
        byte[] bytes => "0x" + Convert.ToHexString(bytes),
        string text => "'" + text + "'",
        object?[] items => "[" + string.Join(", ", items.Select(Show)) + "]",
        (object? Key, object? Value)[] pairs =>
            "{" + string.Join(", ", pairs.Select(pair => Show(pair.Key) + ": " + Show(pair.Value))) + "}",
        IFormattable number => number.GetType().Name + " " + number.ToString(null, null),
        _ => value.ToString()!,
    };

    private static string Text(Random random) =>
        string.Concat(Enumerable.Range(0, random.Next(0, 20)).Select(_ => "aßc€𝄞z"[random.Next(0, 3)]));

    private static byte[] Bytes(Random random)
    {
        byte[] bytes = new byte[random.Next(0, 40)];
        random.NextBytes(bytes);
        return bytes;
    }
}
