using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.WebUtilities;
using Polder.Server.Queries;
using Polder.Server.Site.Markdown;

namespace Polder.Server.Site;

/// <summary>
/// Renders what an address shows: a page of the folder, a list of posts by tag, or that nothing is there.
/// </summary>
internal sealed class PageRenderer(ServeOptions options, QueryService queries)
{
    private const string PageLayout = "page";
    private const string PostLayout = "post";

    /// <summary>Renders an address. What was looked at on the way is added to <paramref name="uses"/>.</summary>
    /// <exception cref="SiteProblemException">A file of the page is broken.</exception>
    public async Task<RenderedPage> RenderAsync(
        SiteState state, string route, string query, ISet<string> uses, CancellationToken cancellationToken)
    {
        if (state.Index.Problem is not null)
        {
            throw new SiteProblemException(state.Index.Problem);
        }

        if (state.Index.Pages.TryGetValue(route, out Page? page))
        {
            return await RenderAsync(state, page, query, uses, 200, cancellationToken).ConfigureAwait(false);
        }

        if (state.Index.Tags.TryGetValue(route, out (string Name, List<Page> Pages) tag))
        {
            Dictionary<string, object?> values = Listing(tag.Name, route);
            values["posts"] = tag.Pages.Select(state.Model.Of).ToList();
            return await ShellAsync(state, "tag", values, 200).ConfigureAwait(false);
        }

        if (route == "/tags" && state.Index.Tags.Count > 0)
        {
            return await ShellAsync(state, "tags", Listing("Tags", route), 200).ConfigureAwait(false);
        }

        return state.Index.Pages.TryGetValue("/404", out Page? missing)
            ? await RenderAsync(state, missing, query, uses, 404, cancellationToken).ConfigureAwait(false)
            : await ShellAsync(state, "404", Listing("Not found", route), 404).ConfigureAwait(false);
    }

    private async Task<RenderedPage> RenderAsync(
        SiteState state, Page page, string query, ISet<string> uses, int status, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        uses.Add(page.Source.Path);
        if (page.Problem is not null)
        {
            throw new SiteProblemException(page.Problem);
        }

        PageMarkdown markdown = PageMarkdown.Parse(page, state.Index.Files, uses);
        PageResults? results = await QueryAsync(page, markdown, query, cancellationToken).ConfigureAwait(false);
        PageBlocks blocks = BlockRenderer.Render(markdown, new PageContents(
            results, address => Resolve(state, page, address, uses), state.Index.Settings.Trusted));
        string layout = page.Layout ?? (page.Date is null ? PageLayout : PostLayout);
        if (!state.Layouts.Has(layout))
        {
            throw new SiteProblemException(new SiteProblem(page.Source.Path, 0, 0,
                $"names the layout '{layout}', but there is no layouts/{layout}.liquid"));
        }

        Dictionary<string, object?> values = state.Model.Of(page, markdown);
        values["queries"] = results is not null;
        return await ShellAsync(state, layout, values, status, blocks, results).ConfigureAwait(false);
    }

    // Null where the page asks nothing.
    private async Task<PageResults?> QueryAsync(
        Page page, PageMarkdown markdown, string query, CancellationToken cancellationToken)
    {
        if (markdown.Fences.Count == 0 && markdown.Values.Count == 0 && page.Parameters.Count == 0)
        {
            return null;
        }

        PageQueries asked = new(queries, markdown.Fences, page.Parameters, [.. markdown.Values.Select(value =>
            new PageValue(value.Expression, value.Place.File, value.Place.Line, value.Place.Column))]);

        // Of a name that the address gives twice the last counts, as in a form that was sent again.
        Dictionary<string, string> url = new(StringComparer.Ordinal);
        foreach ((string name, Microsoft.Extensions.Primitives.StringValues given) in QueryHelpers.ParseQuery(query))
        {
            url[name] = given[^1] ?? "";
        }

        return await asked.RunAsync(url, cancellationToken).ConfigureAwait(false);
    }

    private static Dictionary<string, object?> Listing(string title, string route) => new()
    {
        ["title"] = title,
        ["url"] = route,
    };

    private async Task<RenderedPage> ShellAsync(
        SiteState state,
        string layout,
        Dictionary<string, object?> page,
        int status,
        PageBlocks? blocks = null,
        PageResults? results = null)
    {
        string shell = await state.Layouts.RenderAsync(layout, new Dictionary<string, object?>
        {
            ["site"] = state.Model.Site,
            ["page"] = page,
            ["live"] = options.Live,
            ["content"] = Layouts.Html(RenderedPage.ContentMark),
        }).ConfigureAwait(false);
        return new RenderedPage(layout, shell, blocks ?? new PageBlocks.Builder().Build())
        {
            Status = status,
            Tables = results?.Tables ?? [],
            HasFailures = results?.HasFailures ?? false,
        };
    }

    // What a text links to: other.md is its page, an asset its address by content, the rest stays.
    private static string Resolve(SiteState state, Page page, string address, ISet<string> uses)
    {
        int cut = address.AsSpan().IndexOfAny('?', '#');
        string path = cut < 0 ? address : address[..cut];
        string rest = cut < 0 ? "" : address[cut..];
        if (path.Length == 0 || path.Contains(':', StringComparison.Ordinal))
        {
            return address;
        }

        string full = path.StartsWith('/') ? path : Combine(page.Source.Path["pages".Length..], path);
        if (full.EndsWith(".md", StringComparison.Ordinal))
        {
            return Page.RouteOf("pages" + full) + rest;
        }

        if (full.StartsWith("/assets/", StringComparison.Ordinal))
        {
            uses.Add(full[1..]);
            return state.Assets.AddressOf(full["/assets/".Length..]) + rest;
        }

        return address;
    }

    private static string Combine(string file, string relative)
    {
        List<string> parts = [.. file.Split('/')[..^1]];
        foreach (string part in relative.Split('/'))
        {
            if (part == "..")
            {
                parts.RemoveRange(int.Max(1, parts.Count - 1), parts.Count > 1 ? 1 : 0);
            }
            else if (part is not ("." or ""))
            {
                parts.Add(part);
            }
        }

        return string.Join('/', parts);
    }
}
