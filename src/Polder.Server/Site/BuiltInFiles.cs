using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;

namespace Polder.Server.Site;

/// <summary>
/// The layouts, the style and the script that Polder brings along, by the path that a site's own would have.
/// </summary>
internal static class BuiltInFiles
{
    private const string Prefix = "Polder.Server.BuiltIn/";

    private static readonly Assembly Assembly = typeof(BuiltInFiles).Assembly;

    /// <summary>Their paths: <c>layouts/page.liquid</c>, <c>assets/polder.css</c>.</summary>
    public static IEnumerable<string> Names { get; } = [.. Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..])];

    public static byte[] Bytes(string name)
    {
        using Stream stream = Assembly.GetManifestResourceStream(Prefix + name)
            ?? throw new FileNotFoundException($"Polder brings no '{name}' along", name);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    public static string Text(string name) => Encoding.UTF8.GetString(Bytes(name)).ReplaceLineEndings("\n");
}
