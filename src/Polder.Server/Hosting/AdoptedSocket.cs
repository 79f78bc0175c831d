using System;
using System.Net;
using System.Net.Sockets;

namespace Polder.Server.Hosting;

/// <summary>
/// A passed socket in use. Adopted once per process: the runtime cannot take the same open file twice. Close-on-exec
/// stays off, because the runtime may disconnect a socket that has it when it is disposed, and that would end
/// listening for every process that shares it. So a process that adopts a socket starts no children.
/// </summary>
internal sealed class AdoptedSocket
{
    private readonly PassedSocket _passed;

    private AdoptedSocket(PassedSocket passed, Socket socket)
    {
        _passed = passed;
        Socket = socket;
        EndPoint = socket.LocalEndPoint!;
    }

    public Socket Socket { get; }

    /// <summary>Where it listens.</summary>
    public EndPoint EndPoint { get; }

    /// <summary>Takes a passed socket over.</summary>
    /// <exception cref="InvalidOperationException">It is not a listening stream socket.</exception>
    public static AdoptedSocket Adopt(PassedSocket passed)
    {
        Socket socket;
        try
        {
            socket = new Socket(new SafeSocketHandle(passed.Descriptor, ownsHandle: true));
        }
        catch (SocketException error)
        {
            throw NotListening(passed, error.Message);
        }

        if (socket.SocketType != SocketType.Stream || socket.LocalEndPoint is null || !SocketState.IsListening(socket))
        {
            throw NotListening(passed, "it does not listen");
        }

        // A disposal elsewhere may have left SO_LINGER {1, 0} on the shared socket; accepted ones would inherit it.
        if (socket.LocalEndPoint is IPEndPoint)
        {
            SocketState.StopLingering(socket);
        }

        return new AdoptedSocket(passed, socket);
    }

    /// <summary>Whether it is the socket of this end point.</summary>
    public bool IsAt(EndPoint endPoint) => EndPoint.Equals(endPoint);

    public override string ToString() => $"{EndPoint} (descriptor {_passed.Descriptor})";

    private static InvalidOperationException NotListening(PassedSocket passed, string why) => new(
        $"descriptor {passed.Descriptor}, passed by {PassedSocket.Count}, is not a listening socket: {why}");
}
