using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

namespace Polder.Server.Site.Markdown;

/// <summary>A page's Markdown with its includes put in, and where each line came from.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Lines">Per line its file and its line there, from 1.</param>
/// <param name="Files">Every file that was looked for, the page's own left out.</param>
internal sealed partial record IncludedText(
    string Text, IReadOnlyList<(string File, int Line)> Lines, IReadOnlySet<string> Files)
{
    private const int LargestBytes = 4 << 20;

    /// <summary>Puts in what lines such as <c>{% include "parts/note.md" %}</c> name, to any depth.</summary>
    /// <exception cref="SiteProblemException">A file is missing, or includes itself.</exception>
    public static IncludedText Expand(Page page, IReadOnlyDictionary<string, SourceFile> files, ISet<string> looked)
    {
        StringBuilder text = new();
        List<(string File, int Line)> lines = [];
        Append(page.Source.Path, page.Body, page.BodyLineOffset, [page.Source.Path]);
        return new IncludedText(text.ToString(), lines, looked.ToHashSet());

        void Append(string file, string body, int lineOffset, IReadOnlyList<string> chain)
        {
            bool inFence = false;
            int number = lineOffset;
            foreach (string line in body.Split('\n'))
            {
                number++;
                inFence ^= line.StartsWith("```", StringComparison.Ordinal);
                if (!inFence && Include().Match(line) is { Success: true } include)
                {
                    Put(file, number, include.Groups[1], chain);
                    continue;
                }

                text.Append(line).Append('\n');
                lines.Add((file, number));
                if (text.Length > LargestBytes)
                {
                    throw new SiteProblemException(new SiteProblem(file, number, 0,
                        $"with all that it includes the page is longer than {LargestBytes >> 20} MB"));
                }
            }
        }

        void Put(string file, int number, Group name, IReadOnlyList<string> chain)
        {
            string path = name.Value;
            looked.Add(path);
            SiteProblem At(string message) => new(file, number, name.Index + 1, message);
            if (chain.Contains(path))
            {
                throw new SiteProblemException(At($"'{path}' includes itself: {string.Join(" → ", [.. chain, path])}"));
            }

            if (!files.TryGetValue(path, out SourceFile? included) || included.Text is null)
            {
                throw new SiteProblemException(At($"there is no '{path}' to include in the site's folder"));
            }

            Append(path, included.Text.TrimEnd('\n'), 0, [.. chain, path]);
        }
    }

    [GeneratedRegex("""^\s*\{%-?\s*include\s+["']([^"']+)["']\s*-?%\}\s*$""")]
    private static partial Regex Include();
}
