using System;
using System.IO;
using Polder.Storage.Local.Native;

namespace Polder.Storage.Local;

/// <summary>Folders whose names survive a crash.</summary>
internal static class LocalFolders
{
    /// <summary>Makes a folder and those above it that are missing; each new name is made durable.</summary>
    public static void CreateDurably(string folder)
    {
        if (Directory.Exists(folder))
        {
            return;
        }

        string? parent = Path.GetDirectoryName(folder);
        if (!string.IsNullOrEmpty(parent))
        {
            CreateDurably(parent);
        }

        Directory.CreateDirectory(folder);
        if (!string.IsNullOrEmpty(parent))
        {
            Sync(parent);
        }
    }

    /// <summary>Makes the names in a folder durable. (NTFS does so by itself.)</summary>
    /// <exception cref="StoreException">The disk said no.</exception>
    public static void Sync(string folder)
    {
        if (!OperatingSystem.IsWindows() && Libc.TrySyncFolder(folder) is int error and not 0)
        {
            throw LocalFailure.From(error, folder, "make durable");
        }
    }
}
