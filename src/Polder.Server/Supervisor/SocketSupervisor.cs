using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Polder.Server.Supervisor.Native;

namespace Polder.Server.Supervisor;

/// <summary>
/// Holds a listening socket and keeps a worker on it. Whatever happens to a worker, connections wait in the kernel's
/// queue and are served by the next. Everything that decides runs one after the other, from one channel.
/// </summary>
internal sealed class SocketSupervisor : IAsyncDisposable
{
    // A worker that dies younger than this is broken; an older one had an accident and is replaced at once.
    private static readonly TimeSpan Young = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly SupervisorOptions _options;
    private readonly SharedListener _listener;
    private readonly Pump? _pump;
    private readonly Channel<Action> _work = Channel.CreateUnbounded<Action>();
    private readonly CancellationTokenSource _ended = new();
    private readonly HashSet<Worker> _all = [];
    private readonly Backoff _backoff = new();
    private Worker? _current;
    private Worker? _starting;
    private string? _failure;
    private bool _startsAgain;
    private bool _speaks;
    private bool _isAnnounced;
    private bool _isStopping;
    private int _retry;

    /// <summary>Binds the port.</summary>
    /// <exception cref="System.IO.IOException">The port is taken.</exception>
    public SocketSupervisor(SupervisorOptions options)
    {
        _options = options;
        _listener = SharedListener.Open(options.Address, options.Port);
        _pump = options.Pumps ? new Pump(_listener.Socket, options.Engine.Time) : null;
    }

    /// <summary>The address of the socket.</summary>
    public SharedListener Listener => _listener;

    /// <summary>Restarts so far that came to be ready.</summary>
    public int ReadyCount { get; private set; }

    /// <summary>The process that serves now; 0 while none does.</summary>
    public int WorkerProcessId => Volatile.Read(ref _current)?.ProcessId ?? 0;

    /// <summary>Keeps a worker running until the token ends it; then the worker drains.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Posix.AdoptOrphans();
        Task pumping = _pump?.RunAsync(_ended.Token) ?? Task.CompletedTask;
        Post(() => Start("starting"));
        using CancellationTokenRegistration stop = cancellationToken.Register(() => Post(Stop));
        After(Look, LookAfter);
        await foreach (Action action in _work.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            action();
            if (_isStopping && _all.Count == 0)
            {
                break;
            }
        }

        await _ended.CancelAsync().ConfigureAwait(false);
        await pumping.ConfigureAwait(false);
    }

    /// <summary>Starts a new worker that takes over. Any thread may ask.</summary>
    public void Restart(string why) => Post(() =>
    {
        _backoff.Reset();
        RestartNow(why);
    });

    /// <summary>Ends every worker without waiting: for whoever interrupts a second time.</summary>
    public void Kill() => Post(() =>
    {
        foreach (Worker worker in _all)
        {
            worker.Kill();
        }
    });

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync().ConfigureAwait(false);
        foreach (Worker worker in _all)
        {
            worker.Kill();
        }

        _listener.Dispose();
        _ended.Dispose();
    }

    private void Post(Action action) => _work.Writer.TryWrite(action);

    private void After(TimeSpan wait, Action action)
    {
        _ = WaitAsync();

        async Task WaitAsync()
        {
            try
            {
                await Task.Delay(wait, _options.Engine.Time, _ended.Token).ConfigureAwait(false);
                Post(action);
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                // Nothing is left to do it for.
            }
        }
    }

    private void Say(string text) => _options.Log($"polder: {text}");

    private void RestartNow(string why)
    {
        _retry++;
        if (_isStopping)
        {
            return;
        }

        if (_starting is not null)
        {
            // What it was started from is old already; two builds in one folder would disturb each other.
            _startsAgain = true;
            End(_starting);
        }
        else if (!_options.Overlaps && _current is { IsEnding: false, Command: var command } old &&
            command != _options.StandIn)
        {
            Say(why);
            Retire(old);
        }
        else
        {
            Start(why);
        }
    }

    private void Start(string why)
    {
        Say(why);
        try
        {
            int? port = _pump is null ? null : SharedListener.FreePort(System.Net.IPAddress.Loopback);
            WorkerCommand command = port is int at && _options.CommandAtPort is { } make ? make(at) : _options.Command;
            _starting = Add(command, port);
        }
        catch (Win32Exception error)
        {
            Fail(error.Message);
            return;
        }

        if (_options.Command.IsForeign && !_speaks && _pump is null)
        {
            Worker quiet = _starting;
            After(_options.Patience, () => BecomeReady(quiet, isAssumed: true));
        }
    }

    private Worker Add(WorkerCommand command, int? port)
    {
        Worker worker = new(
            command,
            (int)_listener.Socket.SafeHandle.DangerousGetHandle(),
            port,
            _options,
            (from, news) => Post(() => Hear(from, news)));
        _all.Add(worker);
        return worker;
    }

    private void Hear(Worker worker, WorkerNews news)
    {
        switch (news)
        {
            case WorkerNews.Ready:
                BecomeReady(worker, isAssumed: false);
                break;
            case WorkerNews.Stopping when worker == _current && !worker.IsEnding:
                // Somebody stopped it and not us: the next one need not wait for its end.
                Retire(worker);
                break;
            case WorkerNews.Exited:
                Lose(worker);
                break;
            case WorkerNews.Gone:
                _all.Remove(worker);
                worker.Dispose();
                Mend();
                if (worker == _starting)
                {
                    _starting = null;
                }

                Resume();
                break;
        }
    }

    private void BecomeReady(Worker worker, bool isAssumed)
    {
        if (!isAssumed && worker.Command.IsForeign && _pump is null)
        {
            _speaks = true;
        }

        if (worker != _starting || worker.IsEnding || worker.HowItEnded is not null || (isAssumed && _speaks))
        {
            return;
        }

        worker.IsReady = true;
        Worker? old = _current;
        _starting = null;
        _failure = null;
        _pump?.PointTo(worker.Port);
        Volatile.Write(ref _current, worker);
        ReadyCount++;
        Say($"worker {worker.ProcessId} is ready after {worker.Age.TotalMilliseconds:F0} ms");
        if (old is not null)
        {
            // What the pump has just connected must have been accepted.
            After(_pump is null ? TimeSpan.Zero : Settle, () => End(old));
        }

        Announce();
    }

    private void Announce()
    {
        if (!_isAnnounced)
        {
            _isAnnounced = true;
            _options.Announce(_listener.Url);
        }
    }

    // It takes no more connections: they wait for the next one.
    private void Retire(Worker worker)
    {
        if (worker == _current)
        {
            Volatile.Write(ref _current, null);
            _pump?.PointTo(null);
        }

        End(worker);
        if (_options.Overlaps)
        {
            Replace();
        }
        else
        {
            _startsAgain = true;
        }
    }

    private void End(Worker worker)
    {
        if (!worker.IsEnding && _all.Contains(worker))
        {
            worker.IsEnding = true;
            worker.Terminate();
        }

        After(_options.DrainTime, () => KillIfLeft(worker));
    }

    private void KillIfLeft(Worker worker)
    {
        if (_all.Contains(worker))
        {
            Say($"worker {worker.ProcessId} did not end in {_options.DrainTime.TotalSeconds:F0} s and is killed");
            worker.Kill();
        }
    }

    private void Lose(Worker worker)
    {
        // What is left of its group has been asked to go, and is not waited for longer than for a drain.
        After(_options.DrainTime, () => KillIfLeft(worker));
        if (worker == _current)
        {
            Volatile.Write(ref _current, null);
            _pump?.PointTo(null);
            if (!worker.IsEnding && worker.Command != _options.StandIn)
            {
                Say($"worker {worker.ProcessId} {worker.HowItEnded}");
            }

            worker.IsEnding = true;
            if (worker.Age < Young)
            {
                Fail(worker.Failure);
            }
            else
            {
                Replace();
            }
        }
        else if (worker == _starting)
        {
            bool wasAsked = worker.IsEnding;
            worker.IsEnding = true;
            if (!wasAsked)
            {
                _starting = null;
                Fail(worker.Failure);
            }
        }
    }

    private void Replace()
    {
        if (!_isStopping && _starting is null)
        {
            Start("starting another worker");
        }
    }

    private void Resume()
    {
        if (_startsAgain && _starting is null && !_isStopping)
        {
            _startsAgain = false;
            Start("starting again");
        }
    }

    // The old worker goes on, and shows why; where there is none, a stand-in does, and the next try comes by itself.
    private void Fail(string failure)
    {
        _failure = failure;
        Say("the new worker did not become ready" + (_current is null ? "" : "; the old one goes on serving"));
        if (_current is not null && _current.Command != _options.StandIn)
        {
            _current.Tell(failure);
            return;
        }

        if (_current is null)
        {
            StandIn();
        }

        _current?.Tell(failure);
        int retry = ++_retry;
        After(_backoff.Next(), () =>
        {
            if (retry == _retry && _starting is null && !_isStopping)
            {
                Start("trying again");
            }
        });
    }

    private void StandIn()
    {
        if (_options.StandIn is null || _pump is not null || _isStopping)
        {
            return;
        }

        try
        {
            Worker standIn = Add(_options.StandIn, null);
            Volatile.Write(ref _current, standIn);
            Announce();
        }
        catch (Win32Exception error)
        {
            Say(error.Message);
        }
    }

    private void LookAfter()
    {
        Mend();
        After(Look, LookAfter);
    }

    private void Mend()
    {
        if (_pump is null && _listener.Mend() is string mended)
        {
            Say(mended);
        }
    }

    private void Stop()
    {
        _isStopping = true;
        foreach (Worker worker in _all)
        {
            End(worker);
        }
    }
}
