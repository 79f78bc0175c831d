using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Polder.Server.Hosting;
using Polder.Server.Supervisor.Native;

namespace Polder.Server.Supervisor;

/// <summary>
/// One worker as its supervisor sees it. Its callbacks come on any thread; the rest is the supervisor's.
/// </summary>
internal sealed class Worker : IDisposable
{
    private static readonly TimeSpan Probe = TimeSpan.FromMilliseconds(20);

    private readonly NoticeInbox _inbox;
    private readonly WorkerProcess _process;
    private readonly OutputTail _tail = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly TimeProvider _time;
    private readonly long _started;

    /// <summary>Starts one. Without a port it takes the listener's descriptor.</summary>
    public Worker(
        WorkerCommand command, int listener, int? port, SupervisorOptions options, Action<Worker, WorkerNews> told)
    {
        _time = options.Engine.Time;
        _started = _time.GetTimestamp();
        Command = command;
        Port = port;
        _inbox = new NoticeInbox(options.Engine.NextId());
        Dictionary<string, string> variables = new() { [ServiceNotice.Variable] = _inbox.Address };
        if (port is int at)
        {
            variables["PORT"] = at.ToString(CultureInfo.InvariantCulture);
            variables["ASPNETCORE_URLS"] = $"http://{IPAddress.Loopback}:{at}";
        }

        _ = _inbox.ReadAsync(state => Take(state, told));
        try
        {
            _process = new WorkerProcess(
                command,
                port is null ? listener : -1,
                variables,
                line =>
                {
                    _tail.Add(line);
                    options.Log(line);
                },
                how =>
                {
                    HowItEnded = how;
                    told(this, WorkerNews.Exited);
                },
                () =>
                {
                    _gone.Cancel();
                    told(this, WorkerNews.Gone);
                });
        }
        catch
        {
            _inbox.Dispose();
            throw;
        }

        if (port is not null)
        {
            _ = ProbeAsync(port.Value, () => told(this, WorkerNews.Ready));
        }
    }

    public WorkerCommand Command { get; }

    /// <summary>Where it listens by itself, behind the pump.</summary>
    public int? Port { get; }

    public int ProcessId => _process.Id;

    public bool IsReady { get; set; }

    /// <summary>Whether its end was asked for, by us or by it.</summary>
    public bool IsEnding { get; set; }

    /// <summary>Whether it has said by itself that it is ready.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>How its program ended; null while it runs.</summary>
    public string? HowItEnded { get; private set; }

    public TimeSpan Age => _time.GetElapsedTime(_started);

    /// <summary>What it wrote last, and how it ended.</summary>
    public string Failure => $"The new worker {HowItEnded ?? "was stopped"} before it was ready.\n{_tail}";

    /// <summary>Tells it why newer code does not run; null when it does.</summary>
    public void Tell(string? failure) => _process.Tell(SupervisorLine.Format(failure));

    /// <summary>Asks it to drain and end.</summary>
    public void Terminate() => _process.Signal(Posix.Terminate);

    /// <summary>Ends what is left of it.</summary>
    public void Kill() => _process.Signal(Posix.KillSignal);

    public void Dispose()
    {
        _gone.Cancel();
        _inbox.Dispose();
        _process.Dispose();
        _gone.Dispose();
    }

    private void Take(string state, Action<Worker, WorkerNews> told)
    {
        // Behind the pump the port is asked.
        if (state == "READY=1")
        {
            HasSpoken = true;
            if (Port is null)
            {
                told(this, WorkerNews.Ready);
            }
        }
        else if (state == "STOPPING=1")
        {
            told(this, WorkerNews.Stopping);
        }
    }

    private async Task ProbeAsync(int port, Action ready)
    {
        try
        {
            while (true)
            {
                try
                {
                    using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                    await probe.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), _gone.Token)
                        .ConfigureAwait(false);
                    ready();
                    return;
                }
                catch (SocketException)
                {
                    await Task.Delay(Probe, _time, _gone.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
        {
            // It has gone.
        }
    }
}

/// <summary>What a supervisor hears about a worker.</summary>
internal enum WorkerNews
{
    /// <summary>It answers.</summary>
    Ready,

    /// <summary>It takes no more connections and will end.</summary>
    Stopping,

    /// <summary>Its program has ended.</summary>
    Exited,

    /// <summary>Nothing of it is left.</summary>
    Gone,
}
