using System;
using System.Collections.Generic;
using System.IO;
using System.IO.Hashing;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Server.Site;

/// <summary>
/// The files that a site is made of, by their path below its folder: texts in memory, of assets only the hash. Only
/// what lies in the folder is read: a link that leads out of it is a problem, not a file.
/// </summary>
internal sealed class SourceFiles
{
    private const long LargestTextBytes = 2 << 20;
    private const int DeepestFolder = 16;

    /// <summary>The folders of a site, warehouse apart.</summary>
    public static readonly string[] Folders = ["pages", "layouts", "assets", "parts", "queries"];

    private static readonly string[] TextExtensions = [".md", ".liquid", ".sql", ".yaml"];

    private readonly string _folder;
    private readonly string _realFolder;
    private readonly TimeProvider _time;

    // Kept where a refresh fails half-way: what it had read by then is told by the next one.
    private HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, SourceFile> _files = new(StringComparer.Ordinal);

    public SourceFiles(string folder, TimeProvider time)
    {
        _folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        _realFolder = RealPath(_folder);
        _time = time;
    }

    public const string Configuration = "site.yaml";

    public string Folder => _folder;

    public IReadOnlyDictionary<string, SourceFile> ByPath => _files;

    /// <summary>Where a file of the site lies.</summary>
    public string FullPath(string path) => Path.Combine(_folder, path);

    /// <summary>Whether a change of this path (below the folder) can change a page.</summary>
    public static bool Concerns(string path)
    {
        string name = Path.GetFileName(path);
        bool noise = name.StartsWith('.') || name.EndsWith('~') || name == "4913" || name == "index.lock" ||
            Path.GetExtension(name) is ".swp" or ".swx" or ".tmp" ||
            path.Split('/').Any(part => part is ".git" or "bin" or "obj" or "node_modules");
        return !noise && (path == Configuration || Folders.Any(folder => IsUnder(path, folder)));
    }

    /// <summary>Reads everything anew; returns the paths that differ from what was known.</summary>
    public Task<IReadOnlySet<string>> LoadAsync(CancellationToken cancellationToken) =>
        RefreshAsync([.. Folders, Configuration], cancellationToken);

    /// <summary>Reads what lies at or under the given paths; returns the paths that are new, gone or changed.</summary>
    public async Task<IReadOnlySet<string>> RefreshAsync(
        IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            HashSet<string> found = new(StringComparer.Ordinal);
            foreach ((string file, SiteProblem? problem) in Enumerate(path, 0))
            {
                found.Add(file);
                SourceFile? read = problem is null
                    ? await ReadAsync(file, cancellationToken).ConfigureAwait(false)
                    : new SourceFile(file, null, 0, 0, problem);
                if (read is not null && (!_files.TryGetValue(file, out SourceFile? known) || known != read))
                {
                    _files[file] = read;
                    _changed.Add(file);
                }
            }

            foreach (string gone in _files.Keys.Where(key => IsUnder(key, path) && !found.Contains(key)).ToList())
            {
                _files.Remove(gone);
                _changed.Add(gone);
            }
        }

        IReadOnlySet<string> changed = _changed;
        _changed = new HashSet<string>(StringComparer.Ordinal);
        return changed;
    }

    private static bool IsUnder(string path, string folder) =>
        path == folder || (path.StartsWith(folder, StringComparison.Ordinal) && path[folder.Length] == '/');

    private IEnumerable<(string Path, SiteProblem? Problem)> Enumerate(string path, int depth)
    {
        string full = FullPath(path);
        FileSystemInfo? info = Directory.Exists(full) ? new DirectoryInfo(full)
            : File.Exists(full) ? new FileInfo(full) : null;
        if (info is null || (!Concerns(path) && !Folders.Contains(path)))
        {
            return [];
        }

        if (info.LinkTarget is not null && !IsUnder(RealPath(full), _realFolder))
        {
            return [(path, new SiteProblem(path, 0, 0, "leads out of the site's folder; copy it there instead"))];
        }

        if (info is FileInfo)
        {
            return [(path, null)];
        }

        return depth >= DeepestFolder
            ? [(path, new SiteProblem(path, 0, 0, $"lies more than {DeepestFolder} folders deep"))]
            : Directory.EnumerateFileSystemEntries(full).SelectMany(entry =>
                Enumerate($"{path}/{Path.GetFileName(entry)}", depth + 1));
    }

    // Null: gone meanwhile. An editor that saves in place empties the file first; what is empty is asked again.
    private async Task<SourceFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        bool isText = TextExtensions.Contains(Path.GetExtension(path)) &&
            !path.StartsWith("assets/", StringComparison.Ordinal);
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                FileStream stream = new(FullPath(path), FileMode.Open, FileAccess.Read,
                    FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
                await using (stream.ConfigureAwait(false))
                {
                    if (stream.Length == 0 && attempt < 10 && _files.TryGetValue(path, out SourceFile? old) &&
                        old.SizeBytes > 0)
                    {
                        await Task.Delay(TimeSpan.FromMilliseconds(15), _time, cancellationToken).ConfigureAwait(false);
                        continue;
                    }

                    return isText
                        ? await ReadTextAsync(path, stream, cancellationToken).ConfigureAwait(false)
                        : await ReadAssetAsync(path, stream, cancellationToken).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                return new SourceFile(path, null, 0, 0, new SiteProblem(path, 0, 0, error.Message));
            }
        }
    }

    private static async Task<SourceFile> ReadTextAsync(
        string path, FileStream stream, CancellationToken cancellationToken)
    {
        if (stream.Length > LargestTextBytes)
        {
            return new SourceFile(path, "", 0, stream.Length, new SiteProblem(path, 0, 0,
                $"is {stream.Length / 1048576.0:0.0} MB long; a page may have {LargestTextBytes >> 20} MB: split it"));
        }

        using MemoryStream bytes = new();
        await stream.CopyToAsync(bytes, cancellationToken).ConfigureAwait(false);
        byte[] content = bytes.ToArray();
        string text = Encoding.UTF8.GetString(content).ReplaceLineEndings("\n").TrimStart('\uFEFF');
        return new SourceFile(path, text, XxHash3.HashToUInt64(content), content.Length);
    }

    private static async Task<SourceFile> ReadAssetAsync(
        string path, FileStream stream, CancellationToken cancellationToken)
    {
        XxHash3 hash = new();
        await hash.AppendAsync(stream, cancellationToken).ConfigureAwait(false);
        return new SourceFile(path, null, hash.GetCurrentHashAsUInt64(), stream.Length);
    }

    // The path with every link on the way followed.
    private static string RealPath(string path)
    {
        string real = Path.GetPathRoot(path)!;
        foreach (string part in path[real.Length..]
            .Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            string next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            real = info.LinkTarget is null ? next : info.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? next;
        }

        return real;
    }
}
