using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Server.Supervisor;

/// <summary>
/// Where a socket cannot be passed: accepts connections, waits for a client's first bytes and then for a worker, and
/// copies bytes both ways. A worker that refuses is waited for again, as long as nothing was sent to it.
/// </summary>
internal sealed class Pump
{
    private const int BufferBytes = 16 << 10;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Socket _listener;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private TaskCompletionSource<int> _port = NewPort();

    public Pump(Socket listener, TimeProvider time)
    {
        _listener = listener;
        _time = time;
    }

    /// <summary>Sends new connections to a worker's port; null lets them wait.</summary>
    public void PointTo(int? port)
    {
        lock (_lock)
        {
            if (_port.Task.IsCompleted)
            {
                _port = NewPort();
            }

            if (port is int at)
            {
                _port.SetResult(at);
            }
        }
    }

    /// <summary>Accepts until the token ends it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                Socket client = await _listener.AcceptAsync(cancellationToken).ConfigureAwait(false);
                _ = ServeAsync(client, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // This client has gone, or descriptors are short for a moment.
                await Task.Delay(Pause, _time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static TaskCompletionSource<int> NewPort() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task ServeAsync(Socket client, CancellationToken cancellationToken)
    {
        using (client)
        {
            try
            {
                client.NoDelay = true;
                byte[] first = new byte[BufferBytes];
                int length = await client.ReceiveAsync(first, cancellationToken).ConfigureAwait(false);
                if (length == 0)
                {
                    return;
                }

                using Socket worker = await ConnectAsync(cancellationToken).ConfigureAwait(false);
                await SendAsync(worker, first.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
                Task up = CopyAsync(client, worker, first, cancellationToken);
                Task down = CopyAsync(worker, client, new byte[BufferBytes], cancellationToken);
                await Task.WhenAll(up, down).ConfigureAwait(false);
            }
            catch (Exception error) when (
                error is SocketException or OperationCanceledException or ObjectDisposedException or IOException)
            {
                // One side has gone; both are closed.
            }
        }
    }

    private async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<int> port;
            lock (_lock)
            {
                port = _port.Task;
            }

            int at = await port.WaitAsync(cancellationToken).ConfigureAwait(false);
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, at), cancellationToken)
                    .ConfigureAwait(false);
                return socket;
            }
            catch (SocketException)
            {
                socket.Dispose();
                await Task.Delay(Pause, _time, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    private static async Task CopyAsync(Socket from, Socket to, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            int length;
            while ((length = await from.ReceiveAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                await SendAsync(to, buffer.AsMemory(0, length), cancellationToken).ConfigureAwait(false);
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // A connection that broke must break on the other side too, or its client would wait.
            from.Dispose();
            to.Dispose();
        }
    }

    private static async Task SendAsync(Socket to, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (!bytes.IsEmpty)
        {
            bytes = bytes[await to.SendAsync(bytes, cancellationToken).ConfigureAwait(false)..];
        }
    }
}
