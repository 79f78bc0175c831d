using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Xunit;

namespace Polder.Tests.Architecture;

/// <summary>The checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The folder with the solution file.</summary>
    public static string Root { get; } = Find();

    /// <summary>Every C# file that a person wrote.</summary>
    public static IEnumerable<string> CodeFiles() => new[] { "src", "tests", "benchmarks", "samples" }
        .Select(folder => Path.Combine(Root, folder))
        .Where(Directory.Exists)
        .SelectMany(folder => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories))
        .Where(file => !file.Contains("/obj/", StringComparison.Ordinal));

    /// <summary>Every Markdown file.</summary>
    public static IEnumerable<string> Documents() => Directory
        .EnumerateFiles(Root, "*.md", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/artifacts/", StringComparison.Ordinal) &&
            !file.Contains("/node_modules/", StringComparison.Ordinal));

    /// <summary>A path below the root, with forward slashes.</summary>
    public static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string Find()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Polder.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("the tests do not lie below the solution");
    }
}

/// <summary>A rule of the house and where it is broken.</summary>
internal static class Rule
{
    /// <summary>Fails with every place listed, one a line.</summary>
    public static void Holds(IEnumerable<string> offences)
    {
        string[] all = [.. offences.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, string.Join('\n', all.Take(60)));
    }
}
