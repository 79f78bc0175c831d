using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Polder.Server.Hosting;

/// <summary>
/// How a worker ends: on a signal, or when its supervisor has gone, it stops accepting, tells its clients to close,
/// waits until what was just accepted has arrived, and only then lets the application stop.
/// </summary>
internal sealed class Drain : IHostLifetime, IStartupFilter, IDisposable
{
    // Longer than it takes to hand a freshly accepted connection to Kestrel, whatever the load measured.
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(60);

    private readonly DrainGate _gate;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly SupervisorLine _supervisor;
    private readonly ServiceNotice _notice = ServiceNotice.OfThisProcess();

    // Held for the life of the process: a collected registration would let a signal kill at once.
    private PosixSignalRegistration[] _signals = [];
    private int _isDraining;

    public Drain(DrainGate gate, IHostApplicationLifetime lifetime, SupervisorLine supervisor)
    {
        _gate = gate;
        _lifetime = lifetime;
        _supervisor = supervisor;
    }

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, OnSignal),
        ];
        _supervisor.Listen(Begin);
        _lifetime.ApplicationStarted.Register(() => _notice.Send("READY=1"));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => application =>
    {
        application.Use(CloseWhenDraining);
        next(application);
    };

    public void Dispose()
    {
        foreach (PosixSignalRegistration signal in _signals)
        {
            signal.Dispose();
        }
    }

    private Task CloseWhenDraining(HttpContext context, RequestDelegate next)
    {
        // At the response's head and not at the request's: the drain may begin in between.
        context.Response.OnStarting(() =>
        {
            if (_gate.IsDraining && HttpProtocol.IsHttp11(context.Request.Protocol))
            {
                context.Response.Headers.Connection = "close";
            }

            return Task.CompletedTask;
        });
        return next(context);
    }

    private void OnSignal(PosixSignalContext signal)
    {
        // Whoever interrupts a second time does not want to wait.
        signal.Cancel = !(signal.Signal == PosixSignal.SIGINT && Volatile.Read(ref _isDraining) != 0);
        Begin();
    }

    private void Begin()
    {
        if (Interlocked.Exchange(ref _isDraining, 1) == 0)
        {
            _ = RunAsync();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            _notice.Send("STOPPING=1");
            await _gate.StopAcceptingAsync().ConfigureAwait(false);
            await Task.Delay(Settle, TimeProvider.System).ConfigureAwait(false);
        }
        finally
        {
            _lifetime.StopApplication();
        }
    }
}
