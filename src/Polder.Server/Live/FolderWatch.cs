using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Polder.Server.Site;

namespace Polder.Server.Live;

/// <summary>
/// Tells which paths of a site's folder may have changed, gathered until it is quiet for a moment. Watches the folders
/// of the site, not the warehouse beside them; where the system has no watcher left, it asks every half second instead.
/// </summary>
internal sealed class FolderWatch : IDisposable
{
    private const int LargestBufferBytes = 64 << 10;

    // An editor that saves in place empties the file first: what is read 12 ms after its last event is whole.
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(12);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Channel<string> _paths = Channel.CreateUnbounded<string>();
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private ITimer? _poll;

    public FolderWatch(string folder, bool poll, TimeProvider time, ILogger log)
    {
        _folder = folder;
        _time = time;
        _log = log;
        if (poll)
        {
            StartPolling();
        }
        else
        {
            Watch("", recursive: false);
            WatchFolders();
        }
    }

    /// <summary>Stands for everything: events were lost, or there are none to be had.</summary>
    public const string Everything = "";

    /// <summary>Waits for the next changes: paths below the folder, or <see cref="Everything"/>.</summary>
    public async Task<IReadOnlySet<string>> NextAsync(CancellationToken cancellationToken)
    {
        HashSet<string> changed = new(StringComparer.Ordinal)
        {
            await _paths.Reader.ReadAsync(cancellationToken).ConfigureAwait(false),
        };
        long began = _time.GetTimestamp();
        do
        {
            await Task.Delay(Quiet, _time, cancellationToken).ConfigureAwait(false);
        }
        while (Drain(changed) && _time.GetElapsedTime(began) < LongestWait);
        if (_poll is null && changed.Any(path => !path.Contains('/', StringComparison.Ordinal)))
        {
            WatchFolders();
        }

        return changed;
    }

    /// <summary>Asks for everything once more, as if events had been lost.</summary>
    public void Again() => _paths.Writer.TryWrite(Everything);

    public void Dispose()
    {
        _poll?.Dispose();
        foreach (FileSystemWatcher watcher in _watchers.Values)
        {
            watcher.Dispose();
        }
    }

    private bool Drain(HashSet<string> changed)
    {
        bool any = false;
        while (_paths.Reader.TryRead(out string? path))
        {
            changed.Add(path);
            any = true;
        }

        return any;
    }

    private void WatchFolders()
    {
        foreach (string folder in SourceFiles.Folders)
        {
            bool exists = Directory.Exists(Path.Combine(_folder, folder));
            if (exists && !_watchers.ContainsKey(folder))
            {
                Watch(folder, recursive: true);
            }
            else if (!exists && _watchers.Remove(folder, out FileSystemWatcher? gone))
            {
                gone.Dispose();
            }
        }
    }

    private void Watch(string folder, bool recursive)
    {
        if (_poll is not null)
        {
            return;
        }

        FileSystemWatcher? watcher = null;
        try
        {
            watcher = new FileSystemWatcher(Path.Combine(_folder, folder))
            {
                IncludeSubdirectories = recursive,
                InternalBufferSize = LargestBufferBytes,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite |
                    NotifyFilters.Size,
            };
            watcher.Changed += (_, changed) => Enqueue(changed.FullPath);
            watcher.Created += (_, changed) => Enqueue(changed.FullPath);
            watcher.Deleted += (_, changed) => Enqueue(changed.FullPath);
            watcher.Renamed += (_, changed) =>
            {
                Enqueue(changed.OldFullPath);
                Enqueue(changed.FullPath);
            };
            watcher.Error += (_, _) => _paths.Writer.TryWrite(Everything);
            watcher.EnableRaisingEvents = true;
            _watchers[folder] = watcher;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            watcher?.Dispose();
            _log.LogWarning(
                "{Folder} cannot be watched ({Error}); changes are looked for every half second instead",
                Path.Combine(_folder, folder), error.Message);
            StartPolling();
        }
    }

    private void StartPolling() => _poll = _time.CreateTimer(
        _ => _paths.Writer.TryWrite(Everything), null, PollInterval, PollInterval);

    private void Enqueue(string path)
    {
        string relative = Path.GetRelativePath(_folder, path).Replace('\\', '/');
        if (SourceFiles.Concerns(relative) || SourceFiles.Folders.Contains(relative))
        {
            _paths.Writer.TryWrite(relative);
        }
    }
}
