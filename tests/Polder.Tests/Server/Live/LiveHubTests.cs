using System;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Polder.Server.Hosting;
using Xunit;

namespace Polder.Tests.Server.Live;

public sealed class LiveHubTests
{
    [Fact]
    public async Task Code_that_does_not_start_is_told_to_every_page_until_it_is_mended()
    {
        await using SiteHost host = await SiteHost.StartAsync(("pages/index.md", "Text."));
        using LiveEvents first = await LiveEvents.OpenAsync(host);
        await first.NextAsync("hello");
        Tell(host, "Program.cs(3,1): error CS1002");
        string told = await first.NextAsync("error");
        Assert.Contains("Program.cs(3,1): error CS1002", told, StringComparison.Ordinal);

        // A page that is opened later is told too.
        using LiveEvents second = await LiveEvents.OpenAsync(host);
        Assert.Equal(told, await second.NextAsync("error"));
        Tell(host, null);
        await first.NextAsync("ok");
        await second.NextAsync("ok");
        using LiveEvents third = await LiveEvents.OpenAsync(host);
        await third.NextAsync("hello");
        Tell(host, "again");
        Assert.Contains("again", await third.NextAsync("error"), StringComparison.Ordinal);
    }

    private static void Tell(SiteHost host, string? failure) => host.Supervisor.Listen(
        new MemoryStream(Encoding.UTF8.GetBytes(SupervisorLine.Format(failure) + "\n")), () => { });
}
