using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using Polder.Columns.Rows;

namespace Polder.Tests.Columns.Rows;

[PolderRow]
public partial record Flight(DateTime Date, string Origin, string Destination, int? Delay);

public enum Colour
{
    Red,
    Green = 5,
    Blue,
    Azure = Blue,
}

public enum Tiny : byte
{
    One = 1,
    Most = 255,
}

public enum Huge : ulong
{
    None,
    Most = ulong.MaxValue,
}

/// <summary>Every leaf, as a class with setters.</summary>
[PolderRow]
public partial class Leaves
{
    public bool Bool { get; set; }
    public sbyte SByte { get; set; }
    public byte Byte { get; set; }
    public short Int16 { get; set; }
    public ushort UInt16 { get; set; }
    public int Int32 { get; set; }
    public uint UInt32 { get; set; }
    public long Int64 { get; set; }
    public ulong UInt64 { get; set; }
    public float Single { get; set; }
    public double Double { get; set; }
    public Half Half { get; set; }
    public char Char { get; set; }
    public string String { get; set; } = "";
    public decimal Decimal { get; set; }

    [PolderColumn("exact", Type = "decimal(10,2)")]
    public decimal Price { get; set; }

    public Int128 Int128 { get; set; }

    [PolderColumn(Type = "decimal(38, 10)")]
    public Int128 Unscaled { get; set; }

    public DateOnly DateOnly { get; set; }
    public DateTime DateTime { get; set; }

    [PolderColumn(Type = "timestamp")]
    public DateTime Instant { get; set; }

    [PolderColumn(Type = "date")]
    public DateTime Day { get; set; }

    public DateTimeOffset Offset { get; set; }
    public TimeOnly TimeOnly { get; set; }
    public TimeSpan TimeSpan { get; set; }
    public Guid Guid { get; set; }

    [PolderColumn(Type = "binary")]
    public Guid GuidBytes { get; set; }

    public byte[] Bytes { get; set; } = [];
    public ReadOnlyMemory<byte> Memory { get; set; }
    public Colour Colour { get; set; }

    [PolderColumn(Type = "string")]
    public Colour ColourName { get; set; }

    public Tiny Tiny { get; set; }
    public Huge Huge { get; set; }
}

/// <summary>Every leaf, nullable, as a record struct with init.</summary>
[PolderRow]
public readonly partial record struct NullableLeaves
{
    public bool? Bool { get; init; }
    public sbyte? SByte { get; init; }
    public byte? Byte { get; init; }
    public short? Int16 { get; init; }
    public ushort? UInt16 { get; init; }
    public int? Int32 { get; init; }
    public uint? UInt32 { get; init; }
    public long? Int64 { get; init; }
    public ulong? UInt64 { get; init; }
    public float? Single { get; init; }
    public double? Double { get; init; }
    public Half? Half { get; init; }
    public char? Char { get; init; }
    public string? String { get; init; }
    public decimal? Decimal { get; init; }
    public Int128? Int128 { get; init; }
    public DateOnly? DateOnly { get; init; }
    public DateTime? DateTime { get; init; }
    public DateTimeOffset? Offset { get; init; }
    public TimeOnly? TimeOnly { get; init; }
    public TimeSpan? TimeSpan { get; init; }
    public Guid? Guid { get; init; }
    public byte[]? Bytes { get; init; }
    public ReadOnlyMemory<byte>? Memory { get; init; }
    public Colour? Colour { get; init; }

    [PolderColumn(Type = "string")]
    public Colour? ColourName { get; init; }

    public Huge? Huge { get; init; }
}

[PolderRow]
public readonly partial record struct Point(int X, double? Y);

[PolderRow]
public partial record Item(string Sku, int Count, decimal? Price, Point At, Point? Seen, Maker? Maker);

[PolderRow]
public partial class Maker
{
    public required string Name { get; init; }

    public List<string?>? Aliases { get; set; }
}

/// <summary>Nested rows and collections of every sort.</summary>
[PolderRow]
public partial record Order(
    long Id,
    Item[] Items,
    List<Item?>? Maybe,
    Point[] Points,
    List<Point?> Holes,
    ImmutableArray<int> Numbers,
    IReadOnlyList<double?>? Doubles,
    Dictionary<string, string?> Tags,
    IReadOnlyDictionary<int, Item>? ByNumber,
    SortedDictionary<DateOnly, List<Point>>? Days,
    HashSet<Guid> Ids,
    List<List<Item>> Pages,
    int[][]? Matrix,
    string?[]?[] Words,
    Item Main,
    Item? Spare,
    bool[] Flags,
    ImmutableList<Colour?>? Colours,
    ImmutableDictionary<Colour, byte[]?>? Images,
    List<long> Longs);
