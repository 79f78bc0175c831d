using System;
using System.Text;

namespace Polder.Delta.Snapshots;

/// <summary>A growing column of paths, each cut after its last slash: a folder is kept once for all in it.</summary>
internal sealed class PathColumn
{
    // Tables with a folder for nearly every file would pay for the sharing and share nothing.
    private const int MostUnsharedFolders = 1024;
    private const int FilesPerFolder = 4;

    private readonly DictionaryColumn _folders = new();
    private readonly BytesColumn _names = new();

    public int Count => _names.Count;

    public string GetText(int row) => _folders[row] + _names.GetText(row);

    /// <summary>Bytes of a path.</summary>
    public int GetSizeBytes(int row) => _folders.GetUtf8(row).Length + _names[row].Length;

    /// <summary>Puts a path into the memory given; returns its bytes.</summary>
    public int CopyTo(int row, Span<byte> target)
    {
        ReadOnlySpan<byte> folder = _folders.GetUtf8(row), name = _names[row];
        folder.CopyTo(target);
        name.CopyTo(target[folder.Length..]);
        return folder.Length + name.Length;
    }

    public bool Is(int row, ReadOnlySpan<byte> path)
    {
        ReadOnlySpan<byte> folder = _folders.GetUtf8(row), name = _names[row];
        return path.Length == folder.Length + name.Length && path.EndsWith(name) && path.StartsWith(folder);
    }

    public void Append(string path)
    {
        int capacity = Encoding.UTF8.GetMaxByteCount(path.Length);
        Span<byte> utf8 = capacity <= 1024 ? stackalloc byte[capacity] : new byte[capacity];
        Append(utf8[..Encoding.UTF8.GetBytes(path, utf8)]);
    }

    public void Append(ReadOnlySpan<byte> path)
    {
        int cut = path.LastIndexOf((byte)'/') + 1;
        int folders = _folders.Texts.Count;
        if (cut == 0 || (folders > MostUnsharedFolders && folders > Count / FilesPerFolder))
        {
            _folders.Append((string?)null);
            _names.Append(path);
            return;
        }

        _folders.Append(path[..cut]);
        _names.Append(path[cut..]);
    }

    public void AppendFrom(PathColumn other, int row)
    {
        int length = other.GetSizeBytes(row);
        Span<byte> path = length <= 1024 ? stackalloc byte[length] : new byte[length];
        other.CopyTo(row, path);
        Append(path);
    }

    /// <summary>Gives back what was taken for paths to come.</summary>
    public void Trim()
    {
        _folders.Trim();
        _names.Trim();
    }
}
