using System;
using System.IO;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Server.Live;

/// <summary>The event stream of a site, as a browser reads it.</summary>
internal sealed class LiveEvents : IDisposable
{
    private readonly StreamReader _lines;

    private LiveEvents(Stream stream) => _lines = new StreamReader(stream);

    public static async Task<LiveEvents> OpenAsync(SiteHost host) =>
        new(await host.Client.GetStreamAsync("/_polder/live"));

    /// <summary>The data of the next event of a name; those before it are passed over.</summary>
    public async Task<string> NextAsync(string name)
    {
        while (await _lines.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20)) is string line)
        {
            if (line == "event: " + name)
            {
                return await _lines.ReadLineAsync() ?? "";
            }
        }

        Assert.Fail($"the stream ended before {name}");
        return "";
    }

    public void Dispose() => _lines.Dispose();
}
