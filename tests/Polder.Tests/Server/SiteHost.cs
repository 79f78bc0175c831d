using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Polder.Server;
using Polder.Server.Hosting;
using Polder.Server.Live;
using Xunit;

namespace Polder.Tests.Server;

/// <summary>A folder of pages that is served as the command line would, on a free port.</summary>
internal sealed class SiteHost : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly WebApplication _application;

    private SiteHost(TemporaryFolder folder, WebApplication application)
    {
        _folder = folder;
        _application = application;
        Url = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!
            .Addresses.First();
        Client = new HttpClient { BaseAddress = new Uri(Url) };
    }

    public string Url { get; }

    public string Folder => _folder.Path;

    public HttpClient Client { get; }

    public LiveSite Site => _application.Services.GetRequiredService<LiveSite>();

    public SupervisorLine Supervisor => _application.Services.GetRequiredService<SupervisorLine>();

    public static Task<SiteHost> StartAsync(params (string Path, string Text)[] files) => StartAsync(true, files);

    public static async Task<SiteHost> StartAsync(bool live, params (string Path, string Text)[] files)
    {
        TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["pages"]);
        foreach ((string path, string text) in files)
        {
            Write(folder.Path, path, text);
        }

        WebApplication application = PolderServer.Build(new ServeOptions { Folder = folder.Path, Live = live });
        await application.StartAsync();
        return new SiteHost(folder, application);
    }

    /// <summary>Writes a file beside its place and renames it there, as most editors do.</summary>
    public void Save(string path, string text)
    {
        Write(Folder, path + ".tmp", text);
        File.Move(Path.Combine(Folder, path + ".tmp"), Path.Combine(Folder, path), overwrite: true);
    }

    /// <summary>Asks until an answer contains a text.</summary>
    public Task<string> GetAsync(string path, string containing) =>
        WaitAsync(path, answer => answer.Contains(containing, StringComparison.Ordinal));

    /// <summary>Asks until an answer is as it should be; fails when it is not within ten seconds.</summary>
    public async Task<string> WaitAsync(string path, Func<string, bool> isRight)
    {
        for (int attempt = 0; ; attempt++)
        {
            using HttpResponseMessage response = await Client.GetAsync(path);
            string answer = await response.Content.ReadAsStringAsync();
            if (isRight(answer))
            {
                return answer;
            }

            Assert.True(attempt < 500, $"{path} still answers:\n{answer}");
            await Task.Delay(20);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.StopAsync();
        await _application.DisposeAsync();
        _folder.Dispose();
    }

    private static void Write(string folder, string path, string text)
    {
        string full = Path.Combine(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
