using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>
/// A node of a file's schema exactly as it stands in the footer, repeated groups of lists and maps included.
/// What the columns are to a reader is in <see cref="ParquetField"/>.
/// </summary>
public sealed class SchemaNode
{
    internal SchemaNode(
        SchemaElement element, int maxDefinitionLevel, int maxRepetitionLevel, IReadOnlyList<SchemaNode> children)
    {
        Element = element;
        MaxDefinitionLevel = maxDefinitionLevel;
        MaxRepetitionLevel = maxRepetitionLevel;
        Children = children;
    }

    /// <summary>The name, any text.</summary>
    public string Name => Element.Name;

    /// <summary>How often it occurs in its parent; the root counts as required.</summary>
    public Repetition Repetition => Element.Repetition ?? Repetition.Required;

    /// <summary>How values are stored; null for a group.</summary>
    public PhysicalType? PhysicalType => Element.Physical;

    /// <summary>Bytes of a value of FIXED_LEN_BYTE_ARRAY; meaningless elsewhere.</summary>
    public int TypeLength => Element.TypeLength;

    /// <summary>What the node means.</summary>
    public LogicalType LogicalType => Element.Logical;

    /// <summary>The field id, or null.</summary>
    public int? FieldId => Element.FieldId;

    /// <summary>The definition level of a slot where this node is present.</summary>
    public int MaxDefinitionLevel { get; }

    /// <summary>The number of repeated nodes from the root to this one, itself included.</summary>
    public int MaxRepetitionLevel { get; }

    /// <summary>The nodes below; empty for a leaf.</summary>
    public IReadOnlyList<SchemaNode> Children { get; }

    /// <summary>The leaf that this is; null for a group.</summary>
    public ParquetLeaf? Leaf { get; internal set; }

    internal SchemaElement Element { get; }

    /// <inheritdoc />
    public override string ToString() => $"{Repetition} {Name}";
}
