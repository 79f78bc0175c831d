using System.Collections.Generic;
using Polder.Columns;

namespace Polder.Parquet;

/// <summary>What a field of a file is to a reader.</summary>
public enum FieldShape
{
    /// <summary>A value of its own.</summary>
    Leaf,

    /// <summary>Named fields side by side.</summary>
    Struct,

    /// <summary>Any number of elements.</summary>
    List,

    /// <summary>Any number of keys and values.</summary>
    Map,

    /// <summary>A self-describing value: metadata, value and perhaps typed columns.</summary>
    Variant,
}

/// <summary>
/// A field of a file as a reader sees it: lists and maps in whatever shape the writer gave them are one field with one
/// element, or a key and a value.
/// </summary>
/// <remarks>
/// Levels: a slot holds a non-null value of this field iff its definition level is at least
/// <see cref="DefinitionLevel"/>. A list or map that is not null holds an entry in that slot iff the level is at least
/// <see cref="DefinitionLevel"/> + 1, and the slot goes on with the same list iff its repetition level is at least
/// <see cref="RepetitionLevel"/> + 1.
/// </remarks>
public sealed class ParquetField
{
    private readonly DataType? _type;
    private readonly string? _refusal;

    internal ParquetField(SchemaNode node, string name, FieldShape shape, bool isNullable)
    {
        Node = node;
        Name = name;
        Shape = shape;
        IsNullable = isNullable;
    }

    /// <summary>The name in the file; "element", "key" and "value" below lists and maps.</summary>
    public string Name { get; }

    /// <summary>What the field is.</summary>
    public FieldShape Shape { get; }

    /// <summary>Whether its value may be null where its parent's is not.</summary>
    public bool IsNullable { get; }

    /// <summary>The definition level from which on the value is not null.</summary>
    public required int DefinitionLevel { get; init; }

    /// <summary>The number of lists and maps around the field.</summary>
    public required int RepetitionLevel { get; init; }

    /// <summary>The field id, or null.</summary>
    public int? FieldId => Node.FieldId;

    /// <summary>
    /// A struct's fields; a list's element; a map's key and value; of a variant's metadata, value and typed columns, in
    /// this order, those that the file has.
    /// </summary>
    public IReadOnlyList<ParquetField> Children { get; init; } = [];

    /// <summary>The leaf; null unless the shape is one.</summary>
    public ParquetLeaf? Leaf => Shape == FieldShape.Leaf ? Node.Leaf : null;

    /// <summary>The node of the schema that carries the field's annotation.</summary>
    public SchemaNode Node { get; }

    /// <summary>Whether a variant keeps some values in typed columns.</summary>
    public bool IsShredded => Shape == FieldShape.Variant && Children[^1].Name == "typed_value";

    /// <summary>The type that its values have in columns.</summary>
    /// <exception cref="UnsupportedFeatureException">The file's type has no counterpart.</exception>
    public DataType Type => _type ?? throw new UnsupportedFeatureException(_refusal!, $"column {Node.Name}");

    /// <summary>Whether <see cref="Type"/> can be told.</summary>
    public bool IsSupported => _type is not null;

    internal (DataType? Type, string? Refusal) TypeOrRefusal
    {
        get => (_type, _refusal);
        init => (_type, _refusal) = value;
    }

    /// <inheritdoc />
    public override string ToString() => $"{Name}: {_type?.ToString() ?? _refusal}";
}
