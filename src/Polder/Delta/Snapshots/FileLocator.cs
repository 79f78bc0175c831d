using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Delta.Log;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Delta.Snapshots;

/// <summary>
/// Finds the object behind the path of an add. Relative paths stay inside the table, whatever they say; absolute ones
/// (shallow clones, converted tables) are followed only where whoever opened the table named a local folder, and only
/// to local files.
/// </summary>
internal sealed class FileLocator(
    IObjectStore store, bool mayLeaveTable, IReadOnlyList<string>? allowedRoots = null)
{
    /// <summary>The table's own store.</summary>
    public IObjectStore Store { get; } = store;

    /// <summary>Where a file lies.</summary>
    /// <exception cref="CorruptLogException">The path is none, or leaves the table by a trick.</exception>
    /// <exception cref="UnsupportedFeatureException">The path is absolute and not to be followed.</exception>
    public (IObjectStore Store, StorePath Path) Locate(string path)
    {
        string canonical = FilePath.Canonicalize(path, Store.Root);
        if (!canonical.StartsWith('/') && !FilePath.IsAbsolute(canonical))
        {
            return (Store, ToStorePath(canonical, path));
        }

        if (FilePath.IsAbsolute(path) && canonical.StartsWith('/') &&
            !canonical.StartsWith("//", StringComparison.Ordinal))
        {
            StorePath target = ToStorePath(canonical[1..], path);
            return mayLeaveTable && (allowedRoots?.Any(root => IsBelow(canonical, root)) ?? true)
                ? (new LocalStore("/"), target)
                : throw Refuse(path);
        }

        throw FilePath.IsAbsolute(path) ? Refuse(path) : Misleading(path);
    }

    private static bool IsBelow(string path, string root)
    {
        string folder = Path.GetFullPath(root).TrimEnd('/');
        return path.Length > folder.Length + 1 && path[folder.Length] == '/' &&
            path.StartsWith(folder, StringComparison.Ordinal);
    }

    private StorePath ToStorePath(string text, string path)
    {
        if (text.Length == 0 || text.Contains('\0') || text.EndsWith('/'))
        {
            throw Misleading(path);
        }

        try
        {
            return new StorePath(text);
        }
        catch (ArgumentException)
        {
            throw Misleading(path);
        }
    }

    private UnsupportedFeatureException Refuse(string path) => new(
        "an absolute file path", $"{Store.Root} names {path}, which lies outside the table");

    private CorruptLogException Misleading(string path) =>
        new($"the file path '{path}' leads outside the table or nowhere", $"{Store.Root}/{LogPath.Folder}");
}
