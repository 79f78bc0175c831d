using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Polder.Delta.Actions;
using Polder.Delta.Checkpoints;
using Polder.Delta.Log;
using Polder.Files;
using Polder.Parquet;
using Polder.Storage;

namespace Polder.Tests.Delta;

/// <summary>
/// A random but legal log, with what every version of it says, found by maps of the obvious kind. Writes its commits,
/// and checkpoints of every form, made from those maps.
/// </summary>
internal sealed class RandomLog
{
    private readonly Random _random;
    private readonly List<DeltaAction[]> _commits = [];
    private readonly List<State> _states = [];
    private int _fileCount;

    public RandomLog(int seed, int versionCount)
    {
        _random = new Random(seed);
        Append([LogFiles.Protocol, LogFiles.Metadata]);
        while (_commits.Count < versionCount)
        {
            Append(MakeCommit(_states[^1]));
        }
    }

    public int VersionCount => _commits.Count;

    public State this[long version] => _states[(int)version];

    /// <summary>Writes a commit.</summary>
    public Task PutCommitAsync(IObjectStore store, long version) =>
        LogFiles.PutAsync(store, version, _commits[(int)version]);

    /// <summary>Writes a compaction of some versions: of every logical file what happened last.</summary>
    public Task PutCompactionAsync(IObjectStore store, long first, long last)
    {
        Dictionary<string, DeltaAction> newest = [];
        for (long version = first; version <= last; version++)
        {
            foreach (DeltaAction action in _commits[(int)version].Where(action => action is not CommitInfo))
            {
                newest[Key(action)] = action;
            }
        }

        string path = string.Create(
            CultureInfo.InvariantCulture, $"{LogPath.Folder}/{first:D20}.{last:D20}.compacted.json");
        return LogFiles.PutAsync(store, path, LogFiles.Encode([.. newest.Values]));
    }

    /// <summary>Writes a checkpoint in a form of chance; returns its name.</summary>
    public async Task<string> PutCheckpointAsync(IObjectStore store, long version)
    {
        State state = this[version];
        DeltaAction[] table = [.. state.Table];
        DeltaAction[] files = [.. state.Files.Values, .. state.Tombstones.Values];
        _random.Shuffle(files);
        string name = string.Create(CultureInfo.InvariantCulture, $"{version:D20}.checkpoint");
        int half = _random.Next(files.Length + 1);
        switch (_random.Next(4))
        {
            case 0:
                await PutRowsAsync(store, $"{LogPath.Folder}/{name}.parquet", [.. table, .. files]);
                return "classic";
            case 1:
                string part = $"{LogPath.Folder}/{name}.{{0}}.0000000002.parquet";
                await PutRowsAsync(store, string.Format(CultureInfo.InvariantCulture, part, "0000000001"),
                    [.. files[..half], .. table]);
                await PutRowsAsync(
                    store, string.Format(CultureInfo.InvariantCulture, part, "0000000002"), files[half..]);
                return "two parts";
            default:
                bool hasSidecars = _random.Next(2) == 0;
                StringBuilder sidecars = new();
                if (hasSidecars)
                {
                    foreach (DeltaAction[] rows in (DeltaAction[][])[files[..half], files[half..]])
                    {
                        string sidecar = $"{NextGuid():D}.parquet";
                        await PutRowsAsync(store, $"{LogPath.SidecarFolder}/{sidecar}", rows);
                        sidecars.Append(CultureInfo.InvariantCulture, $$$"""
                            {"sidecar":{"path":"{{{sidecar}}}","sizeInBytes":1,"modificationTime":1}}

                            """);
                    }
                }

                byte[] body = LogFiles.Encode([.. table, .. hasSidecars ? [] : files]);
                await LogFiles.PutAsync(
                    store,
                    $"{LogPath.Folder}/{name}.{NextGuid():D}.json",
                    $$$"""{"checkpointMetadata":{"version":{{{version}}}}}""" + "\n" + Encoding.UTF8.GetString(body) +
                    sidecars);
                return hasSidecars ? "sidecars" : "JSON";
        }
    }

    private static async Task PutRowsAsync(IObjectStore store, string path, IEnumerable<DeltaAction> actions)
    {
        ParquetFileWriter writer = await ParquetFileWriter.CreateAsync(
            Engine.Default, store, new StorePath(path), CheckpointSchema.Type, ParquetWriteOptions.Default, default);
        await using (writer)
        {
            CheckpointRowBuilder rows = new();
            foreach (DeltaAction action in actions)
            {
                rows.Append(action);
            }

            await writer.WriteAsync(rows.Build(), default);
            await writer.CompleteAsync(default);
        }
    }

    private void Append(DeltaAction[] commit)
    {
        State state = _states.Count == 0 ? new State() : _states[^1].Clone();
        foreach (DeltaAction action in commit)
        {
            state.Apply(action);
        }

        _commits.Add(commit);
        _states.Add(state);
    }

    private DeltaAction[] MakeCommit(State state)
    {
        List<DeltaAction> actions = [];
        HashSet<string> touched = [];
        for (int count = _random.Next(6); count > 0; count--)
        {
            actions.Add(MakeAdd(null));
        }

        foreach (AddFile active in state.Files.Values.Where(_ => _random.Next(8) == 0))
        {
            actions.Add(MakeRemove(active));
            if (_random.Next(3) == 0)
            {
                // The same file with another vector.
                DeletionVectorDescriptor vector = new("u", $"vector{_fileCount++}", 1, 34, _random.Next(1, 3));
                actions.Add(active with { DeletionVector = vector });
            }
        }

        foreach (RemoveFile gone in state.Tombstones.Values
            .Where(gone => gone.DeletionVector is null && _random.Next(10) == 0).ToList())
        {
            // A file that comes back, as RESTORE brings it.
            if (!state.Files.Values.Any(file => file.Path == gone.Path) && touched.Add(gone.Path))
            {
                actions.Add(MakeAdd(gone.Path));
            }
        }

        if (_random.Next(3) == 0)
        {
            actions.Add(new SetTransaction($"app{_random.Next(3)}", _states.Count, 5));
        }

        if (_random.Next(4) == 0)
        {
            actions.Add(new DomainMetadata($"domain{_random.Next(3)}", $"{_states.Count}", _random.Next(3) == 0));
        }

        if (_random.Next(8) == 0)
        {
            actions.Add(LogFiles.Metadata with { Description = $"version {_states.Count}" });
        }

        DeltaAction[] commit = [.. actions];
        _random.Shuffle(commit);
        return [new CommitInfo { Operation = "WRITE" }, .. commit];
    }

    private AddFile MakeAdd(string? path)
    {
        int number = _fileCount++;
        long least = _random.Next(1000);
        string name = path ?? _random.Next(4) switch
        {
            0 => $"p=a%20b/file{number}",
            1 => $"p={number % 5}/file{number}",
            2 => $"file%25{number}",
            _ => $"file{number}",
        };
        return LogFiles.Add(name) with
        {
            SizeBytes = _random.Next(1, 1000),
            ModificationTime = number,
            DataChange = false,
            Stats = FormattableString.Invariant($$$"""
                {"numRecords":9,"minValues":{"id":{{{least}}}},"maxValues":{"id":{{{least + 9}}}}}
                """),
            BaseRowId = _random.Next(5) == 0 ? number : null,
            Tags = _random.Next(7) == 0 ? new Dictionary<string, string?> { ["k"] = $"{number}" } : null,
        };
    }

    private RemoveFile MakeRemove(AddFile file) => new()
    {
        Path = file.Path,
        DeletionVector = file.DeletionVector,
        DeletionTimestamp = long.MaxValue - _fileCount++,
        DataChange = false,
    };

    private Guid NextGuid()
    {
        byte[] bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static string Key(DeltaAction action) => action switch
    {
        FileAction file => $"file {file.Path} {file.DeletionVector?.UniqueId}",
        SetTransaction transaction => $"txn {transaction.ApplicationId}",
        DomainMetadata domain => $"domain {domain.Domain}",
        _ => action.GetType().Name,
    };

    /// <summary>What the log says at a version.</summary>
    internal sealed class State
    {
        public Dictionary<string, AddFile> Files { get; private init; } = [];

        public Dictionary<string, RemoveFile> Tombstones { get; private init; } = [];

        private Dictionary<string, DeltaAction> Others { get; init; } = [];

        /// <summary>All but the file actions.</summary>
        public IEnumerable<DeltaAction> Table => Others.Values;

        public State Clone() => new()
        {
            Files = new(Files), Tombstones = new(Tombstones), Others = new(Others),
        };

        public void Apply(DeltaAction action)
        {
            string key = Key(action);
            switch (action)
            {
                case AddFile add:
                    Files[key] = add;
                    Tombstones.Remove(key);
                    break;
                case RemoveFile remove:
                    Files.Remove(key);
                    Tombstones[key] = remove;
                    break;
                case DomainMetadata { Removed: true }:
                    Others.Remove(key);
                    break;
                case CommitInfo:
                    break;
                default:
                    Others[key] = action;
                    break;
            }
        }

        /// <summary>One text for all that it says.</summary>
        public string Format() => Format(Files.Values.Concat<DeltaAction>(Tombstones.Values).Concat(Others.Values));

        public static string Format(IEnumerable<DeltaAction> actions) => string.Concat(actions
            .Select(action => Encoding.UTF8.GetString(LogFiles.Encode(action))).Order(StringComparer.Ordinal));
    }
}
