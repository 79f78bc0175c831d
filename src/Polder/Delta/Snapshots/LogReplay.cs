using System;
using System.Buffers;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Snapshots;

/// <summary>
/// PROTOCOL "Action Reconciliation", newest first: the first action seen for a key decides, whatever comes later is
/// older. Commits are applied from the newest to the oldest, then the checkpoint or the snapshot that they stand on.
/// </summary>
internal sealed class LogReplay(string root)
{
    private const int MaximumExpected = 1_000_000;

    private static readonly SearchValues<byte> Encoded = SearchValues.Create("%:\\"u8);

    private readonly HashSet<UInt128> _seenFiles = [];
    private readonly HashSet<UInt128> _activePaths = [];
    private readonly Dictionary<string, SetTransaction> _transactions = [];
    private readonly Dictionary<string, DomainMetadata> _domains = [];
    private readonly FileTable _newestFirst = new();
    private readonly FileTable _base = new();
    private readonly TombstoneTable _tombstones = new();
    private TableProtocol? _protocol;
    private TableMetadata? _metadata;

    /// <summary>Makes room for the adds of a checkpoint.</summary>
    public void Expect(long addCount) =>
        _activePaths.EnsureCapacity((int)long.Min(_activePaths.Count + addCount, MaximumExpected));

    /// <summary>The files of the checkpoint that were applied so far.</summary>
    public FileTable Base => _base;

    /// <summary>Applies a commit that is older than all applied before. Within it the later line wins.</summary>
    public void ApplyCommit(CommitFile commit)
    {
        for (int index = commit.Actions.Count - 1; index >= 0; index--)
        {
            Apply(commit.Actions[index], _newestFirst);
        }
    }

    /// <summary>
    /// Applies a compaction, older than all applied before. Within it the earlier line wins: an action should be there
    /// once, and the writers that keep more put the newest commit's first.
    /// </summary>
    public void ApplyCompaction(CommitFile compaction)
    {
        foreach (DeltaAction action in compaction.Actions)
        {
            Apply(action, _newestFirst);
        }
    }

    /// <summary>Applies one action of the checkpoint below the commits; the order among them does not matter.</summary>
    public void ApplyCheckpointAction(DeltaAction action) => Apply(action, _base);

    /// <summary>Where to append an add of the checkpoint; null where it is outdone by something newer.</summary>
    /// <param name="path">As the log spells it, in UTF-8.</param>
    /// <param name="vectorId">Its deletion vector's id, or null.</param>
    public FileTable? ClaimCheckpointAdd(ReadOnlySpan<byte> path, string? vectorId)
    {
        if (vectorId is not null || path.IsEmpty || path[0] == '/' || path.ContainsAny(Encoded))
        {
            return TryClaim(Encoding.UTF8.GetString(path), vectorId, isAdd: true) ? _base : null;
        }

        // Nothing to decode: the path is its own canonical form.
        UInt128 hash = XxHash128.HashToUInt128(path);
        return (_seenFiles.Count > 0 && _seenFiles.Contains(hash)) || !_activePaths.Add(hash) ? null : _base;
    }

    /// <summary>Applies the snapshot below the commits.</summary>
    public void ApplySnapshot(ReplayResult older)
    {
        for (int row = 0; row < older.Files.Count; row++)
        {
            if (TryClaim(older.Files.GetPath(row), older.Files.GetVector(row)?.UniqueId, isAdd: true))
            {
                _base.AppendFrom(older.Files, row);
            }
        }

        for (int row = 0; row < older.Tombstones.Count; row++)
        {
            if (TryClaim(older.Tombstones.GetPath(row), older.Tombstones.GetVectorId(row), isAdd: false))
            {
                _tombstones.AppendFrom(older.Tombstones, row);
            }
        }

        _protocol ??= older.Protocol;
        _metadata ??= older.Metadata;
        foreach (SetTransaction transaction in older.Transactions.Values)
        {
            _transactions.TryAdd(transaction.ApplicationId, transaction);
        }

        foreach (DomainMetadata domain in older.Domains.Values)
        {
            _domains.TryAdd(domain.Domain, domain);
        }
    }

    /// <summary>The state. The replay is used up.</summary>
    /// <exception cref="CorruptLogException">No protocol or no metadata was found.</exception>
    public ReplayResult Finish()
    {
        FileTable files = _base;
        for (int row = _newestFirst.Seal().Count - 1; row >= 0; row--)
        {
            files.AppendFrom(_newestFirst, row);
        }

        string folder = $"{root}/{LogPath.Folder}";
        return new ReplayResult(
            _protocol ?? throw new CorruptLogException("no protocol action was found", folder),
            _metadata ?? throw new CorruptLogException("no metaData action was found", folder),
            files.Seal(),
            _tombstones,
            _transactions,
            _domains.Where(pair => !pair.Value.Removed).ToDictionary());
    }

    private void Apply(DeltaAction action, FileTable files)
    {
        switch (action)
        {
            case AddFile add when TryClaim(add.Path, add.DeletionVector?.UniqueId, isAdd: true):
                files.Append(add);
                break;
            case RemoveFile remove when TryClaim(remove.Path, remove.DeletionVector?.UniqueId, isAdd: false):
                _tombstones.Append(remove);
                break;
            case TableProtocol protocol:
                _protocol ??= protocol;
                break;
            case TableMetadata metadata:
                _metadata ??= metadata;
                break;
            case SetTransaction transaction:
                _transactions.TryAdd(transaction.ApplicationId, transaction);
                break;
            case DomainMetadata domain:
                _domains.TryAdd(domain.Domain, domain);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// Whether this is the newest action on its logical file. An add is also outdone by a newer add of the same data
    /// file with another deletion vector: of one path only the newest vector may be active.
    /// </summary>
    private bool TryClaim(string path, string? vectorId, bool isAdd)
    {
        string canonical = FilePath.Canonicalize(path, root);
        if (!_seenFiles.Add(Hash(canonical, vectorId)))
        {
            return false;
        }

        return !isAdd || _activePaths.Add(Hash(canonical, null));
    }

    /// <summary>128 bits: two of a billion different files share one with a chance below 1e-20.</summary>
    private static UInt128 Hash(string path, string? vectorId)
    {
        string key = vectorId is null ? path : path + "\0" + vectorId;
        int capacity = Encoding.UTF8.GetMaxByteCount(key.Length);
        Span<byte> bytes = capacity <= 1024 ? stackalloc byte[capacity] : new byte[capacity];
        return XxHash128.HashToUInt128(bytes[..Encoding.UTF8.GetBytes(key, bytes)]);
    }
}

/// <summary>The state of a table at one version, as the log gives it.</summary>
internal sealed record ReplayResult(
    TableProtocol Protocol,
    TableMetadata Metadata,
    FileTable Files,
    TombstoneTable Tombstones,
    IReadOnlyDictionary<string, SetTransaction> Transactions,
    IReadOnlyDictionary<string, DomainMetadata> Domains);
