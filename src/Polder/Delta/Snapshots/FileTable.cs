using System;
using System.Collections.Generic;
using System.Text.Json;
using Polder.Delta.Actions;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The active files of a snapshot as flat columns: a row per file, no object per file. Grown by one thread, then never
/// changed.
/// </summary>
/// <remarks>Every column has <see cref="Count"/> rows, partition columns once <see cref="Seal"/> was called.</remarks>
internal sealed class FileTable
{
    private const long Unknown = -1;

    private readonly Dictionary<string, DictionaryColumn> _partitionValues = [];
    private readonly Dictionary<int, DeletionVectorDescriptor> _vectors = [];
    private readonly Dictionary<int, DeletionVectorDescriptor> _chosenRows = [];
    private readonly HashSet<int> _changeFiles = [];
    private readonly BytesColumn _paths = new();
    private readonly BytesColumn _stats = new();
    private readonly BytesColumn _tags = new();
    private readonly DictionaryColumn _clusteringProviders = new();
    private readonly List<long> _sizes = [];
    private readonly List<long> _modificationTimes = [];
    private readonly List<long> _rowCounts = [];
    private readonly List<long> _baseRowIds = [];
    private readonly List<long> _commitVersions = [];

    public static FileTable Empty { get; } = new();

    public int Count => _sizes.Count;

    /// <summary>The path as the log spells it, in UTF-8.</summary>
    public ReadOnlySpan<byte> GetPathUtf8(int row) => _paths[row];

    public string GetPath(int row) => _paths.GetText(row)!;

    public long GetSizeBytes(int row) => _sizes[row];

    /// <summary>Milliseconds since the epoch.</summary>
    public long GetModificationTime(int row) => _modificationTimes[row];

    /// <summary>Rows in the file, those that a deletion vector removes included; -1 where not recorded.</summary>
    public long GetPhysicalRowCount(int row) => _rowCounts[row];

    /// <summary>Rows of the table in the file; -1 where not recorded.</summary>
    public long GetRowCount(int row) =>
        _rowCounts[row] < 0 || GetChosenRows(row) is not null
            ? Unknown
            : _rowCounts[row] - (GetVector(row)?.Cardinality ?? 0);

    /// <summary>The statistics' JSON, empty where there are none.</summary>
    public ReadOnlySpan<byte> GetStats(int row) => _stats[row];

    public DeletionVectorDescriptor? GetVector(int row) => _vectors.GetValueOrDefault(row);

    /// <summary>
    /// Of a change feed: the only rows of the file that count (where its vector does not have them); null = all.
    /// </summary>
    public DeletionVectorDescriptor? GetChosenRows(int row) => _chosenRows.GetValueOrDefault(row);

    /// <summary>Of a change feed: whether the file holds changes, each with its own type, instead of rows.</summary>
    public bool IsChangeFile(int row) => _changeFiles.Contains(row);

    /// <summary>Row tracking: the id of the file's first row, or null.</summary>
    public long? GetBaseRowId(int row) => _baseRowIds[row] < 0 ? null : _baseRowIds[row];

    /// <summary>Row tracking: the version that the file's rows came with, or null.</summary>
    public long? GetCommitVersion(int row) => _commitVersions[row] < 0 ? null : _commitVersions[row];

    public bool HasVectors => _vectors.Count > 0;

    /// <summary>The serialised value of a partition column, by its physical name.</summary>
    public string? GetPartitionValue(int row, string column) =>
        _partitionValues.TryGetValue(column, out DictionaryColumn? values) ? values[row] : null;

    /// <summary>The values of a partition column, or null where no file has any.</summary>
    public DictionaryColumn? FindPartitionColumn(string column) => _partitionValues.GetValueOrDefault(column);

    /// <summary>The add action of a row, complete.</summary>
    public AddFile GetAction(int row) => new()
    {
        Path = GetPath(row),
        PartitionValues = GetPartitionValues(row),
        SizeBytes = _sizes[row],
        ModificationTime = _modificationTimes[row],
        DataChange = false,
        Stats = _stats.GetText(row),
        Tags = ParseMap(_tags[row]),
        DeletionVector = GetVector(row),
        BaseRowId = GetBaseRowId(row),
        DefaultRowCommitVersion = GetCommitVersion(row),
        ClusteringProvider = _clusteringProviders[row],
    };

    public Dictionary<string, string?> GetPartitionValues(int row)
    {
        Dictionary<string, string?> values = [];
        foreach ((string name, DictionaryColumn column) in _partitionValues)
        {
            values[name] = column[row];
        }

        return values;
    }

    public void Append(AddFile add)
    {
        int row = Count;
        _paths.Append(add.Path);
        _sizes.Add(add.SizeBytes);
        _modificationTimes.Add(add.ModificationTime);
        _stats.Append(add.Stats);
        _rowCounts.Add(ReadRowCount(_stats[row]));
        _tags.Append(add.Tags is null ? null : FormatMap(add.Tags));
        _baseRowIds.Add(add.BaseRowId ?? Unknown);
        _commitVersions.Add(add.DefaultRowCommitVersion ?? Unknown);
        _clusteringProviders.Append(add.ClusteringProvider);
        foreach ((string name, string? value) in add.PartitionValues)
        {
            AppendPartitionValue(row, name, value);
        }

        if (add.DeletionVector is not null)
        {
            _vectors.Add(row, add.DeletionVector);
        }
    }

    /// <summary>Of a change feed: the file of an add, of which only some rows count.</summary>
    public void AppendChosen(AddFile add, DeletionVectorDescriptor chosenRows)
    {
        _chosenRows.Add(Count, chosenRows);
        Append(add);
    }

    /// <summary>Of a change feed: a file of changes.</summary>
    public void AppendChangeFile(AddFile file)
    {
        _changeFiles.Add(Count);
        Append(file);
    }

    public void AppendFrom(FileTable other, int otherRow)
    {
        int row = Count;
        _paths.AppendFrom(other._paths, otherRow);
        _sizes.Add(other._sizes[otherRow]);
        _modificationTimes.Add(other._modificationTimes[otherRow]);
        _stats.AppendFrom(other._stats, otherRow);
        _rowCounts.Add(other._rowCounts[otherRow]);
        _tags.AppendFrom(other._tags, otherRow);
        _baseRowIds.Add(other._baseRowIds[otherRow]);
        _commitVersions.Add(other._commitVersions[otherRow]);
        _clusteringProviders.Append(other._clusteringProviders[otherRow]);
        foreach ((string name, DictionaryColumn column) in other._partitionValues)
        {
            if (otherRow < column.Count)
            {
                AppendPartitionValue(row, name, column[otherRow]);
            }
        }

        if (other.GetVector(otherRow) is DeletionVectorDescriptor vector)
        {
            _vectors.Add(row, vector);
        }

        if (other.GetChosenRows(otherRow) is DeletionVectorDescriptor chosenRows)
        {
            _chosenRows.Add(row, chosenRows);
        }

        if (other.IsChangeFile(otherRow))
        {
            _changeFiles.Add(row);
        }
    }

    /// <summary>Gives every partition column its full length; the table is read-only from here on.</summary>
    public FileTable Seal()
    {
        foreach (DictionaryColumn column in _partitionValues.Values)
        {
            column.PadTo(Count);
        }

        return this;
    }

    private void AppendPartitionValue(int row, string name, string? value)
    {
        if (!_partitionValues.TryGetValue(name, out DictionaryColumn? column))
        {
            column = new DictionaryColumn();
            _partitionValues.Add(name, column);
        }

        column.PadTo(row);
        column.Append(value);
    }

    private static long ReadRowCount(ReadOnlySpan<byte> stats)
    {
        if (stats.IsEmpty)
        {
            return Unknown;
        }

        try
        {
            Utf8JsonReader json = new(stats, isFinalBlock: true, default);
            json.ReadExpected(JsonTokenType.StartObject);
            while (json.ReadProperty(out string name))
            {
                if (name == "numRecords")
                {
                    return json.GetLong() is long count and >= 0 ? count : Unknown;
                }

                json.Skip();
            }
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Statistics that nobody can read are as good as none.
        }

        return Unknown;
    }

    private static string FormatMap(IReadOnlyDictionary<string, string?> map)
    {
        using System.IO.MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            foreach ((string key, string? value) in map)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Dictionary<string, string?>? ParseMap(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return null;
        }

        Utf8JsonReader json = new(text, isFinalBlock: true, default);
        json.Read();
        return json.GetMap();
    }
}
