using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Polder.Fuzz;

/// <summary>Inputs that broke something once, by target: one file each, replayed on every run.</summary>
internal static class Corpus
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "corpus");

    /// <summary>The shared data beside the project, or null.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>The kept inputs of a target.</summary>
    public static IEnumerable<string> FilesOf(FuzzTarget target)
    {
        string folder = Path.Combine(Folder, target.Name);
        return Directory.Exists(folder) ? Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal) : [];
    }

    /// <summary>Folders of kept inputs.</summary>
    public static IEnumerable<string> Folders() =>
        Directory.EnumerateDirectories(Folder).Select(folder => Path.GetFileName(folder));

    /// <summary>Small Parquet files of the shared data, in an order that never changes.</summary>
    public static IEnumerable<string> ParquetFiles(long largestBytes)
    {
        string? folder = Shared is null ? null : Path.Combine(Shared, "corpus", "parquet");
        return folder is null || !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
                .Where(file => new FileInfo(file).Length <= largestBytes)
                .Order(StringComparer.Ordinal);
    }

    private static string? FindShared()
    {
        string? named = Environment.GetEnvironmentVariable("POLDER_SHARED");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Polder.slnx")))
            {
                string shared = Path.GetFullPath(Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}
