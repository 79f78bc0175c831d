using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Server.Live;

/// <summary>What a person sees in an open page while somebody writes.</summary>
public sealed class BrowserTests
{
    private const string Recorder =
        """
        window.changes = [];
        document.addEventListener('polder:changed', (change) => requestAnimationFrame(() => {
          const channel = new MessageChannel();
          channel.port1.onmessage = () =>
            changes.push({ ...change.detail, at: performance.timeOrigin + performance.now() });
          channel.port2.postMessage(0);
        }));
        ''
        """;

    private const string Form =
        """
        <details id="more"><summary>More</summary>

        Inside.

        </details>
        """;

    [Fact]
    public async Task A_save_is_painted_at_once_and_keeps_what_a_person_did()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("site.yaml", "trusted: true"), ("assets/style.css", "p{margin:1em}"), ("pages/index.md", Text(0)));
        await using Chromium chromium = await Chromium.StartAsync();
        Chromium.Tab tab = await chromium.OpenAsync(host.Url);
        await tab.WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        await tab.EvaluateAsync<string>(Recorder);
        await tab.EvaluateAsync<string>(
            """
            document.getElementById('more').open = true;
            document.getElementById('name').value = 'typed';
            document.getElementById('long').value = 'also typed';
            document.getElementById('box').checked = true;
            document.getElementById('choice').value = 'b';
            document.getElementById('name').focus();
            document.getElementById('name').setSelectionRange(1, 3);
            window.canvas = document.querySelector('canvas');
            scrollTo(0, 900);
            ''
            """);
        List<double> milliseconds = [];
        for (int round = 1; round <= 12; round++)
        {
            DateTimeOffset saved = DateTimeOffset.UtcNow;
            host.Save("pages/index.md", Text(round));
            await tab.WaitAsync($"changes.length === {round} && document.body.textContent.includes('Round {round}.')");
            milliseconds.Add(await tab.EvaluateAsync<double>($"changes[{round - 1}].at") -
                saved.ToUnixTimeMilliseconds() - (saved.Ticks % 10_000 / 10_000.0));
        }

        Assert.Equal(
            "900 true typed also typed true b name 1 3 true",
            await tab.EvaluateAsync<string>(
                """
                [scrollY, document.getElementById('more').open, document.getElementById('name').value,
                 document.getElementById('long').value, document.getElementById('box').checked,
                 document.getElementById('choice').value, document.activeElement.id,
                 document.activeElement.selectionStart, document.activeElement.selectionEnd,
                 window.canvas === document.querySelector('canvas')].join(' ')
                """));
        milliseconds.Sort();
        Report("save → painted", milliseconds);

        // The bar is 100 ms on a quiet machine; here only that it is no poll.
        Assert.True(milliseconds[milliseconds.Count / 2] < 1000, string.Join(' ', milliseconds));
    }

    [Fact]
    public async Task A_style_is_swapped_and_a_layout_is_morphed()
    {
        await using SiteHost host = await SiteHost.StartAsync(
            ("assets/style.css", "p{color:rgb(1,2,3)}"), ("pages/index.md", "Text."));
        await using Chromium chromium = await Chromium.StartAsync();
        Chromium.Tab tab = await chromium.OpenAsync(host.Url);
        await tab.WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        await tab.EvaluateAsync<string>(
            "window.stays = 'here'; window.block = document.querySelector('#content p'); ''");
        host.Save("assets/style.css", "p{color:rgb(3,2,1)}");
        await tab.WaitAsync("getComputedStyle(window.block).color === 'rgb(3, 2, 1)'");
        Assert.Equal(2, await tab.EvaluateAsync<int>("document.querySelectorAll('link[rel=stylesheet]').length"));
        host.Save("layouts/partials/footer.liquid", "<footer>Another footer</footer>");
        await tab.WaitAsync("document.querySelector('footer').textContent === 'Another footer'");
        Assert.True(await tab.EvaluateAsync<bool>(
            "window.stays === 'here' && window.block === document.querySelector('#content p')"));
    }

    [Fact]
    public async Task What_is_broken_is_shown_in_the_page_until_it_is_mended()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "---\ntitle: T\n---\nThe text."));
        await using Chromium chromium = await Chromium.StartAsync();
        Chromium.Tab tab = await chromium.OpenAsync(host.Url);
        await tab.WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        foreach ((string path, string broken, string mended, string place) in new[]
        {
            (
                "pages/index.md", "---\ntitle: T\ndate: soon\n---\nThe text.", "---\ntitle: T\n---\nThe text.",
                "index.md:3:7"),
            ("layouts/page.liquid", "{% if %}", "<body><main id=content>{{ content }}</main></body>", "page.liquid:1:"),
        })
        {
            host.Save(path, broken);
            await tab.WaitAsync($"document.getElementById('polder-overlay')?.textContent.includes('{place}')");
            string text = await tab.EvaluateAsync<string>("document.body.textContent");
            Assert.Contains("The text.", text, StringComparison.Ordinal);
            host.Save(path, mended);
            await tab.WaitAsync("!document.getElementById('polder-overlay')");
        }
    }

    [Fact]
    public async Task Ten_tabs_share_one_stream_and_the_next_one_takes_over()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "First."));
        await using Chromium chromium = await Chromium.StartAsync();
        List<Chromium.Tab> tabs = [];
        for (int index = 0; index < 10; index++)
        {
            tabs.Add(await chromium.OpenAsync(host.Url));
        }

        await tabs[0].WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        host.Save("pages/index.md", "Second.");
        foreach (Chromium.Tab tab in tabs)
        {
            await tab.WaitAsync("document.body.textContent.includes('Second.')");
        }

        Assert.Equal(1, host.Site.Hub.StreamCount);
        await tabs[0].CloseAsync();
        tabs.RemoveAt(0);
        await tabs[0].WaitAsync("document.getElementById('polder-dot').dataset.leader === ''");
        await Until(() => host.Site.Hub.StreamCount == 1);
        host.Save("pages/index.md", "Third.");
        foreach (Chromium.Tab tab in tabs)
        {
            await tab.WaitAsync("document.body.textContent.includes('Third.')");
        }
    }

    [Fact]
    public async Task Every_way_to_save_shows_once_and_never_an_empty_page()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "Start."));
        await using Chromium chromium = await Chromium.StartAsync();
        Chromium.Tab tab = await chromium.OpenAsync(host.Url);
        await tab.WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        await tab.EvaluateAsync<string>(
            """
            window.empty = 0;
            new MutationObserver(() => { if (!document.getElementById('content').textContent.trim()) window.empty++; })
              .observe(document.documentElement, { childList: true, subtree: true, characterData: true }); ''
            """);
        string file = Path.Combine(host.Folder, "pages/index.md");
        string filling = string.Concat(Enumerable.Repeat("A line that makes the file long.\n\n", 300));
        (string Name, Action<string> Save)[] ways =
        [
            ("in place", text => File.WriteAllText(file, text)),
            ("beside and renamed", text => host.Save("pages/index.md", text)),
            ("backup and new file", text =>
            {
                File.Move(file, file + "~", overwrite: true);
                File.WriteAllText(file, text);
            }),
            ("emptied, then written slowly", text =>
            {
                using FileStream stream = new(file, FileMode.Truncate, FileAccess.Write, FileShare.ReadWrite);
                System.Threading.Thread.Sleep(30);
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }),
            ("sed", text =>
            {
                File.WriteAllText(Path.Combine(host.Folder, "next"), text);
                using Process sed = Process.Start("sed", ["-i", "-e", $"r {host.Folder}/next", "-e", "d", file])!;
                sed.WaitForExit();
            }),
        ];
        int round = 0;
        foreach ((string name, Action<string> save) in ways.Concat(ways))
        {
            string mark = $"Round {++round} {name}.";
            save(mark + "\n\n" + (name == "sed" ? "" : filling));
            if (name == "sed")
            {
                // It puts the text once for each old line: what counts is that it is seen.
                await tab.WaitAsync($"document.getElementById('content').textContent.includes('{mark}')", 20);
                File.WriteAllText(file, "Start.");
                await tab.WaitAsync("document.getElementById('content').textContent.includes('Start.')");
                continue;
            }

            await tab.WaitAsync($"document.getElementById('content').textContent.includes('{mark}')");
        }

        Assert.Equal(0, await tab.EvaluateAsync<int>("window.empty"));
    }

    [Fact]
    public async Task A_word_of_a_thousand_blocks_changes_in_moments()
    {
        string[] texts = [.. Enumerable.Range(0, 1000).Select(index => $"Paragraph {index} of a long page.")];
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", string.Join("\n\n", texts)));
        await using Chromium chromium = await Chromium.StartAsync();
        Chromium.Tab tab = await chromium.OpenAsync(host.Url);
        await tab.WaitAsync("document.getElementById('polder-dot')?.className === 'connected'");
        await tab.EvaluateAsync<string>(Recorder);
        List<double> applied = [];
        for (int round = 1; round <= 5; round++)
        {
            texts[500] = $"Another text {round}.";
            host.Save("pages/index.md", string.Join("\n\n", texts));
            await tab.WaitAsync($"changes.length === {round}");
            applied.Add(await tab.EvaluateAsync<double>($"changes[{round - 1}].milliseconds"));
        }

        Report("a word of 1,000 blocks applied", applied);
        Assert.True(applied.Min() < 5, string.Join(' ', applied));
    }

    private static string Text(int round) =>
        $"""
        # A page

        <input id="name"> <input id="box" type="checkbox"> <select id="choice"><option>a<option>b</select>
        <textarea id="long"></textarea> <canvas></canvas>

        {Form}

        {string.Concat(Enumerable.Range(0, 45).Select(index => $"Paragraph {index} with a few words.\n\n"))}

        Round {round}.

        {string.Concat(Enumerable.Range(45, 45).Select(index => $"Paragraph {index} with a few words.\n\n"))}
        """;

    private static void Report(string what, IReadOnlyList<double> milliseconds)
    {
        IEnumerable<string> texts = milliseconds.Select(value => value.ToString("0.0", CultureInfo.InvariantCulture));
        TestContext.Current.TestOutputHelper!.WriteLine($"{what}, ms: {string.Join(' ', texts)}");
    }

    private static async Task Until(Func<bool> holds)
    {
        for (int attempt = 0; !holds(); attempt++)
        {
            Assert.True(attempt < 500, "it never came true");
            await Task.Delay(20);
        }
    }
}
