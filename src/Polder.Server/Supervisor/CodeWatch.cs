using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

namespace Polder.Server.Supervisor;

/// <summary>
/// Tells when the code of a worker has changed. Events of the file system are only a hint to look; what counts is a
/// fingerprint of the contents, so that a touched file restarts nothing and a missed event is made up for by the next.
/// </summary>
internal sealed class CodeWatch : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly Func<string> _fingerprint;
    private readonly TimeProvider _time;
    private readonly List<FileSystemWatcher> _watchers = [];
    private readonly Channel<bool> _hints = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Watches.</summary>
    /// <param name="folders">Where changes are looked for, with what is below where asked.</param>
    /// <param name="fingerprint">What the code is now.</param>
    /// <param name="time">The clock.</param>
    public CodeWatch(
        IEnumerable<(string Folder, bool Recursive)> folders, Func<string> fingerprint, TimeProvider time)
    {
        _fingerprint = fingerprint;
        _time = time;
        foreach ((string folder, bool recursive) in folders)
        {
            Watch(folder, recursive);
        }
    }

    /// <summary>Whether the file system tells of changes; else they are looked for every second.</summary>
    public bool IsPolling { get; private set; }

    /// <summary>Calls back after each change, until the token ends it.</summary>
    public async Task RunAsync(Action changed, CancellationToken cancellationToken)
    {
        try
        {
            string last = _fingerprint();
            while (true)
            {
                await HintAsync(cancellationToken).ConfigureAwait(false);
                string now = _fingerprint();
                if (now != last)
                {
                    last = now;
                    changed();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Asked to end.
        }
    }

    public void Dispose()
    {
        foreach (FileSystemWatcher watcher in _watchers)
        {
            watcher.Dispose();
        }
    }

    /// <summary>A fingerprint of files by their contents; one that cannot be read counts as absent.</summary>
    public static string Fingerprint(IEnumerable<string> files)
    {
        XxHash128 hash = new();
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            try
            {
                using FileStream stream = new(
                    file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                hash.Append(Encoding.UTF8.GetBytes(file));
                hash.Append(stream);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // Being replaced; the event of its replacement comes.
            }
        }

        return Convert.ToHexString(hash.GetCurrentHash());
    }

    private void Watch(string folder, bool recursive)
    {
        try
        {
            FileSystemWatcher watcher = new(folder)
            {
                IncludeSubdirectories = recursive,
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite |
                    NotifyFilters.Size,
            };
            watcher.Changed += (_, _) => _hints.Writer.TryWrite(true);
            watcher.Created += (_, _) => _hints.Writer.TryWrite(true);
            watcher.Deleted += (_, _) => _hints.Writer.TryWrite(true);
            watcher.Renamed += (_, _) => _hints.Writer.TryWrite(true);
            watcher.Error += (_, _) => _hints.Writer.TryWrite(true);
            _watchers.Add(watcher);
            watcher.EnableRaisingEvents = true;
        }
        catch (Exception error) when (error is IOException or ArgumentException or UnauthorizedAccessException)
        {
            // The user's share of watchers is used up, or the folder is of a kind that tells nothing.
            IsPolling = true;
        }
    }

    private async Task HintAsync(CancellationToken cancellationToken)
    {
        if (IsPolling)
        {
            await Task.Delay(PollEvery, _time, cancellationToken).ConfigureAwait(false);
            return;
        }

        // Builds and editors write in bursts: look when it has been quiet for a moment.
        await _hints.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        do
        {
            await Task.Delay(Quiet, _time, cancellationToken).ConfigureAwait(false);
        }
        while (_hints.Reader.TryRead(out _));
    }
}
