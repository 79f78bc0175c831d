using System;

namespace Polder.Server.Site;

/// <summary>What is wrong in a file of the site, for the person who just saved it.</summary>
/// <param name="File">The path below the site's folder.</param>
/// <param name="Line">From 1; 0 where the whole file is meant.</param>
/// <param name="Column">From 1; 0 where the whole line is meant.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Source">The text of the line, to be shown with a caret; empty where there is none.</param>
internal sealed record SiteProblem(string File, int Line, int Column, string Message, string Source = "")
{
    /// <summary><c>file:line:column</c>, as editors understand it.</summary>
    public string Place => (Line, Column) switch
    {
        (0, _) => File,
        (_, 0) => $"{File}:{Line}",
        _ => $"{File}:{Line}:{Column}",
    };

    /// <summary>The same problem with the text of its line.</summary>
    public SiteProblem WithSource(string text)
    {
        if (Line == 0 || Source.Length > 0)
        {
            return this;
        }

        int line = 1;
        foreach (ReadOnlySpan<char> content in text.AsSpan().EnumerateLines())
        {
            if (line++ == Line)
            {
                return this with { Source = content[..int.Min(content.Length, 200)].ToString() };
            }
        }

        return this;
    }
}

/// <summary>Carries a problem from where it is found to where somebody looks.</summary>
internal sealed class SiteProblemException(SiteProblem problem) : Exception($"{problem.Place}: {problem.Message}")
{
    public SiteProblem Problem { get; } = problem;
}
