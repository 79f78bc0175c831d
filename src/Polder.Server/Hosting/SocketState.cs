using System;
using System.Buffers.Binary;
using System.Net.Sockets;

namespace Polder.Server.Hosting;

/// <summary>What the kernel says about a shared listening socket, and how to put it right.</summary>
internal static class SocketState
{
    /// <summary>Connections that wait in the queue while nobody accepts (the kernel caps it at somaxconn).</summary>
    public const int Backlog = 4096;

    private static (int Level, int Name) AcceptConnections => OperatingSystem.IsMacOS() ? (0xffff, 2) : (1, 30);

    /// <summary>Whether connections still arrive (SO_ACCEPTCONN).</summary>
    public static bool IsListening(Socket socket)
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        Span<byte> value = stackalloc byte[4];
        (int level, int name) = AcceptConnections;
        socket.GetRawSocketOption(level, name, value);
        return BinaryPrimitives.ReadInt32LittleEndian(value) != 0;
    }

    /// <summary>Turns SO_LINGER off; says whether it was on.</summary>
    public static bool StopLingering(Socket socket)
    {
        bool was = socket.LingerState is { Enabled: true };
        socket.LingerState = new LingerOption(false, 0);
        return was;
    }
}
