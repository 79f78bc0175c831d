using System;
using System.IO;
using Xunit;

namespace Polder.Tests;

/// <summary>The shared corpus and data sets beside the project; tests skip without them.</summary>
internal static class Corpus
{
    /// <summary>The folder, or null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>A path below the folder; skips the test (fails it when CI=true) where it is missing.</summary>
    public static string Path(params string[] parts)
    {
        string? path = Root is null ? null : System.IO.Path.Combine([Root, .. parts]);
        if (path is not null && (File.Exists(path) || Directory.Exists(path)))
        {
            return path;
        }

        string missing = $"shared data is missing: {string.Join('/', parts)} (set POLDER_SHARED)";
        Assert.SkipWhen(Environment.GetEnvironmentVariable("CI") != "true", missing);
        Assert.Fail(missing);
        return "";
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("POLDER_SHARED");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Polder.slnx")))
            {
                string shared = System.IO.Path.GetFullPath(System.IO.Path.Combine(folder.FullName, "..", "shared"));
                return Directory.Exists(shared) ? shared : null;
            }
        }

        return null;
    }
}

/// <summary>What a test counted, printed by <c>./test</c> whether or not it passed.</summary>
internal static class Counted
{
    /// <summary>Prints one line.</summary>
    public static void Say(string line) => Console.WriteLine($"COUNT: {line}");
}
