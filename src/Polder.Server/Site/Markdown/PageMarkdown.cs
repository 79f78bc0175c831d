using System;
using System.Collections.Generic;
using System.Linq;
using Markdig;
using Markdig.Extensions.AutoIdentifiers;
using Markdig.Helpers;
using Markdig.Renderers.Html;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;
using Polder.Server.Queries;

namespace Polder.Server.Site.Markdown;

/// <summary>A heading that a table of contents shows.</summary>
internal sealed record PageHeading(string Id, string Text, int Level);

/// <summary>A page's Markdown, parsed: its blocks, and the queries and values that it asks for.</summary>
internal sealed class PageMarkdown
{
    private const int WordsPerMinute = 220;

    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder()
        .UseAlertBlocks()
        .UseAbbreviations()
        .UseAutoIdentifiers(AutoIdentifierOptions.GitHub)
        .UseCitations()
        .UseCustomContainers()
        .UseDefinitionLists()
        .UseEmphasisExtras()
        .UseFigures()
        .UseFooters()
        .UseFootnotes()
        .UseGridTables()
        .UsePipeTables()
        .UseListExtras()
        .UseTaskLists()
        .UseAutoLinks()
        .UseSmartyPants()
        .UsePreciseSourceLocation()
        .UseGenericAttributes()
        .Use<InlineValues>()
        .Build();

    private PageMarkdown(
        MarkdownDocument document, IncludedText text, IReadOnlyDictionary<FencedCodeBlock, SqlFence> fences)
    {
        Document = document;
        Text = text;
        FenceOf = fences;
        Fences = [.. document.Descendants<FencedCodeBlock>().Where(fences.ContainsKey).Select(block => fences[block])];
        Inlines = [.. document.Descendants<InlineValue>()];
        Values = [.. Inlines.Select(value => (value.Expression, PlaceOf(value)))];
        Headings = [.. document.OfType<HeadingBlock>().Where(heading => heading.Level is 2 or 3).Select(heading =>
            new PageHeading(heading.GetAttributes().Id ?? "", PlainText(heading.Inline), heading.Level))];
        WordCount = document.Descendants<LiteralInline>().Sum(literal => CountWords(literal.Content));
    }

    /// <summary>How parts of a page become HTML.</summary>
    public static MarkdownPipeline Rules => Pipeline;

    public MarkdownDocument Document { get; }

    public IncludedText Text { get; }

    /// <summary>The SQL fences in the order of the page.</summary>
    public IReadOnlyList<SqlFence> Fences { get; }

    public IReadOnlyDictionary<FencedCodeBlock, SqlFence> FenceOf { get; }

    /// <summary>What stands in double braces, and where.</summary>
    public IReadOnlyList<(string Expression, (string File, int Line, int Column) Place)> Values { get; }

    /// <summary>The same, where they stand in the text.</summary>
    public IReadOnlyList<InlineValue> Inlines { get; }

    /// <summary>Headings of the second and third level.</summary>
    public IReadOnlyList<PageHeading> Headings { get; }

    public int WordCount { get; }

    public int ReadingMinutes => int.Max(1, (WordCount + WordsPerMinute - 1) / WordsPerMinute);

    /// <summary>Parses a page with its includes.</summary>
    /// <exception cref="SiteProblemException">An include or a query's file is missing.</exception>
    public static PageMarkdown Parse(Page page, IReadOnlyDictionary<string, SourceFile> files, ISet<string> looked)
    {
        IncludedText text = IncludedText.Expand(page, files, looked);
        MarkdownDocument document = Markdig.Markdown.Parse(text.Text, Pipeline);
        Dictionary<FencedCodeBlock, SqlFence> fences = [];
        HashSet<string> names = new(StringComparer.Ordinal);
        foreach (FencedCodeBlock block in document.Descendants<FencedCodeBlock>().Where(IsQuery))
        {
            fences[block] = Fence(block, fences.Count + 1, text, files, looked);
            if (!names.Add(fences[block].Name))
            {
                (string file, int line) = text.Lines[int.Min(block.Line, text.Lines.Count - 1)];
                throw new SiteProblemException(new SiteProblem(file, line, 1,
                    $"two queries of this page are called '{fences[block].Name}'; rename one"));
            }
        }

        return new PageMarkdown(document, text, fences);
    }

    /// <summary>Where something stands in the files, from 1.</summary>
    public (string File, int Line, int Column) PlaceOf(MarkdownObject part)
    {
        (string file, int line) = Text.Lines[int.Clamp(part.Line, 0, Text.Lines.Count - 1)];
        return (file, line, part.Column + 1);
    }

    public static string PlainText(ContainerInline? inline) => inline is null ? "" : string.Concat(
        inline.Descendants().Select(part => part switch
        {
            LiteralInline literal => literal.Content.ToString(),
            CodeInline code => code.Content,
            HtmlEntityInline entity => entity.Transcoded.ToString(),
            LineBreakInline => " ",
            _ => "",
        }));

    // ```sql, not ```sql {run=false}: a code to be read only.
    private static bool IsQuery(FencedCodeBlock block) =>
        block.Info == "sql" &&
        block.TryGetAttributes()?.Properties?.Any(pair => pair is { Key: "run", Value: "false" }) != true;

    private static SqlFence Fence(
        FencedCodeBlock block, int ordinal, IncludedText text, IReadOnlyDictionary<string, SourceFile> files,
        ISet<string> looked)
    {
        Dictionary<string, string> arguments = new(StringComparer.Ordinal);
        foreach ((string key, string? value) in block.TryGetAttributes()?.Properties ?? [])
        {
            arguments[key] = value ?? "";
        }

        string name = string.IsNullOrWhiteSpace(block.Arguments) ? $"query-{ordinal}" : block.Arguments.Trim();
        (string file, int line) = text.Lines[int.Clamp(block.Line, 0, text.Lines.Count - 1)];
        if (!arguments.Remove("file", out string? query))
        {
            return new SqlFence(name, block.Lines.ToString(), arguments, file, line + 1);
        }

        looked.Add(query);
        return files.TryGetValue(query, out SourceFile? source) && source.Text is not null
            ? new SqlFence(name, source.Text, arguments, query, 1)
            : throw new SiteProblemException(new SiteProblem(file, line, 1,
                $"there is no '{query}' in the site's folder, which the query '{name}' names"));
    }

    private static int CountWords(StringSlice text)
    {
        int count = 0;
        bool inWord = false;
        foreach (char c in text.AsSpan())
        {
            bool isWord = char.IsLetterOrDigit(c);
            count += isWord && !inWord ? 1 : 0;
            inWord = isWord;
        }

        return count;
    }
}
