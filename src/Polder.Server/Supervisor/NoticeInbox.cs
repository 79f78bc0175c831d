using System;
using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using Polder.Server.Hosting;

namespace Polder.Server.Supervisor;

/// <summary>Where one worker tells that it is ready or stopping: the receiving end of sd_notify(3).</summary>
internal sealed class NoticeInbox : IDisposable
{
    private const int LongestNotice = 4096;

    private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly string? _path;

    /// <summary>Opens one whose address nobody else guesses.</summary>
    public NoticeInbox(Guid id)
    {
        // The abstract namespace leaves nothing behind; it is Linux's own.
        Address = OperatingSystem.IsLinux()
            ? $"@polder/{id:N}"
            : _path = Path.Combine(Path.GetTempPath(), $"polder-{id:N}");
        _socket.Bind(ServiceNotice.EndPoint(Address));
    }

    /// <summary>The value of NOTIFY_SOCKET.</summary>
    public string Address { get; }

    /// <summary>Hands on each state that arrives, until disposed.</summary>
    public async Task ReadAsync(Action<string> state)
    {
        byte[] buffer = new byte[LongestNotice];
        try
        {
            while (true)
            {
                int length = await _socket.ReceiveAsync(buffer).ConfigureAwait(false);
                foreach (string line in Encoding.UTF8.GetString(buffer, 0, length).Split('\n'))
                {
                    state(line);
                }
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    public void Dispose()
    {
        _socket.Dispose();
        if (_path is not null)
        {
            File.Delete(_path);
        }
    }
}
