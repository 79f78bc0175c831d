using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Server.Site;

/// <summary>What <c>site.yaml</c> says of the whole site.</summary>
internal sealed record SiteSettings(
    string Title, string Description, string Author, string Language, string Url, bool Trusted,
    IReadOnlyList<object?> Menu)
{
    public static SiteSettings Parse(SourceFile? source)
    {
        YamlText yaml = YamlText.Parse(SourceFiles.Configuration, source?.Text ?? "", 0);
        return new SiteSettings(
            yaml.Text("title") ?? "Polder",
            yaml.Text("description") ?? "",
            yaml.Text("author") ?? "",
            yaml.Text("language") ?? "en",
            (yaml.Text("url") ?? "").TrimEnd('/'),
            yaml.Flag("trusted"),
            yaml.Value("menu") as List<object?> ?? []);
    }
}

/// <summary>A site at one moment: its pages in their order, its texts and its assets. Immutable.</summary>
internal sealed class SiteIndex
{
    private SiteIndex(
        SiteSettings settings, SiteProblem? problem, IReadOnlyDictionary<string, SourceFile> files,
        IReadOnlyDictionary<string, Page> pages)
    {
        Settings = settings;
        Problem = problem;
        Files = files;
        Pages = pages;
        Posts = [.. pages.Values.Where(page => page.Date is not null)
            .OrderByDescending(page => page.Date).ThenBy(page => page.Route, StringComparer.Ordinal)];
        Tags = Posts.SelectMany(page => page.Tags.Select(tag => (tag, page)))
            .GroupBy(pair => TagRoute(pair.tag), StringComparer.Ordinal)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => (group.First().tag, group.Select(pair => pair.page).ToList()));
    }

    public SiteSettings Settings { get; }

    /// <summary>What is wrong with <c>site.yaml</c>.</summary>
    public SiteProblem? Problem { get; }

    public IReadOnlyDictionary<string, SourceFile> Files { get; }

    /// <summary>By route.</summary>
    public IReadOnlyDictionary<string, Page> Pages { get; }

    /// <summary>Pages with a date, the newest first.</summary>
    public IReadOnlyList<Page> Posts { get; }

    /// <summary>By route: the tag and its posts.</summary>
    public IReadOnlyDictionary<string, (string Name, List<Page> Pages)> Tags { get; }

    /// <summary>Builds the index; pages whose text is the same are taken from the one before.</summary>
    public static SiteIndex Create(IReadOnlyDictionary<string, SourceFile> files, bool drafts, SiteIndex? before)
    {
        SiteSettings settings;
        SiteProblem? problem = null;
        try
        {
            settings = SiteSettings.Parse(files.GetValueOrDefault(SourceFiles.Configuration));
        }
        catch (SiteProblemException error)
        {
            problem = error.Problem.WithSource(files[SourceFiles.Configuration].Text!);
            settings = before?.Settings ?? SiteSettings.Parse(null);
        }

        Dictionary<string, Page> known = before?.Pages.Values.ToDictionary(page => page.Source.Path) ?? [];
        Dictionary<string, Page> pages = new(StringComparer.Ordinal);
        foreach (SourceFile file in files.Values.Where(IsPage))
        {
            Page page = known.TryGetValue(file.Path, out Page? same) && ReferenceEquals(same.Source, file)
                ? same : Page.Parse(file);
            if (!page.Draft || drafts)
            {
                pages[page.Route] = page;
            }
        }

        return new SiteIndex(settings, problem, new Dictionary<string, SourceFile>(files), pages);
    }

    /// <summary>The address of a tag's page.</summary>
    public static string TagRoute(string tag) =>
        "/tags/" + string.Concat(tag.ToLowerInvariant().Select(c => char.IsLetterOrDigit(c) ? c : '-'));

    /// <summary>The posts beside a page in its own section: the older one and the newer one.</summary>
    public (Page? Previous, Page? Next) Neighbours(Page page)
    {
        List<Page> section = [.. Posts.Where(post => post.Section == page.Section)];
        int index = section.IndexOf(page);
        return index < 0 ? (null, null)
            : (index + 1 < section.Count ? section[index + 1] : null, index > 0 ? section[index - 1] : null);
    }

    // A name that begins with an underscore is part of other pages, not a page.
    private static bool IsPage(SourceFile file) =>
        file.Path.StartsWith("pages/", StringComparison.Ordinal) &&
        file.Path.EndsWith(".md", StringComparison.Ordinal) && !file.Path.Contains("/_", StringComparison.Ordinal);
}
