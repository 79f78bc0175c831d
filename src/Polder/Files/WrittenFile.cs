using System.Collections.Generic;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Files;

/// <summary>A Parquet file that was written whole.</summary>
public sealed class WrittenFile
{
    /// <summary>Where it is.</summary>
    public required StorePath Path { get; init; }

    /// <summary>Its size.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>Its rows.</summary>
    public required long RowCount { get; init; }

    /// <summary>What it holds, for every column outside lists and maps, structs taken apart.</summary>
    public required IReadOnlyList<ColumnStatistics> ColumnStatistics { get; init; }
}
