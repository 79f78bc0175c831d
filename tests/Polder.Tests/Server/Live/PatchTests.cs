using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using CsCheck;
using Polder.Server.Live;
using Polder.Server.Site;
using Xunit;

namespace Polder.Tests.Server.Live;

public sealed class PatchTests
{
    // Few keys and few texts: blocks that move, repeat, change and go are all common.
    private static readonly Gen<PageBlocks> AnyBlocks =
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 3], Gen.Int[0, 2]).List[0, 14].Select(blocks =>
        {
            PageBlocks.Builder builder = new();
            foreach ((int key, int text, int kind) in blocks)
            {
                builder.Add($"k{key}", (BlockKind)kind, $"<p>{text}</p>");
            }

            return builder.Build();
        });

    [Fact]
    public void A_page_patched_to_another_is_that_other_page() => Gen.Select(AnyBlocks, AnyBlocks).Sample((old, now) =>
    {
        List<string> patched = [];
        foreach (BlockOperation operation in BlockDiff.Between(old, now))
        {
            patched.Add(Encoding.UTF8.GetString(operation.Kind == BlockOperationKind.Keep
                ? old.HtmlOf(operation.Old) : now.HtmlOf(operation.New)));
        }

        return string.Concat(patched) == Encoding.UTF8.GetString(now.Html.Span);
    });

    [Fact]
    public void No_old_block_is_used_twice() => Gen.Select(AnyBlocks, AnyBlocks).Sample((old, now) =>
    {
        int[] used = [.. BlockDiff.Between(old, now).Select(operation => operation.Old).Where(index => index >= 0)];
        return used.Distinct().Count() == used.Length;
    });

    [Fact]
    public void A_paragraph_put_before_others_leaves_them_as_they_are()
    {
        PageBlocks old = Blocks("one", "two", "three");
        PageBlocks now = Blocks("new", "one", "two", "three");
        BlockOperationKind[] kinds = [.. BlockDiff.Between(old, now).Select(operation => operation.Kind)];
        Assert.Equal(
            [BlockOperationKind.Insert, BlockOperationKind.Keep, BlockOperationKind.Keep, BlockOperationKind.Keep],
            kinds);
    }

    [Fact]
    public void A_word_changed_in_a_thousand_blocks_is_a_small_patch()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).Select(index => $"Paragraph {index} of a long page.")];
        RenderedPage old = new("page", "<main>" + RenderedPage.ContentMark + "</main>", Blocks(texts));
        texts[500] = "Another text.";
        RenderedPage now = new("page", "<main>" + RenderedPage.ContentMark + "</main>", Blocks(texts));
        string patch = Encoding.UTF8.GetString(
            Patch.Format(new PageOutcome(now, null), old, old.Version, name => name));
        Assert.Contains(
            """["k",0,500],["m",500,"<p>Another text.</p>"],["k",501,499]""", patch, StringComparison.Ordinal);
        Assert.True(patch.Length < 200, patch);
    }

    private static PageBlocks Blocks(params string[] texts)
    {
        PageBlocks.Builder builder = new();
        for (int index = 0; index < texts.Length; index++)
        {
            builder.Add($"p/{index}", BlockKind.Text, $"<p>{texts[index]}</p>");
        }

        return builder.Build();
    }
}
