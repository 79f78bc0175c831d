using System;
using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace Polder.Server.Site.Markdown;

/// <summary><c>{{revenue.rev | sum}}</c> in a text: a value that a query gives.</summary>
internal sealed class InlineValue(string expression) : LeafInline
{
    public string Expression { get; } = expression;
}

/// <summary>Recognises inline values before attributes in braces are looked for.</summary>
internal sealed class InlineValues : IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.InlineParsers.Insert(0, new Parser());

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
    }

    private sealed class Parser : InlineParser
    {
        public Parser() => OpeningCharacters = ['{'];

        public override bool Match(InlineProcessor processor, ref StringSlice slice)
        {
            if (slice.PeekChar() != '{')
            {
                return false;
            }

            int length = slice.AsSpan()[2..].IndexOf("}}");
            string expression = length < 0 ? "" : slice.Text.Substring(slice.Start + 2, length).Trim();
            int end = slice.Start + 2 + length;
            if (expression.Length == 0 || expression.Contains('\n', StringComparison.Ordinal))
            {
                return false;
            }

            int start = processor.GetSourcePosition(slice.Start, out int line, out int column);
            processor.Inline = new InlineValue(expression)
            {
                Line = line,
                Column = column,
                Span = new SourceSpan(start, start + end + 1 - slice.Start),
            };
            slice.Start = end + 2;
            return true;
        }
    }
}
