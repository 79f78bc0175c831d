using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using Polder.Server.Hosting;

namespace Polder.Server.Supervisor;

/// <summary>
/// The listening socket that outlives every worker. This process never accepts on it (unless it pumps bytes): it holds
/// it, so that connections wait in the kernel's queue while no worker runs.
/// </summary>
internal sealed class SharedListener : IDisposable
{
    private const int TriesForAnyPort = 20;

    private SharedListener(Socket socket)
    {
        Socket = socket;
        EndPoint = (IPEndPoint)socket.LocalEndPoint!;
    }

    public Socket Socket { get; }

    public IPEndPoint EndPoint { get; }

    /// <summary>Its address for a browser.</summary>
    public string Url => $"http://{EndPoint}";

    /// <summary>Takes the socket that this process was started with, or binds one.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static SharedListener Open(IPAddress address, int port)
    {
        if (PassedSocket.OfThisProcess() is [PassedSocket passed, ..])
        {
            return new SharedListener(AdoptedSocket.Adopt(passed).Socket);
        }

        return port == 0 ? OpenAny(address) : Bind(address, port);
    }

    /// <summary>
    /// Puts right what a worker's end may have done to the shared socket: says what it was, null where all is well.
    /// </summary>
    public string? Mend()
    {
        string? mended = null;
        if (!SocketState.IsListening(Socket))
        {
            Socket.Listen(SocketState.Backlog);
            mended = "the shared socket had stopped listening; it listens again";
        }

        if (SocketState.StopLingering(Socket))
        {
            mended ??= "the shared socket had SO_LINGER on; it is off again";
        }

        return mended;
    }

    public void Dispose() => Socket.Dispose();

    // A port that the kernel chose is given back when the socket is disconnected; one that was asked for is kept. So
    // that the socket can be mended, a chosen port is asked for in a second step.
    private static SharedListener OpenAny(IPAddress address)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return Bind(address, FreePort(address));
            }
            catch (IOException) when (attempt < TriesForAnyPort)
            {
                // Somebody took it in between.
            }
        }
    }

    /// <summary>A port that is free now.</summary>
    public static int FreePort(IPAddress address)
    {
        using Socket probe = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(address, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private static SharedListener Bind(IPAddress address, int port)
    {
        Socket socket = new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(SocketState.Backlog);
            return new SharedListener(socket);
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw error.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => PolderServer.PortTaken(port, error),
                SocketError.AccessDenied => new IOException($"port {port} may not be bound by this user", error),
                _ => new IOException($"{address}:{port} cannot be bound: {error.Message}", error),
            };
        }
    }
}
