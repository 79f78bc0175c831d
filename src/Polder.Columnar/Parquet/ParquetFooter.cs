using System;
using System.Collections.Generic;

namespace Polder.Parquet;

/// <summary>
/// What a file's footer says. Immutable; holds plain GC memory, so that it may be cached as long as anybody likes.
/// </summary>
public sealed class ParquetFooter
{
    /// <summary>The format version written by the file's writer: 1 or 2.</summary>
    public required int Version { get; init; }

    /// <summary>The schema.</summary>
    public required ParquetSchema Schema { get; init; }

    /// <summary>Rows of the file.</summary>
    public required long RowCount { get; init; }

    /// <summary>The row groups, in file order.</summary>
    public required IReadOnlyList<RowGroupMetadata> RowGroups { get; init; }

    /// <summary>Free-form pairs; a value may be absent.</summary>
    public IReadOnlyList<KeyValuePair<string, string?>> KeyValues { get; init; } = [];

    /// <summary>What wrote the file, as it says.</summary>
    public string? CreatedBy { get; init; }

    /// <summary>How bounds of each leaf are ordered; as long as the schema has leaves.</summary>
    public required IReadOnlyList<ColumnOrder> ColumnOrders { get; init; }

    /// <summary>Bytes that the footer takes at the end of the file, magic included.</summary>
    public int SizeBytes { get; init; }

    /// <summary>The value of a key; null where the key or its value is absent.</summary>
    public string? FindValue(string key)
    {
        foreach (KeyValuePair<string, string?> pair in KeyValues)
        {
            if (string.Equals(pair.Key, key, StringComparison.Ordinal))
            {
                return pair.Value;
            }
        }

        return null;
    }
}
