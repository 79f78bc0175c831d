using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Server.Queries;

namespace Polder.Server.Site;

/// <summary>A page as its file describes it: its address, its front matter and its Markdown, not yet parsed.</summary>
internal sealed class Page
{
    private static readonly string[] Known =
        ["title", "date", "updated", "draft", "description", "tags", "layout", "params", "tables", "image"];

    private Page(SourceFile source, string route)
    {
        Source = source;
        Route = route;
        Body = "";
        Title = "";
    }

    public SourceFile Source { get; }

    /// <summary>Its address, <c>/a/b</c>; <c>/</c> is <c>index.md</c>.</summary>
    public string Route { get; }

    /// <summary>The folder of the address, <c>/posts</c> for <c>/posts/tides</c>; empty at the top.</summary>
    public string Section => Route[..int.Max(0, Route.LastIndexOf('/'))];

    public string Title { get; private set; }

    public string? Description { get; private init; }

    public string? Image { get; private init; }

    public DateTimeOffset? Date { get; private init; }

    public DateTimeOffset? Updated { get; private init; }

    public bool Draft { get; private init; }

    public string? Layout { get; private init; }

    public IReadOnlyList<string> Tags { get; private init; } = [];

    /// <summary>What is declared under <c>params</c>.</summary>
    public IReadOnlyList<PageParameter> Parameters { get; private init; } = [];

    /// <summary>Every other name of the front matter, for layouts.</summary>
    public IReadOnlyDictionary<string, object?> Extra { get; private init; } = new Dictionary<string, object?>();

    /// <summary>The YAML at the top, as written.</summary>
    public string FrontMatter { get; private init; } = "";

    /// <summary>The Markdown below the front matter.</summary>
    public string Body { get; private init; }

    /// <summary>How many lines of the file stand above the Markdown.</summary>
    public int BodyLineOffset { get; private init; }

    /// <summary>Why the page cannot be shown, if it cannot.</summary>
    public SiteProblem? Problem { get; private init; }

    /// <summary>Parses a file of <c>pages</c>. A broken one becomes a page that tells so.</summary>
    public static Page Parse(SourceFile source)
    {
        string route = RouteOf(source.Path);
        if (source.Problem is not null)
        {
            return new Page(source, route) { Problem = source.Problem, Title = source.Path };
        }

        try
        {
            return ParseText(source, route);
        }
        catch (SiteProblemException error)
        {
            SiteProblem problem = error.Problem.WithSource(source.Text!);
            return new Page(source, route) { Problem = problem, Title = source.Path };
        }
    }

    /// <summary><c>pages/a/b.md</c> is <c>/a/b</c>, <c>pages/a/index.md</c> is <c>/a</c>.</summary>
    public static string RouteOf(string path)
    {
        string route = path["pages".Length..^".md".Length];
        return route == "/index" ? "/"
            : route.EndsWith("/index", StringComparison.Ordinal) ? route[..^"/index".Length] : route;
    }

    private static Page ParseText(SourceFile source, string route)
    {
        (string yaml, string body, int bodyLineOffset) = Split(source.Path, source.Text!);
        YamlText front = YamlText.Parse(source.Path, yaml, 1);
        string? title = front.Text("title");
        return new Page(source, route)
        {
            Title = title ?? FirstHeading(body) ?? Words(route),
            Description = front.Text("description"),
            Image = front.Text("image"),
            Date = front.Date("date"),
            Updated = front.Date("updated"),
            Draft = front.Flag("draft"),
            Layout = front.Text("layout"),
            Tags = front.Texts("tags"),
            Parameters = ParameterDeclarations.Parse(front.Node("params"), source.Path, 2),
            Extra = front.Names.Where(name => !Known.Contains(name)).ToDictionary(name => name, front.Value),
            FrontMatter = yaml,
            Body = body,
            BodyLineOffset = bodyLineOffset,
        };
    }

    private static (string Yaml, string Body, int BodyLineOffset) Split(string file, string text)
    {
        if (!text.StartsWith("---\n", StringComparison.Ordinal))
        {
            return ("", text, 0);
        }

        int end = text.IndexOf("\n---", 3, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new SiteProblemException(new SiteProblem(file, 1, 1,
                "the front matter that begins here has no end; close it with a line '---'"));
        }

        int bodyStart = text.IndexOf('\n', end + 4);
        string yaml = text[4..int.Max(4, end)];
        string body = bodyStart < 0 ? "" : text[(bodyStart + 1)..];
        return (yaml, body, text.AsSpan(0, bodyStart < 0 ? text.Length : bodyStart + 1).Count('\n'));
    }

    private static string? FirstHeading(string body) => body.Split('\n')
        .FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim();

    private static string Words(string route) =>
        route == "/" ? "Home" : route[(route.LastIndexOf('/') + 1)..].Replace('-', ' ').Replace('_', ' ');
}
