using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Text.RegularExpressions;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Polder.Server.Queries;
using Polder.Server.Site.Highlighting;

namespace Polder.Server.Site.Markdown;

/// <summary>What the blocks of a page are filled with.</summary>
/// <param name="Results">What its queries yield; null where it asks nothing.</param>
/// <param name="Link">The address that a link or an image of the text is given.</param>
/// <param name="Trusted">Whether raw HTML is kept as it is.</param>
internal sealed record PageContents(PageResults? Results, Func<string, string> Link, bool Trusted);

/// <summary>Makes the flat blocks of a page out of its Markdown, each exactly one element.</summary>
internal sealed partial class BlockRenderer : IDisposable
{
    private static readonly HashSet<string> VoidElements =
    [
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
    ];

    private readonly PageMarkdown _page;
    private readonly PageContents _contents;
    private readonly List<string> _slots = [];
    private readonly Dictionary<InlineValue, ValueResult> _values = [];
    private readonly Dictionary<string, FenceResult> _fences = new(StringComparer.Ordinal);
    private readonly StringWriter _writer = new();
    private readonly HtmlRenderer _renderer;

    private BlockRenderer(PageMarkdown page, PageContents contents)
    {
        _page = page;
        _contents = contents;
        _renderer = new HtmlRenderer(_writer);
        PageMarkdown.Rules.Setup(_renderer);
        _renderer.ObjectRenderers.ReplaceOrAdd<HeadingRenderer>(new Headings());
        _renderer.ObjectRenderers.ReplaceOrAdd<CodeBlockRenderer>(new Codes(this));
        _renderer.ObjectRenderers.Add(new Values(this));
    }

    /// <summary>The blocks of a page.</summary>
    public static PageBlocks Render(PageMarkdown page, PageContents contents)
    {
        using BlockRenderer renderer = new(page, contents);
        renderer.Prepare();
        return renderer.RenderAll();
    }

    public void Dispose() => _writer.Dispose();

    private PageBlocks RenderAll()
    {
        PageBlocks.Builder blocks = new();
        string heading = "";
        Dictionary<string, int> ordinals = new(StringComparer.Ordinal);
        AddUnlessEmpty(blocks, "params", _contents.Results?.InputsHtml);
        for (int index = 0; index < _page.Document.Count;)
        {
            Block first = _page.Document[index];
            int end = EndOfGroup(index);
            string html = RenderGroup(index, end);
            index = end;
            if (html.Length == 0)
            {
                continue;
            }

            if (first is HeadingBlock)
            {
                heading = first.TryGetAttributes()?.Id ?? "";
                blocks.Add("h:" + heading, BlockKind.Heading, html);
                continue;
            }

            if (first is FencedCodeBlock code && _page.FenceOf.TryGetValue(code, out SqlFence? fence))
            {
                blocks.Add("q:" + fence.Name, BlockKind.Query, html, _fences[fence.Name].Hash);
                continue;
            }

            string kind = $"{heading}/{first.GetType().Name}";
            ordinals[kind] = ordinals.GetValueOrDefault(kind) + 1;
            blocks.Add($"{kind}/{ordinals[kind]}", KindOf(first), html);
        }

        AddUnlessEmpty(blocks, "tables", _contents.Results?.TablesHtml);
        return blocks.Build();
    }

    private static void AddUnlessEmpty(PageBlocks.Builder blocks, string key, string? html)
    {
        if (!string.IsNullOrEmpty(html))
        {
            blocks.Add(key, BlockKind.Html, html + "\n");
        }
    }

    private static BlockKind KindOf(Block block) => block switch
    {
        CodeBlock => BlockKind.Code,
        HtmlBlock => BlockKind.Html,
        _ => BlockKind.Text,
    };

    // An element that raw HTML opens may be closed blocks later: all of it is one block.
    private int EndOfGroup(int index)
    {
        int depth = 0;
        int end = index;
        do
        {
            if (_page.Document[end++] is HtmlBlock html)
            {
                depth += Depth(html.Lines.ToString());
            }
        }
        while (depth > 0 && end < _page.Document.Count);
        return depth > 0 ? index + 1 : end;
    }

    private static int Depth(string html) => Tag().Matches(html)
        .Where(tag => !VoidElements.Contains(tag.Groups[2].Value.ToLowerInvariant()) && tag.Groups[3].Length == 0)
        .Sum(tag => tag.Groups[1].Length > 0 ? -1 : 1);

    private string RenderGroup(int from, int to)
    {
        bool raw = false;
        _writer.GetStringBuilder().Clear();
        for (int index = from; index < to; index++)
        {
            Block block = _page.Document[index];
            raw |= block is HtmlBlock || PartsOf(block).Any(part => part is HtmlBlock or HtmlInline);
            _renderer.Render(block);
        }

        // The policy of the pages allows no style in an attribute; a class says the same.
        string html = _writer.ToString().Trim().Replace(
            " style=\"text-align: right;\"", " class=\"number\"", StringComparison.Ordinal).Replace(
            " style=\"text-align: center;\"", " class=\"center\"", StringComparison.Ordinal).Replace(
            " style=\"text-align: left;\"", "", StringComparison.Ordinal);
        html = raw && !_contents.Trusted ? FillSlots(HtmlCleaning.Clean(html)) : FillSlots(html);

        // Of raw HTML nobody knows how many elements it is.
        return html.Length > 0 && raw ? $"<div class=\"raw\">{html}</div>\n" : html.Length > 0 ? html + "\n" : "";
    }

    // The package's own method gives nothing for a block of text.
    private static IEnumerable<MarkdownObject> PartsOf(Block block) =>
        block is LeafBlock leaf ? leaf.Inline?.Descendants() ?? [] : block.Descendants();

    // Our own HTML (results, values) is put in after the author's is cleaned: a mark stands for it until then.
    private string Slot(string html)
    {
        _slots.Add(html);
        return $"\uE000{_slots.Count - 1}\uE001";
    }

    private string FillSlots(string html) =>
        SlotMark().Replace(html, mark =>
        {
            int index = int.Parse(mark.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
            return index < _slots.Count ? _slots[index] : "";
        });

    // Addresses and attributes are set before anything is rendered; what could run a script is left out.
    private void Prepare()
    {
        PageResults? results = _contents.Results;
        for (int index = 0; index < _page.Fences.Count; index++)
        {
            _fences[_page.Fences[index].Name] = results!.Fences[index];
        }

        for (int index = 0; index < _page.Inlines.Count; index++)
        {
            _values[_page.Inlines[index]] = results!.Values[index];
        }

        foreach (MarkdownObject part in _page.Document.Descendants())
        {
            if (part is LinkInline { Url: string url } link)
            {
                link.GetDynamicUrl = null;
                link.Url = HtmlCleaning.IsSafeAddress(url) ? _contents.Link(url) : "#";
            }

            if (!_contents.Trusted && part.TryGetAttributes() is { Properties: { } properties })
            {
                properties.RemoveAll(pair => !HtmlCleaning.IsSafeAttribute(pair.Key, pair.Value));
            }
        }
    }

    [GeneratedRegex(@"<(/?)([a-zA-Z][a-zA-Z0-9-]*)(?:""[^""]*""|'[^']*'|[^'"">/]|/(?!>))*(/?)>")]
    private static partial Regex Tag();

    [GeneratedRegex("\uE000([0-9]{1,6})\uE001")]
    private static partial Regex SlotMark();

    private sealed class Headings : HeadingRenderer
    {
        protected override void Write(HtmlRenderer renderer, HeadingBlock obj)
        {
            string tag = $"h{obj.Level}";
            string? id = obj.TryGetAttributes()?.Id;
            renderer.Write($"<{tag}").WriteAttributes(obj).Write('>').WriteLeafInline(obj);
            if (id is not null && obj.Level > 1)
            {
                string label = WebUtility.HtmlEncode(PageMarkdown.PlainText(obj.Inline));
                renderer.Write($" <a class=\"anchor\" href=\"#{WebUtility.HtmlEncode(id)}\"")
                    .Write($" aria-label=\"Link to {label}\">#</a>");
            }

            renderer.WriteLine($"</{tag}>");
        }
    }

    private sealed class Codes(BlockRenderer owner) : CodeBlockRenderer
    {
        protected override void Write(HtmlRenderer renderer, CodeBlock obj)
        {
            if (obj is FencedCodeBlock fenced && owner._page.FenceOf.TryGetValue(fenced, out SqlFence? fence))
            {
                renderer.WriteLine(owner.Slot(owner._fences[fence.Name].Html));
                return;
            }

            string language = (obj as FencedCodeBlock)?.Info ?? "";
            string label = language.Length == 0 ? "" : $" data-language=\"{WebUtility.HtmlEncode(language)}\"";
            string code = CodeHighlighter.Highlight(obj.Lines.ToString(), language);
            renderer.WriteLine($"<pre tabindex=\"0\"{label}><code>{code}</code></pre>");
        }
    }

    private sealed class Values(BlockRenderer owner) : HtmlObjectRenderer<InlineValue>
    {
        protected override void Write(HtmlRenderer renderer, InlineValue obj) =>
            renderer.Write(owner.Slot(owner._values[obj].Html));
    }
}
