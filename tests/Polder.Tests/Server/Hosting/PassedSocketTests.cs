using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using Polder.Server.Hosting;
using Xunit;

namespace Polder.Tests.Server.Hosting;

/// <summary>sd_listen_fds(3), with LISTEN_FDS_FIRST_FD of systemfd.</summary>
public sealed class PassedSocketTests
{
    private const int Self = 4711;

    [Theory]
    [InlineData("", "")]
    [InlineData("LISTEN_FDS=", "")]
    [InlineData("LISTEN_FDS=0", "")]
    [InlineData("LISTEN_FDS=1", "3")]
    [InlineData("LISTEN_FDS=2", "3 4")]
    [InlineData("LISTEN_FDS=1 LISTEN_PID=4711", "3")]
    [InlineData("LISTEN_FDS=1 LISTEN_PID=4712", "")]
    [InlineData("LISTEN_FDS=2 LISTEN_FDS_FIRST_FD=40", "40 41")]
    [InlineData("LISTEN_FDS=2 LISTEN_FDNAMES=web:", "3:web 4")]
    [InlineData("LISTEN_FDS=2 LISTEN_FDNAMES=web:admin:more", "3:web 4:admin")]
    public void The_environment_names_descriptors(string environment, string expected) => Assert.Equal(
        expected,
        string.Join(' ', Parse(environment).Select(socket =>
            socket.Name is null ? $"{socket.Descriptor}" : $"{socket.Descriptor}:{socket.Name}")));

    [Theory]
    [InlineData("LISTEN_FDS=one", "LISTEN_FDS is 'one', not a number")]
    [InlineData("LISTEN_FDS=-1", "LISTEN_FDS is '-1', not a number")]
    [InlineData("LISTEN_FDS=99999", "LISTEN_FDS is 99999, more than 64 sockets")]
    [InlineData("LISTEN_FDS=1 LISTEN_PID=me", "LISTEN_PID is 'me', not a number")]
    [InlineData("LISTEN_FDS=1 LISTEN_FDS_FIRST_FD=x", "LISTEN_FDS_FIRST_FD is 'x', not a number")]
    public void A_variable_that_is_no_number_is_named(string environment, string message) =>
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => Parse(environment)).Message);

    [Fact]
    public void A_file_is_no_socket()
    {
        using FileStream file = new(Path.GetTempFileName(), FileMode.Open, FileAccess.Read, FileShare.Read, 1,
            FileOptions.DeleteOnClose);
        PassedSocket passed = new((int)file.SafeFileHandle.DangerousGetHandle(), null);
        string message = Assert.Throws<InvalidOperationException>(() => AdoptedSocket.Adopt(passed)).Message;
        Assert.StartsWith($"descriptor {passed.Descriptor}, passed by LISTEN_FDS, is not a listening socket", message);
    }

    [Fact]
    public void A_socket_that_does_not_listen_is_refused()
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        PassedSocket passed = new((int)socket.SafeHandle.DangerousGetHandle(), null);
        string message = Assert.Throws<InvalidOperationException>(() => AdoptedSocket.Adopt(passed)).Message;
        Assert.EndsWith("it does not listen", message);
    }

    private static IReadOnlyList<PassedSocket> Parse(string environment)
    {
        Dictionary<string, string> variables = environment
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => pair[1]);
        return PassedSocket.Parse(name => variables.GetValueOrDefault(name), Self);
    }
}
