using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Server.Site.Markdown;

namespace Polder.Server.Site;

/// <summary>What layouts may write of a site: its pages, posts, tags and settings, as named values.</summary>
internal sealed class SiteModel
{
    private readonly SiteIndex _index;
    private readonly Dictionary<Page, Dictionary<string, object?>> _pages = [];

    public SiteModel(SiteIndex index, Assets assets)
    {
        _index = index;
        SiteSettings settings = index.Settings;
        Site = new Dictionary<string, object?>
        {
            ["title"] = settings.Title,
            ["description"] = settings.Description,
            ["author"] = settings.Author,
            ["language"] = settings.Language,
            ["url"] = settings.Url,
            ["menu"] = settings.Menu,
            ["style"] = assets.Named("style.css") is not null,
            ["posts"] = index.Posts.Select(Of).ToList(),
            ["pages"] = index.Pages.Values.Where(page => page.Date is null)
                .OrderBy(page => page.Route, StringComparer.Ordinal).Select(Of).ToList(),
            ["tags"] = index.Tags.Select(tag => new Dictionary<string, object?>
            {
                ["name"] = tag.Value.Name,
                ["url"] = tag.Key,
                ["count"] = tag.Value.Pages.Count,
            }).ToList(),
        };
    }

    public Dictionary<string, object?> Site { get; }

    /// <summary>A page as lists show it.</summary>
    public Dictionary<string, object?> Of(Page page)
    {
        if (_pages.TryGetValue(page, out Dictionary<string, object?>? known))
        {
            return known;
        }

        Dictionary<string, object?> values = _pages[page] = new Dictionary<string, object?>(page.Extra)
        {
            ["title"] = page.Title,
            ["url"] = page.Route,
            ["description"] = page.Description,
            ["date"] = page.Date,
            ["updated"] = page.Updated,
            ["draft"] = page.Draft,
            ["section"] = page.Section.TrimStart('/'),
            ["image"] = page.Image,
            ["source"] = page.Source.Path,
            ["tags"] = page.Tags.Select(tag => new Dictionary<string, object?>
            {
                ["name"] = tag,
                ["url"] = SiteIndex.TagRoute(tag),
            }).ToList(),
        };
        return values;
    }

    /// <summary>A page as its own layout shows it.</summary>
    public Dictionary<string, object?> Of(Page page, PageMarkdown markdown)
    {
        (Page? previous, Page? next) = _index.Neighbours(page);
        return new Dictionary<string, object?>(Of(page))
        {
            ["reading_minutes"] = markdown.ReadingMinutes,
            ["word_count"] = markdown.WordCount,
            ["previous"] = previous is null ? null : Of(previous),
            ["next"] = next is null ? null : Of(next),
            ["toc"] = markdown.Headings.Select(heading => new Dictionary<string, object?>
            {
                ["id"] = heading.Id,
                ["text"] = heading.Text,
                ["level"] = heading.Level,
            }).ToList(),
        };
    }
}
