using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Polder.Server.Hosting;
using Polder.Server.Supervisor.Native;
using Xunit;

namespace Polder.Tests.Server.Supervisor;

/// <summary>
/// Restarts under load lose nothing. <c>./test live</c> runs them as often as the definition of done says.
/// </summary>
[Trait("Speed", "Slow")]
[Collection(nameof(RestartTests))]
public sealed class RestartTests
{
    private const int ClientsOfEach = 4;
    private const int DownloadLines = 700_000;

    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(250);

    private static bool IsFull => Environment.GetEnvironmentVariable("POLDER_LIVE") == "full";

    private static int Restarts => IsFull ? 50 : 8;

    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Restarts_under_load_lose_no_request(bool pumps, bool overlaps)
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path), pumps, overlaps);

        // The way that everybody uses is tried longest.
        int restarts = IsFull && overlaps && !pumps ? 200 : Restarts;
        LoadClients load = new(server.Url, ClientsOfEach);
        await using (load)
        {
            for (int restart = 0; restart < restarts; restart++)
            {
                await server.RestartAsync();
                await Task.Delay(Breath);
            }
        }

        Note($"{(pumps ? "pump" : overlaps ? "overlap" : "stop, then start")}: {restarts} restarts, " +
            $"{load.RequestCount} requests, {load.Failures.Values.Sum()} failed, worst {load.WorstMilliseconds:F0} ms");
        Assert.Empty(load.Failures);
        Assert.True(load.RequestCount > 100, server.Log);
        Assert.True(load.WorstMilliseconds < (IsFull ? 1000 : 20_000), $"{load.WorstMilliseconds} ms\n{server.Log}");
        if (!pumps)
        {
            // The last old worker may still be ending, and the supervisor looks once more when it has.
            Socket listener = server.Supervisor.Listener.Socket;
            await SupervisedServer.UntilAsync(
                () => SocketState.IsListening(listener) && !listener.LingerState!.Enabled, () => server.Log);
        }
    }

    [Fact]
    public async Task A_worker_that_is_stopped_by_somebody_is_replaced_and_nothing_is_lost()
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path));
        LoadClients load = new(server.Url, ClientsOfEach);
        await using (load)
        {
            for (int restart = 0; restart < Restarts; restart++)
            {
                int worker = server.Supervisor.WorkerProcessId;
                await server.NextAsync(() => Posix.SignalGroup(worker, Posix.Terminate));
                await Task.Delay(Breath);
            }
        }

        Note($"SIGTERM to the worker: {Restarts} times, {load.RequestCount} requests, " +
            $"{load.Failures.Values.Sum()} failed, worst {load.WorstMilliseconds:F0} ms");
        Assert.Empty(load.Failures);
    }

    [Fact]
    public async Task A_worker_that_crashes_is_replaced_while_connections_wait()
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path));
        for (int crash = 0; crash < 3; crash++)
        {
            int worker = server.Supervisor.WorkerProcessId;
            await Task.Delay(1100);
            Posix.SignalGroup(worker, Posix.KillSignal);
            using HttpClient another = new();
            string other = await another.GetStringAsync(server.Url);
            Assert.NotEqual(worker, int.Parse(other, CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_slow_download_begun_before_a_restart_arrives_whole(bool isTainted)
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path));
        byte[] expected = await SupervisedServer.Client.GetByteArrayAsync($"{server.Url}/lines?count={DownloadLines}");
        Assert.True(expected.Length > 8_000_000);
        int count = IsFull ? 10 : 3;
        for (int restart = 0; restart < count; restart++)
        {
            if (isTainted)
            {
                // What a disposal elsewhere may leave behind: accepted connections inherit it.
                server.Supervisor.Listener.Socket.LingerState = new LingerOption(true, 0);
            }

            Task<byte[]> download = DownloadSlowlyAsync(server.Url, expected.Length);
            await Task.Delay(100);
            await server.RestartAsync();
            Assert.False(download.IsCompleted, "the download was too fast to see a restart");
            byte[] got = await download;
            Assert.True(expected.AsSpan().SequenceEqual(got), $"{got.Length} of {expected.Length} bytes");
        }

        Note($"{count} slow downloads of {expected.Length} bytes{(isTainted ? ", tainted listener" : "")}: all whole");
    }

    [Fact]
    public async Task A_listener_that_a_worker_broke_is_mended()
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path));

        // Ends listening for every process that shares the socket, as a disposal with close-on-exec may.
        server.Supervisor.Listener.Socket.Shutdown(SocketShutdown.Both);
        await SupervisedServer.UntilAsync(
            () => SocketState.IsListening(server.Supervisor.Listener.Socket), () => server.Log);
        Assert.NotEmpty(await SupervisedServer.Client.GetStringAsync(server.Url));
        Assert.Contains("listens again", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stopped_worker_answers_what_it_has_and_ends_its_streams_at_once()
    {
        using TemporaryFolder folder = new();
        await using SupervisedServer server = await SupervisedServer.StartAsync(
            SupervisedServer.OwnServer(folder.Path));
        int worker = server.Supervisor.WorkerProcessId;
        using HttpClient client = new();
        HttpResponseMessage[] streams = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ =>
            client.GetAsync($"{server.Url}/clock", HttpCompletionOption.ResponseHeadersRead)));
        Task<string>[] slow = [.. Enumerable.Range(0, 5).Select(_ =>
            client.GetStringAsync($"{server.Url}/slow?milliseconds=1000"))];
        await Task.Delay(300);
        long start = Stopwatch.GetTimestamp();
        await server.NextAsync(() => Posix.SignalGroup(worker, Posix.Terminate));
        Assert.All(await Task.WhenAll(slow), text => Assert.Equal("1000 ms later", text));
        await SupervisedServer.UntilAsync(() => !DevProcess.IsRunning(worker), () => server.Log);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Note($"SIGTERM with 20 streams and 5 requests of 1 s: gone after {seconds:F2} s");
        Assert.True(seconds < (IsFull ? 1.5 : 10), $"{seconds} s\n{server.Log}");
        Array.ForEach(streams, stream => stream.Dispose());
    }

    // As slow as a phone: a small window, and pauses, so that it is under way when the worker is told to end.
    private static async Task<byte[]> DownloadSlowlyAsync(string url, int lengthBytes)
    {
        using SocketsHttpHandler handler = new()
        {
            ConnectCallback = async (context, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                {
                    ReceiveBufferSize = 16 << 10,
                };
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        using HttpClient client = new(handler);
        using HttpResponseMessage response = await client.GetAsync(
            $"{url}/lines?count={DownloadLines}", HttpCompletionOption.ResponseHeadersRead);
        await using Stream body = await response.Content.ReadAsStreamAsync();
        byte[] got = new byte[lengthBytes];
        int length = 0;
        int pauseAt = 0;
        while (length < got.Length && await body.ReadAsync(got.AsMemory(length)) is int read and > 0)
        {
            length += read;
            if (length > pauseAt)
            {
                pauseAt = length + (lengthBytes / 40);
                await Task.Delay(50);
            }
        }

        return got[..length];
    }

    // ./test prints lines that begin so.
    private static void Note(string text) => Console.WriteLine($"note: {text}");
}
