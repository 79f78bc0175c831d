using System.Collections.Generic;

namespace Polder.Delta;

/// <summary>What happens where new rows have other columns than the table.</summary>
public enum SchemaMode
{
    /// <summary>Rows must have the table's columns; narrower numbers are widened, nothing else is converted.</summary>
    Strict,

    /// <summary>Columns that the table lacks are added to it; columns that the rows lack are null.</summary>
    Merge,

    /// <summary>The rows' columns become the table's; only for overwriting.</summary>
    Overwrite,
}

/// <summary>How rows are written to a table.</summary>
public sealed class WriteOptions
{
    /// <summary>The defaults.</summary>
    public static WriteOptions Default { get; } = new();

    /// <summary>What happens where the rows have other columns than the table.</summary>
    public SchemaMode SchemaMode { get; init; }

    /// <summary>
    /// With <see cref="ApplicationVersion"/>: who loads. A load whose version the table has already seen from this
    /// application changes nothing, so that it can be repeated safely.
    /// </summary>
    public string? ApplicationId { get; init; }

    /// <summary>The load's number; must grow from load to load.</summary>
    public long? ApplicationVersion { get; init; }

    /// <summary>A note that is kept in the table's history.</summary>
    public string? UserMetadata { get; init; }

    /// <summary>Bytes of a data file after which the next one is begun.</summary>
    public long TargetFileBytes { get; init; } = 128L << 20;

    /// <summary>Bytes that files being written may hold in memory; beyond it the largest are finished.</summary>
    public long BufferBytes { get; init; } = 256L << 20;
}

/// <summary>What a new table is.</summary>
public sealed class TableOptions
{
    /// <summary>
    /// Partition columns in the order of the directories. <c>year(c)</c>, <c>month(c)</c>, <c>day(c)</c> and
    /// <c>hour(c)</c> add an INT column <c>c_year</c>, … with that part of the date or timestamp <c>c</c>, as the SQL
    /// function of that name gives it; every append fills it.
    /// </summary>
    public IReadOnlyList<string> PartitionBy { get; init; } = [];

    /// <summary>Properties of the table, such as <c>delta.checkpointInterval</c>.</summary>
    public IReadOnlyDictionary<string, string> Properties { get; init; } = new Dictionary<string, string>();

    /// <summary>The table's name.</summary>
    public string? Name { get; init; }

    /// <summary>What the table is about.</summary>
    public string? Description { get; init; }
}
