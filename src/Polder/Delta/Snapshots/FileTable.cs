using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using Polder.Delta.Actions;
using Polder.Delta.Scan;
using Polder.Storage;

namespace Polder.Delta.Snapshots;

/// <summary>
/// The active files of a snapshot as flat columns: a row per file, no object per file. Grown by one thread, then never
/// changed.
/// </summary>
/// <remarks>
/// Every column has <see cref="Count"/> rows once <see cref="Seal"/> was called; those that few files have are made
/// when the first has them. Statistics are kept as the log has them while they are small, else only where they lie.
/// </remarks>
internal sealed class FileTable
{
    private const long Unknown = -1;
    private const int PartShift = 40;

    private readonly Dictionary<string, DictionaryColumn> _partitionValues = [];
    private readonly List<(byte[] Name, DictionaryColumn Column)> _partitionNames = [];
    private readonly Dictionary<int, DeletionVectorDescriptor> _vectors = [];
    private readonly Dictionary<int, DeletionVectorDescriptor> _chosenRows = [];
    private readonly HashSet<int> _changeFiles = [];
    private readonly BytesColumn _tags = new();
    private readonly DictionaryColumn _clusteringProviders = new();
    private readonly PathColumn _paths = new();
    private readonly BytesColumn _stats = new();
    private readonly List<long> _sizes = [];
    private readonly List<long> _modificationTimes = [];
    private readonly List<long> _rowCounts = [];
    private readonly SparseLongs _baseRowIds = new();
    private readonly SparseLongs _commitVersions = new();
    private readonly SparseLongs _statisticsRows = new();
    private readonly List<StorePath> _statisticsParts = [];
    private ConcurrentDictionary<string, StatisticsColumn>? _statistics;

    public int Count => _sizes.Count;

    /// <summary>The path as the log spells it.</summary>
    public string GetPath(int row) => _paths.GetText(row);

    /// <summary>Bytes of the path in UTF-8.</summary>
    public int GetPathSizeBytes(int row) => _paths.GetSizeBytes(row);

    /// <summary>Copies the path in UTF-8.</summary>
    public void CopyPath(int row, Span<byte> target) => _paths.CopyTo(row, target);

    /// <summary>Whether the log spells the path so.</summary>
    public bool IsPath(int row, ReadOnlySpan<byte> path) => _paths.Is(row, path);

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

    /// <summary>What the statistics say of single columns, as far as predicates have asked for them.</summary>
    public ConcurrentDictionary<string, StatisticsColumn> Statistics =>
        LazyInitializer.EnsureInitialized(ref _statistics, () => []);

    /// <summary>Files of the checkpoint in which statistics lie that are not kept here.</summary>
    public IReadOnlyList<StorePath> StatisticsParts => _statisticsParts;

    /// <summary>
    /// Which row of a part has the statistics of a file; below 0 where an earlier one or none has, null where a later
    /// one has. Parts and rows ascend with the files.
    /// </summary>
    public long? GetStatisticsRow(int row, int part) => _statisticsRows[row] is not long stored ? -1
        : stored >> PartShift == part ? stored & ((1L << PartShift) - 1)
        : stored >> PartShift < part ? -1 : null;

    /// <summary>The statistics' JSON, empty where there are none, or where they lie in the checkpoint.</summary>
    public ReadOnlySpan<byte> GetStats(int row) => row < _stats.Count ? _stats[row] : default;

    public DeletionVectorDescriptor? GetVector(int row) => _vectors.GetValueOrDefault(row);

    /// <summary>
    /// Of a change feed: the only rows of the file that count (where its vector does not have them); null = all.
    /// </summary>
    public DeletionVectorDescriptor? GetChosenRows(int row) => _chosenRows.GetValueOrDefault(row);

    /// <summary>Of a change feed: whether the file holds changes, each with its own type, instead of rows.</summary>
    public bool IsChangeFile(int row) => _changeFiles.Contains(row);

    /// <summary>Row tracking: the id of the file's first row, or null.</summary>
    public long? GetBaseRowId(int row) => _baseRowIds[row];

    /// <summary>Row tracking: the version that the file's rows came with, or null.</summary>
    public long? GetCommitVersion(int row) => _commitVersions[row];

    private string? GetTags(int row) => row < _tags.Count ? _tags.GetText(row) : null;

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
        Stats = row < _stats.Count ? _stats.GetText(row) : null,
        Tags = GetTags(row) is string tags ? ParseMap(tags) : null,
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
        if (add.Stats is not null)
        {
            _stats.PadTo(row);
            _stats.Append(add.Stats);
        }

        AppendNumbers(
            add.SizeBytes,
            add.ModificationTime,
            RowCountText.Read(GetStats(row)),
            add.BaseRowId ?? Unknown,
            add.DefaultRowCommitVersion ?? Unknown);
        foreach ((string name, string? value) in add.PartitionValues)
        {
            GetOrAddPartitionColumn(name, row).Append(value);
        }

        AppendRest(
            row, add.DeletionVector, add.Tags is null ? null : FormatMap(add.Tags), add.ClusteringProvider);
    }

    /// <summary>Appends a row of a checkpoint. What is not given is absent.</summary>
    /// <param name="path">The path in UTF-8.</param>
    /// <param name="stats">The statistics' JSON; empty = none.</param>
    /// <param name="sizeBytes">The file's size.</param>
    /// <param name="modificationTime">Milliseconds since the epoch.</param>
    /// <param name="storedRow">Where in the newest of <see cref="StatisticsParts"/> they lie; null = keep them.</param>
    public void Append(
        ReadOnlySpan<byte> path, ReadOnlySpan<byte> stats, long sizeBytes, long modificationTime, long? storedRow)
    {
        _statisticsRows.Set(
            Count, storedRow is long row ? ((long)(_statisticsParts.Count - 1) << PartShift) | row : Unknown);
        _paths.Append(path);
        if (!stats.IsEmpty && storedRow is null)
        {
            _stats.PadTo(Count);
            _stats.Append(stats);
        }

        AppendNumbers(sizeBytes, modificationTime, RowCountText.Read(stats), Unknown, Unknown);
    }

    /// <summary>From here on, rows leave their statistics in a part of the checkpoint.</summary>
    public void LeaveStatisticsIn(StorePath part) => _statisticsParts.Add(part);

    /// <summary>Completes the row that was appended last with what few files have.</summary>
    public void Complete(AddFile rare)
    {
        int row = Count - 1;
        _baseRowIds.Set(row, rare.BaseRowId ?? Unknown);
        _commitVersions.Set(row, rare.DefaultRowCommitVersion ?? Unknown);
        AppendRest(
            row, rare.DeletionVector, rare.Tags is null ? null : FormatMap(rare.Tags), rare.ClusteringProvider);
    }

    /// <summary>Gives the row that was appended last a partition value. Name and value in UTF-8.</summary>
    public void SetPartitionValue(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool isNull)
    {
        DictionaryColumn column = FindPartitionColumn(name);
        if (isNull)
        {
            column.Append((string?)null);
        }
        else
        {
            column.Append(value);
        }
    }

    private DictionaryColumn FindPartitionColumn(ReadOnlySpan<byte> name)
    {
        foreach ((byte[] known, DictionaryColumn column) in _partitionNames)
        {
            if (name.SequenceEqual(known))
            {
                column.PadTo(Count - 1);
                return column;
            }
        }

        DictionaryColumn added = GetOrAddPartitionColumn(System.Text.Encoding.UTF8.GetString(name), Count - 1);
        _partitionNames.Add((name.ToArray(), added));
        return added;
    }

    private DictionaryColumn GetOrAddPartitionColumn(string name, int row)
    {
        if (!_partitionValues.TryGetValue(name, out DictionaryColumn? column))
        {
            column = new DictionaryColumn();
            _partitionValues.Add(name, column);
        }

        column.PadTo(row);
        return column;
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
        if (other._statisticsRows[otherRow] is long stored)
        {
            StorePath part = other._statisticsParts[(int)(stored >> PartShift)];
            if (_statisticsParts.Count == 0 || _statisticsParts[^1] != part)
            {
                _statisticsParts.Add(part);
            }

            _statisticsRows.Set(
                row, ((long)(_statisticsParts.Count - 1) << PartShift) | (stored & ((1L << PartShift) - 1)));
        }

        _paths.AppendFrom(other._paths, otherRow);
        if (other.GetStats(otherRow) is { IsEmpty: false } stats)
        {
            _stats.PadTo(row);
            _stats.Append(stats);
        }

        AppendNumbers(
            other._sizes[otherRow],
            other._modificationTimes[otherRow],
            other._rowCounts[otherRow],
            other._baseRowIds[otherRow] ?? Unknown,
            other._commitVersions[otherRow] ?? Unknown);
        foreach ((string name, DictionaryColumn column) in other._partitionValues)
        {
            GetOrAddPartitionColumn(name, row).Append(column[otherRow]);
        }

        AppendRest(
            row,
            other.GetVector(otherRow),
            other.GetTags(otherRow),
            other._clusteringProviders[otherRow]);
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
            column.Trim();
        }

        _paths.Trim();
        _stats.Trim();
        _sizes.TrimExcess();
        _modificationTimes.TrimExcess();
        _rowCounts.TrimExcess();
        _statisticsRows.Trim();
        return this;
    }

    private void AppendNumbers(
        long sizeBytes, long modificationTime, long rowCount, long baseRowId, long commitVersion)
    {
        int row = Count;
        _sizes.Add(sizeBytes);
        _modificationTimes.Add(modificationTime);
        _rowCounts.Add(rowCount);
        _baseRowIds.Set(row, baseRowId);
        _commitVersions.Set(row, commitVersion);
    }

    private void AppendRest(
        int row, DeletionVectorDescriptor? vector, string? tags, string? clusteringProvider)
    {
        if (vector is not null)
        {
            _vectors.Add(row, vector);
        }

        if (tags is not null)
        {
            _tags.PadTo(row);
            _tags.Append(tags);
        }

        if (clusteringProvider is not null)
        {
            _clusteringProviders.PadTo(row);
            _clusteringProviders.Append(clusteringProvider);
        }
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

    private static Dictionary<string, string?>? ParseMap(string text)
    {
        Utf8JsonReader json = new(System.Text.Encoding.UTF8.GetBytes(text), isFinalBlock: true, default);
        json.Read();
        return json.GetMap();
    }
}
