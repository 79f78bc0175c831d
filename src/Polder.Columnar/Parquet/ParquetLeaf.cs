using System.Collections.Generic;

namespace Polder.Parquet;

/// <summary>A leaf of the schema: what a column chunk holds.</summary>
public sealed class ParquetLeaf
{
    internal ParquetLeaf(int index, SchemaNode node, IReadOnlyList<string> path)
    {
        Index = index;
        Node = node;
        Path = path;
        DottedPath = string.Join('.', path);
    }

    /// <summary>0-based position among the leaves, the order of chunks in a row group.</summary>
    public int Index { get; }

    /// <summary>The node of the schema.</summary>
    public SchemaNode Node { get; }

    /// <summary>The names from below the root to the leaf, repeated groups included.</summary>
    public IReadOnlyList<string> Path { get; }

    /// <summary>The path joined by dots, for messages.</summary>
    public string DottedPath { get; }

    /// <summary>How values are stored.</summary>
    public PhysicalType PhysicalType => Node.PhysicalType!.Value;

    /// <summary>Bytes of a value of FIXED_LEN_BYTE_ARRAY; meaningless elsewhere.</summary>
    public int TypeLength => Node.TypeLength;

    /// <summary>What the values mean.</summary>
    public LogicalType LogicalType => Node.LogicalType;

    /// <summary>The definition level of a value that is present.</summary>
    public int MaxDefinitionLevel => Node.MaxDefinitionLevel;

    /// <summary>The number of repeated nodes above or at the leaf.</summary>
    public int MaxRepetitionLevel => Node.MaxRepetitionLevel;

    /// <inheritdoc />
    public override string ToString() => DottedPath;
}
