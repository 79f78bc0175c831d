using System;

namespace Polder.Rows.Generator.Model;

/// <summary>All that is generated for a row type, without symbols or syntax: equal models make equal code.</summary>
internal sealed record RowModel(
    string HintName,
    string? Namespace,
    EquatableArray<string> Declarations,
    string Name,
    string ClrName,
    EquatableArray<MemberModel> Members,
    EquatableArray<int> ConstructorMembers,
    EquatableArray<DiagnosticModel> Diagnostics)
{
    /// <summary>Whether code can be generated.</summary>
    public bool IsSound { get; init; } = true;

    /// <summary>Whether rows are structs.</summary>
    public bool IsValueType { get; init; }
}

/// <summary>A member and its column.</summary>
/// <param name="Name">The member's name as written in code.</param>
/// <param name="Label">Its name with its type, for messages.</param>
/// <param name="Column">The column's name.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsRequired">Whether an object initializer must set it.</param>
internal sealed record MemberModel(string Name, string Label, string Column, TypeModel Type, bool IsRequired);

/// <summary>How values are mapped.</summary>
internal enum ValueKind
{
    Bool,
    SByte,
    Int16,
    Int32,
    Int64,
    Single,
    Double,
    Byte,
    UInt16,
    UInt32,
    UInt64,
    Half,
    Char,
    Decimal,
    Int128,
    DateOnly,
    DateTime,
    DateTimeInstant,
    DateTimeDate,
    DateTimeOffset,
    TimeOnly,
    TimeSpan,
    String,
    GuidText,
    GuidBytes,
    ByteArray,
    ByteMemory,
    EnumNumber,
    EnumText,
    Row,
    List,
    Map,
}

/// <summary>What a list or map is in memory, which says how it is made.</summary>
internal enum CollectionKind
{
    None,
    Array,
    List,
    ImmutableArray,
    ImmutableList,
    HashSet,
    Sequence,
    Dictionary,
    SortedDictionary,
    ImmutableDictionary,
}

/// <summary>A type of values.</summary>
/// <param name="Kind">How it is mapped.</param>
/// <param name="ClrName">Its full name in code, without a final question mark.</param>
/// <param name="Display">Its name for messages.</param>
/// <param name="IsNullable">Whether null is allowed.</param>
/// <param name="IsValueType">Whether a nullable one is a <c>Nullable&lt;T&gt;</c>.</param>
internal sealed record TypeModel(
    ValueKind Kind, string ClrName, string Display, bool IsNullable, bool IsValueType)
{
    public int Precision { get; init; }

    public int Scale { get; init; }

    public CollectionKind Collection { get; init; }

    /// <summary>A list's elements, a map's values; an enum's number.</summary>
    public TypeModel? Element { get; init; }

    public TypeModel? Key { get; init; }

    /// <summary>An enum's names, each with whether an earlier one has the same value.</summary>
    public EquatableArray<EnumName> Names { get; init; }

    /// <summary>The full name in code.</summary>
    public string Annotated => IsNullable ? ClrName + "?" : ClrName;
}

/// <summary>A named value of an enum.</summary>
internal sealed record EnumName(string Name, bool IsAlias);

/// <summary>A diagnostic without the syntax tree that it points into.</summary>
internal sealed record DiagnosticModel(
    string Id, string Path, int Start, int Length, int StartLine, int StartColumn, int EndLine, int EndColumn,
    EquatableArray<string> Arguments) : IEquatable<DiagnosticModel>;
