using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Polder.Tests.Columns.Rows;

/// <summary>Rows of the test types with random contents; edges are as likely as everything between.</summary>
internal sealed class RandomRows
{
    private static readonly JsonSerializerOptions Options = new()
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IncludeFields = true,
        Converters = { new PlainDecimal() },
    };

    private readonly Random _random;

    public RandomRows(int seed)
    {
        _random = new Random(seed);
    }

    /// <summary>Rows as text, so that two of them can be compared whatever they hold.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Options);

    public T[] Many<T>(Func<T> make, int count) => [.. Enumerable.Range(0, count).Select(_ => make())];

    public Leaves Leaves() => new()
    {
        Bool = Chance(2),
        SByte = (sbyte)Bits(8),
        Byte = (byte)Bits(8),
        Int16 = (short)Bits(16),
        UInt16 = (ushort)Bits(16),
        Int32 = (int)Bits(32),
        UInt32 = (uint)Bits(32),
        Int64 = Bits(64),
        UInt64 = (ulong)Bits(64),
        Single = BitConverter.Int32BitsToSingle((int)Bits(32)),
        Double = BitConverter.Int64BitsToDouble(Bits(64)),
        Half = BitConverter.Int16BitsToHalf((short)Bits(16)),
        Char = Char(),
        String = String(),
        Decimal = Decimal(18),
        Price = Math.Round(Decimal(2) % 100_000_000m, 2),
        Int128 = Bits(64),
        Unscaled = (Int128)Bits(64) * 1_000_000,
        DateOnly = Date(),
        DateTime = Time(DateTimeKind.Unspecified),
        Instant = Time(DateTimeKind.Utc),
        Day = Date().ToDateTime(default),
        Offset = new DateTimeOffset(Time(DateTimeKind.Utc)),
        TimeOnly = new TimeOnly(Math.Abs(Bits(62)) % TimeSpan.TicksPerDay / 10 * 10),
        TimeSpan = new TimeSpan(Bits(64) / 10 * 10),
        Guid = Guid(),
        GuidBytes = Guid(),
        Bytes = Bytes(),
        Memory = Bytes(),
        Colour = Pick(Colour.Red, Colour.Green, Colour.Blue, (Colour)(-7)),
        ColourName = Pick(Colour.Red, Colour.Green, Colour.Blue),
        Tiny = Pick(Tiny.One, Tiny.Most),
        Huge = Pick(Huge.None, Huge.Most),
    };

    public NullableLeaves NullableLeaves()
    {
        Leaves leaves = Leaves();
        return new NullableLeaves
        {
            Bool = Maybe(leaves.Bool),
            SByte = Maybe(leaves.SByte),
            Byte = Maybe(leaves.Byte),
            Int16 = Maybe(leaves.Int16),
            UInt16 = Maybe(leaves.UInt16),
            Int32 = Maybe(leaves.Int32),
            UInt32 = Maybe(leaves.UInt32),
            Int64 = Maybe(leaves.Int64),
            UInt64 = Maybe(leaves.UInt64),
            Single = Maybe(leaves.Single),
            Double = Maybe(leaves.Double),
            Half = Maybe(leaves.Half),
            Char = Maybe(leaves.Char),
            String = MaybeOf(leaves.String),
            Decimal = Maybe(leaves.Decimal),
            Int128 = Maybe(leaves.Int128),
            DateOnly = Maybe(leaves.DateOnly),
            DateTime = Maybe(leaves.DateTime),
            Offset = Maybe(leaves.Offset),
            TimeOnly = Maybe(leaves.TimeOnly),
            TimeSpan = Maybe(leaves.TimeSpan),
            Guid = Maybe(leaves.Guid),
            Bytes = MaybeOf(leaves.Bytes),
            Memory = Maybe(leaves.Memory),
            Colour = Maybe(leaves.Colour),
            ColourName = Maybe(leaves.ColourName),
            Huge = Maybe(leaves.Huge),
        };
    }

    public Flight Flight() => new(
        Time(DateTimeKind.Unspecified), String(), String(), Maybe((int)Bits(32)));

    public Point Point() => new((int)Bits(32), Maybe(_random.NextDouble()));

    public Item Item() => new(
        String(), (int)Bits(32), Maybe(Decimal(18)), Point(), Maybe(Point()), MaybeOf(Maker()));

    public Maker Maker() => new() { Name = String(), Aliases = MaybeOf(List(() => MaybeOf(String()))) };

    public Order Order() => new(
        Bits(64),
        [.. List(Item)],
        MaybeOf(List(() => MaybeOf(Item()))),
        [.. List(Point)],
        List(() => Maybe(Point())),
        [.. List(() => (int)Bits(32))],
        MaybeOf(List(() => Maybe(_random.NextDouble()))),
        Pairs(String, () => MaybeOf(String())),
        MaybeOf(Pairs(() => (int)Bits(32), Item)),
        MaybeOf(new SortedDictionary<DateOnly, List<Point>>(Pairs(Date, () => List(Point)))),
        [.. List(Guid)],
        List(() => List(Item)),
        MaybeOf(List(() => List(() => (int)Bits(32)).ToArray()).ToArray()),
        [.. List(() => MaybeOf(List(() => MaybeOf(String())).ToArray()))],
        Item(),
        MaybeOf(Item()),
        [.. List(() => Chance(2))],
        MaybeOf(List(() => Maybe(Colour.Green)).ToImmutableList()),
        MaybeOf(Pairs(() => Pick(Colour.Red, Colour.Blue), () => MaybeOf(Bytes())).ToImmutableDictionary()),
        List(() => Bits(64)));

    public string String() => _random.Next(5) switch
    {
        0 => "",
        1 => "Żółw 🐢 \0",
        2 => new string('x', _random.Next(300)),
        _ => $"text {_random.Next(50)}",
    };

    private List<T> List<T>(Func<T> make) => [.. Many(make, _random.Next(4) == 0 ? 0 : _random.Next(5))];

    private Dictionary<TKey, TValue> Pairs<TKey, TValue>(Func<TKey> key, Func<TValue> value)
        where TKey : notnull
    {
        Dictionary<TKey, TValue> pairs = [];
        foreach (TKey made in List(key))
        {
            pairs[made] = value();
        }

        return pairs;
    }

    private T? Maybe<T>(T value)
        where T : struct => Chance(3) ? null : value;

    private T? MaybeOf<T>(T value)
        where T : class => Chance(3) ? null : value;

    private bool Chance(int oneIn) => _random.Next(oneIn) == 0;

    private T Pick<T>(params T[] choices) => choices[_random.Next(choices.Length)];

    // 0, -1, the least and the greatest of so many bits among others.
    private long Bits(int count) => _random.Next(8) switch
    {
        0 => 0,
        1 => -1,
        2 => long.MaxValue >> (64 - count),
        3 => long.MinValue >> (64 - count),
        _ => _random.NextInt64(long.MinValue, long.MaxValue) >> (64 - count),
    };

    private char Char() => Pick('a', '\0', 'é', '\uFFFD', '語');

    private decimal Decimal(int scale) => Math.Round(
        new decimal(
            _random.Next(), _random.Next(), Chance(2) ? 0 : _random.Next(1000), Chance(2), (byte)_random.Next(19)),
        scale) % 10_000_000_000m;

    private DateOnly Date() => Pick(
        DateOnly.MinValue, DateOnly.MaxValue, new DateOnly(1970, 1, 1),
        DateOnly.FromDayNumber(_random.Next(DateOnly.MaxValue.DayNumber)));

    private DateTime Time(DateTimeKind kind) => new(
        Pick(0, DateTime.MaxValue.Ticks, DateTime.UnixEpoch.Ticks - 10, _random.NextInt64(DateTime.MaxValue.Ticks))
            / 10 * 10,
        kind);

    private Guid Guid() => new(Bytes(16));

    private byte[] Bytes(int? length = null)
    {
        byte[] bytes = new byte[length ?? _random.Next(6)];
        _random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>12.50 and 12.5 are one number, and come back as either.</summary>
    private sealed class PlainDecimal : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.GetDecimal();

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value / 1.0000000000000000000000000000m);
    }
}
