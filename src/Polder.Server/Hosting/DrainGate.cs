using System;
using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace Polder.Server.Hosting;

/// <summary>
/// Stands between Kestrel and its sockets: stops accepting before the application stops, so that no connection is
/// accepted and then dropped, and keeps accepted connections from a socket option that a shared listener may pass on.
/// </summary>
internal sealed class DrainGate : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets;
    private readonly List<GatedListener> _listeners = [];
    private readonly Lock _lock = new();

    public DrainGate(IServiceProvider services)
    {
        _sockets = ActivatorUtilities.CreateInstance<SocketTransportFactory>(services);
    }

    /// <summary>Whether this process takes no more connections.</summary>
    public bool IsDraining { get; private set; }

    public bool CanBind(EndPoint endpoint) => _sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(
        EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        GatedListener listener = new(
            await _sockets.BindAsync(endpoint, cancellationToken).ConfigureAwait(false), this);
        lock (_lock)
        {
            _listeners.Add(listener);
        }

        return listener;
    }

    /// <summary>Closes this process's copies of the listening sockets; connections live on.</summary>
    public async Task StopAcceptingAsync()
    {
        IsDraining = true;
        GatedListener[] listeners;
        lock (_lock)
        {
            listeners = [.. _listeners];
        }

        foreach (GatedListener listener in listeners)
        {
            await listener.UnbindAsync().ConfigureAwait(false);
        }
    }

    private sealed class GatedListener(IConnectionListener inner, DrainGate gate) : IConnectionListener
    {
        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
        private int _isUnbound;

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    ConnectionContext? connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
                    StopLingering(connection);
                    return connection;
                }
                catch (SocketException) when (!gate.IsDraining && Volatile.Read(ref _isUnbound) == 0)
                {
                    // Another process's disposal may end listening on the shared socket until the supervisor mends
                    // it; Kestrel would give up for good.
                    await Task.Delay(Pause, TimeProvider.System, cancellationToken).ConfigureAwait(false);
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) =>
            Interlocked.Exchange(ref _isUnbound, 1) == 0 ? inner.UnbindAsync(cancellationToken) : default;

        public ValueTask DisposeAsync() => inner.DisposeAsync();

        // SO_LINGER {1, 0}, inherited from the listener, cuts a response off when its connection closes.
        private static void StopLingering(ConnectionContext? connection)
        {
            if (connection?.Features.Get<IConnectionSocketFeature>()?.Socket is not { } socket)
            {
                return;
            }

            try
            {
                SocketState.StopLingering(socket);
            }
            catch (SocketException)
            {
                // The client has gone already; Kestrel will notice.
            }
        }
    }
}
