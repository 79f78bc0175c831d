using System;
using System.Net.Sockets;
using System.Text;

namespace Polder.Server.Hosting;

/// <summary>
/// Tells whoever started this process that it is ready or stopping, by systemd's protocol (sd_notify(3)): datagrams to
/// the socket that NOTIFY_SOCKET names. A supervisor of ours listens to the same.
/// </summary>
internal sealed class ServiceNotice
{
    public const string Variable = "NOTIFY_SOCKET";

    private readonly string? _address;

    private ServiceNotice(string? address)
    {
        _address = address;
    }

    /// <summary>To whom the environment of this process points; to nobody where it points nowhere.</summary>
    public static ServiceNotice OfThisProcess() => new(Environment.GetEnvironmentVariable(Variable));

    /// <summary>The end point of an address; a leading @ means the abstract namespace.</summary>
    public static UnixDomainSocketEndPoint EndPoint(string address) =>
        new(address[0] == '@' ? "\0" + address[1..] : address);

    /// <summary>Sends one state. That nobody listens any more is no error of this process.</summary>
    public void Send(string state)
    {
        if (string.IsNullOrEmpty(_address) || OperatingSystem.IsWindows())
        {
            return;
        }

        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.UTF8.GetBytes(state), EndPoint(_address));
        }
        catch (SocketException)
        {
            // The one who asked has gone.
        }
    }
}
