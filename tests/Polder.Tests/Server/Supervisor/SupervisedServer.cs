using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using Polder.Server.Supervisor;
using Polder.Tests.Cli;
using Xunit;

namespace Polder.Tests.Server.Supervisor;

/// <summary>A supervisor inside the test, over workers that are processes.</summary>
internal sealed class SupervisedServer : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _log = [];
    private readonly TaskCompletionSource<string> _url = new();
    private readonly Task _run;

    private SupervisedServer(WorkerCommand command, bool pumps, bool overlaps)
    {
        Supervisor = new SocketSupervisor(new SupervisorOptions
        {
            Command = command,
            Pumps = pumps,
            Overlaps = overlaps,
            Log = _log.Enqueue,
            Announce = _url.SetResult,
        });
        _run = Supervisor.RunAsync(_stop.Token);
    }

    public SocketSupervisor Supervisor { get; }

    public string Url { get; private set; } = "";

    public string Log => string.Join('\n', _log);

    public static HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Polder's own worker over an empty folder.</summary>
    public static WorkerCommand Serve(string folder) =>
        new([CommandLine.Program, "serve", folder, "--live"], folder, IsForeign: false);

    /// <summary>The sample, as somebody else's program.</summary>
    public static WorkerCommand OwnServer(string folder)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "OwnServer");
        return new([program], folder, IsForeign: true)
        {
            Environment = new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Warning" },
        };
    }

    public static async Task<SupervisedServer> StartAsync(
        WorkerCommand command, bool pumps = false, bool overlaps = true)
    {
        SupervisedServer server = new(command, pumps, overlaps);
        server.Url = await server._url.Task.WaitAsync(Longest);
        return server;
    }

    /// <summary>Waits for one more worker to be ready after an act.</summary>
    public async Task NextAsync(Action act)
    {
        int before = Supervisor.ReadyCount;
        act();
        await UntilAsync(() => Supervisor.ReadyCount > before, () => Log);
    }

    public Task RestartAsync() => NextAsync(() => Supervisor.Restart("asked"));

    public static async Task UntilAsync(Func<bool> holds, Func<string> log)
    {
        long start = Stopwatch.GetTimestamp();
        while (!holds())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < Longest, log());
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run.WaitAsync(Longest);
        await Supervisor.DisposeAsync();
        _stop.Dispose();
    }
}
