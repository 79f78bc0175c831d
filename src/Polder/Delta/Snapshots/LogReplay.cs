using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Delta.Actions;
using Polder.Delta.Log;

namespace Polder.Delta.Snapshots;

/// <summary>
/// PROTOCOL "Action Reconciliation", oldest first: on what a checkpoint or an older version says, the commits after it
/// are applied one by one. What is made shares with the older version all that stays.
/// </summary>
internal sealed class LogReplay
{
    private readonly string _root;
    private readonly FileSetBuilder _files;
    private readonly TombstoneTable _removes = new();
    private readonly Tombstones _olderTombstones;
    private readonly Changed<SetTransaction> _transactions;
    private readonly Changed<DomainMetadata> _domains;
    private TableProtocol? _protocol;
    private TableMetadata? _metadata;

    /// <param name="root">The table's root.</param>
    /// <param name="older">The version to begin with; null = before the first.</param>
    public LogReplay(string root, ReplayResult? older = null)
    {
        _root = root;
        _files = new FileSetBuilder(older?.Files ?? FileSet.Empty, new PathKeys(root));
        _olderTombstones = older?.Tombstones ?? Tombstones.Empty;
        _transactions = new Changed<SetTransaction>(older?.Transactions);
        _domains = new Changed<DomainMetadata>(older?.Domains);
        _protocol = older?.Protocol;
        _metadata = older?.Metadata;
    }

    /// <summary>Where the adds of a checkpoint are appended.</summary>
    public FileTable Adds => _files.Table;

    /// <summary>Makes room for the adds of a checkpoint.</summary>
    public void Expect(long addCount) => _files.Expect(addCount);

    /// <summary>Applies a commit that follows all applied before. Within it the later line wins.</summary>
    public void ApplyCommit(CommitFile commit)
    {
        foreach (DeltaAction action in commit.Actions)
        {
            Apply(action);
        }
    }

    /// <summary>
    /// Applies a compaction, which follows all applied before. Within it the earlier line wins: an action should be
    /// there once, and the writers that keep more put the newest commit's first.
    /// </summary>
    public void ApplyCompaction(CommitFile compaction)
    {
        for (int index = compaction.Actions.Count - 1; index >= 0; index--)
        {
            Apply(compaction.Actions[index]);
        }
    }

    /// <summary>Applies an action of the checkpoint that everything begins with; their order does not matter.</summary>
    public void ApplyCheckpointAction(DeltaAction action)
    {
        if (action is AddFile add)
        {
            if (TryClaim(System.Text.Encoding.UTF8.GetBytes(add.Path)))
            {
                Adds.Append(add);
            }
        }
        else if (action is RemoveFile remove)
        {
            // PROTOCOL: of one logical file a checkpoint has the add or the remove.
            _removes.Append(remove);
        }
        else
        {
            Apply(action);
        }
    }

    /// <summary>
    /// Whether an add of the checkpoint that everything begins with is to be appended to <see cref="Adds"/>, at once.
    /// </summary>
    /// <param name="path">As the log spells it, in UTF-8.</param>
    public bool TryClaim(ReadOnlySpan<byte> path) => _files.TryClaim(path);

    /// <summary>The state. The replay is used up.</summary>
    /// <param name="expiry">Milliseconds since the epoch: removes that are not later may be dropped.</param>
    /// <exception cref="CorruptLogException">No protocol or no metadata was found.</exception>
    public ReplayResult Finish(long expiry = long.MinValue)
    {
        string folder = $"{_root}/{LogPath.Folder}";
        return new ReplayResult(
            _protocol ?? throw new CorruptLogException("no protocol action was found", folder),
            _metadata ?? throw new CorruptLogException("no metaData action was found", folder),
            _files.Finish(),
            _olderTombstones.Append(_removes, expiry),
            _transactions.Values,
            _domains.Values);
    }

    private void Apply(DeltaAction action)
    {
        switch (action)
        {
            case AddFile add:
                _files.Add(add);
                break;
            case RemoveFile remove:
                _files.Remove(remove.Path, remove.DeletionVector?.UniqueId);
                _removes.Append(remove);
                break;
            case TableProtocol protocol:
                _protocol = protocol;
                break;
            case TableMetadata metadata:
                _metadata = metadata;
                break;
            case SetTransaction transaction:
                _transactions.Set(transaction.ApplicationId, transaction);
                break;
            case DomainMetadata domain:
                _domains.Set(domain.Domain, domain.Removed ? null : domain);
                break;
            default:
                break;
        }
    }

    /// <summary>A map that is the older version's own until something in it changes.</summary>
    private sealed class Changed<T>(IReadOnlyDictionary<string, T>? older)
        where T : class
    {
        private Dictionary<string, T>? _own;

        public IReadOnlyDictionary<string, T> Values => _own ?? older ?? new Dictionary<string, T>();

        /// <summary>Gives a name its value; null = none.</summary>
        public void Set(string name, T? value)
        {
            _own ??= older?.ToDictionary() ?? [];
            if (value is null)
            {
                _own.Remove(name);
            }
            else
            {
                _own[name] = value;
            }
        }
    }
}

/// <summary>The state of a table at one version, as the log gives it.</summary>
internal sealed record ReplayResult(
    TableProtocol Protocol,
    TableMetadata Metadata,
    FileSet Files,
    Tombstones Tombstones,
    IReadOnlyDictionary<string, SetTransaction> Transactions,
    IReadOnlyDictionary<string, DomainMetadata> Domains);
