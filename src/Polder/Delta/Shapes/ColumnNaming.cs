using System;
using System.Collections.Generic;
using System.Globalization;
using Polder.Columns;
using Polder.Delta.Actions;
using Polder.Delta.Protocol;
using Polder.Parquet;

namespace Polder.Delta.Shapes;

/// <summary>
/// PROTOCOL "Column Mapping": which field of a file a column of the table is, and what the log calls it. Without
/// mapping both have the column's own name; names in files are matched as Spark does, without case.
/// </summary>
internal sealed class ColumnNaming
{
    private const string PhysicalNameKey = "delta.columnMapping.physicalName";
    private const string IdKey = "delta.columnMapping.id";

    private readonly bool _byId;
    private readonly bool _isMapped;

    private ColumnNaming(bool isMapped, bool byId)
    {
        _isMapped = isMapped;
        _byId = byId;
    }

    /// <summary>Columns have one name everywhere.</summary>
    public static ColumnNaming None { get; } = new(isMapped: false, byId: false);

    public static ColumnNaming Create(TableProtocol protocol, TableMetadata metadata)
    {
        string mode = FeatureGate.ColumnMappingMode(protocol, metadata);
        return mode is "none" or "name" or "id"
            ? new ColumnNaming(mode != "none", mode == "id")
            : throw new UnsupportedFeatureException($"column mapping mode {mode}", "only name and id are known");
    }

    /// <summary>The name that partition values, statistics and (by name) files use.</summary>
    public string PhysicalName(StructField field) =>
        _isMapped && field.Metadata.TryGetValue(PhysicalNameKey, out string? json)
            ? JsonTokens.ParseText(json) ?? field.Name
            : field.Name;

    /// <summary>The field of a file that holds a column, or null where the file is older than the column.</summary>
    public ParquetField? Find(IReadOnlyList<ParquetField> candidates, StructField column)
    {
        if (_byId && FindById(candidates, column) is ParquetField byId)
        {
            return byId;
        }

        // Columns that are not of the table, as those of a change feed, have no id and go by name.
        if (_byId && column.Metadata.ContainsKey(IdKey) && HasIds(candidates))
        {
            // PROTOCOL: in id mode a field that is not there by id is null, whatever else may bear its name.
            return null;
        }

        string name = PhysicalName(column);
        ParquetField? found = null;
        foreach (ParquetField candidate in candidates)
        {
            if (string.Equals(candidate.Name, name, StringComparison.Ordinal))
            {
                return candidate;
            }

            if (!_isMapped && found is null && string.Equals(candidate.Name, name, StringComparison.OrdinalIgnoreCase))
            {
                found = candidate;
            }
        }

        return found;
    }

    private static ParquetField? FindById(IReadOnlyList<ParquetField> candidates, StructField column)
    {
        if (!column.Metadata.TryGetValue(IdKey, out string? text) ||
            !int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out int id))
        {
            return null;
        }

        foreach (ParquetField candidate in candidates)
        {
            if (candidate.FieldId == id)
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool HasIds(IReadOnlyList<ParquetField> candidates)
    {
        foreach (ParquetField candidate in candidates)
        {
            if (candidate.FieldId is not null)
            {
                return true;
            }
        }

        return false;
    }
}
