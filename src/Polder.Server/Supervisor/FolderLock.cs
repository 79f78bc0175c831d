using System;
using System.Globalization;
using System.IO;
using System.IO.Hashing;
using System.Text;

namespace Polder.Server.Supervisor;

/// <summary>
/// One supervisor for a folder: a locked file, in the folder for temporary files, that says where the first one serves.
/// The lock ends with its process, however that ends.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;
    private readonly string _path;

    private FolderLock(FileStream file, string path)
    {
        _file = file;
        _path = path;
    }

    /// <summary>Takes the lock of a folder.</summary>
    /// <exception cref="IOException">Another process serves the folder; the message says where.</exception>
    public static FolderLock Take(string folder)
    {
        string path = PathOf(folder);
        try
        {
            return new FolderLock(
                new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None), path);
        }
        catch (IOException error) when (File.Exists(path))
        {
            throw new IOException(
                $"another polder dev serves '{folder}'{Holder(path)}; use that one, or end it first", error);
        }
    }

    /// <summary>Writes down where it serves.</summary>
    public void Say(string url) => File.WriteAllText(HolderOf(_path), $" at {url} (process {Environment.ProcessId})");

    public void Dispose() => _file.Dispose();

    private static string PathOf(string folder)
    {
        ulong hash = XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(Path.GetFullPath(folder)));
        string name = string.Create(
            CultureInfo.InvariantCulture, $"polder-dev-{Environment.UserName}-{hash:x16}.lock");
        return Path.Combine(Path.GetTempPath(), name);
    }

    // Beside the lock, because nobody else reads a locked file.
    private static string HolderOf(string path) => path + ".holder";

    private static string Holder(string path)
    {
        try
        {
            return File.ReadAllText(HolderOf(path));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
