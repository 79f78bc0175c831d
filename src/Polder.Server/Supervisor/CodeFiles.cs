using System;
using System.Collections.Frozen;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Polder.Server.Supervisor;

/// <summary>Which files are code: changes of these restart a worker, changes of all others do not.</summary>
internal static class CodeFiles
{
    /// <summary>The settings of a site.</summary>
    public const string Settings = "polder.json";

    private static readonly FrozenSet<string> Extensions = new[]
    {
        ".cs", ".fs", ".vb", ".razor", ".cshtml", ".csproj", ".fsproj", ".vbproj", ".props", ".targets", ".sln",
        ".slnx", ".resx", ".json", ".toml", ".py", ".rb", ".php", ".js", ".mjs", ".cjs", ".ts", ".go", ".rs", ".java",
        ".kt", ".c", ".h", ".cpp", ".hpp", ".sh",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // What builds and tables write would restart what writes it.
    private static readonly FrozenSet<string> IgnoredFolders = new[]
    {
        "bin", "obj", "artifacts", "node_modules", "__pycache__", "venv", "target", "warehouse", "_delta_log",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    // The keys of polder.json that a running worker cannot take over.
    private static readonly string[] RestartKeys = ["limits", "listen", "trusted", "warehouse"];

    /// <summary>The sources below a folder.</summary>
    public static IEnumerable<string> Sources(string folder)
    {
        Stack<string> folders = new([folder]);
        while (folders.TryPop(out string? at))
        {
            string[] files;
            string[] below;
            try
            {
                files = Directory.GetFiles(at);
                below = Directory.GetDirectories(at);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            foreach (string file in files.Where(file => IsSource(Path.GetFileName(file))))
            {
                yield return file;
            }

            foreach (string next in below.Where(next => !IsIgnored(next)))
            {
                folders.Push(next);
            }
        }
    }

    /// <summary>The parts of Polder's own program.</summary>
    public static IEnumerable<string> OwnProgram(string folder) =>
        Directory.Exists(folder) ? Directory.GetFiles(folder, "Polder*.dll") : [];

    /// <summary>
    /// The settings that only a restart takes over, as text; null where they cannot be read now, and then nothing
    /// restarts for them.
    /// </summary>
    public static string? RestartSettings(string folder)
    {
        string path = Path.Combine(folder, Settings);
        try
        {
            if (!File.Exists(path))
            {
                return "";
            }

            using JsonDocument settings = JsonDocument.Parse(
                File.ReadAllBytes(path),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return settings.RootElement.ValueKind != JsonValueKind.Object
                ? null
                : string.Join('\n', settings.RootElement.EnumerateObject()
                    .Where(setting => RestartKeys.Contains(setting.Name))
                    .OrderBy(setting => setting.Name, StringComparer.Ordinal)
                    .Select(setting => $"{setting.Name}={setting.Value.GetRawText()}"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    private static bool IsSource(string name) =>
        !name.StartsWith('.') && Extensions.Contains(Path.GetExtension(name));

    // A link may lead in a circle, or out of the folder.
    private static bool IsIgnored(string folder) =>
        Path.GetFileName(folder) is var name &&
        (name.StartsWith('.') || IgnoredFolders.Contains(name) || new DirectoryInfo(folder).LinkTarget is not null);
}
