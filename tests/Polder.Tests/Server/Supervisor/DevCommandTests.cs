using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading.Tasks;
using Polder.Server.Supervisor;
using Polder.Server.Supervisor.Native;
using Polder.Tests.Cli;
using Xunit;

namespace Polder.Tests.Server.Supervisor;

/// <summary><c>polder dev</c> and <c>polder serve</c> as somebody runs them.</summary>
[Trait("Speed", "Slow")]
[Collection(nameof(RestartTests))]
public sealed class DevCommandTests
{
    // A server of few lines that knows the protocol: the passed socket, READY=1, news on its input, SIGTERM.
    private const string Python = """
        import os, signal, socket, sys, threading
        news = ["none"]
        def listen():
            for line in sys.stdin:
                news[0] = line.strip()
        threading.Thread(target=listen, daemon=True).start()
        listener = socket.fromfd(int(os.environ.get("LISTEN_FDS_FIRST_FD", "3")), socket.AF_INET, socket.SOCK_STREAM)
        listener.settimeout(0.05)
        stopped = []
        signal.signal(signal.SIGTERM, lambda *_: stopped.append(1))
        def ready():
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notice:
                notice.sendto(b"READY=1", os.environ["NOTIFY_SOCKET"].replace("@", "\0", 1))
        def answer(connection):
            connection.recv(65536)
            body = ("VERSION pid %d news %s" % (os.getpid(), news[0])).encode()
            connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
        READY
        while not stopped:
            try:
                connection, _ = listener.accept()
            except (TimeoutError, BlockingIOError):
                continue
            with connection:
                answer(connection)
        """;

    private static bool HasPython => File.Exists("/usr/bin/python3") || HasOnPath("python3");

    [Fact]
    public async Task A_page_is_there_when_the_address_is_printed()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        Assert.StartsWith("http://127.0.0.1:", dev.Url);
        int worker = await dev.WorkerAsync();
        Assert.NotEqual(dev.Id, worker);
        Assert.Contains("\"version\":", await dev.GetAsync("/_polder/status"));
    }

    [Fact]
    public async Task A_killed_supervisor_takes_its_worker_with_it_and_frees_the_port()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        int worker = await dev.WorkerAsync();
        long start = Stopwatch.GetTimestamp();
        dev.Kill();
        await SupervisedServer.UntilAsync(() => !DevProcess.IsRunning(worker), () => dev.Log);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.WriteLine($"note: supervisor killed: worker gone after {seconds:F2} s");
        Assert.True(seconds < 3, $"{seconds} s");
        using Socket free = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, new Uri(dev.Url).Port));
    }

    [Fact]
    public async Task Settings_that_ask_for_a_restart_get_one_and_others_do_not()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        int worker = await dev.WorkerAsync();
        await File.WriteAllTextAsync(folder["polder.json"], """{ "title": "Notes" }""");
        await File.WriteAllTextAsync(folder["page.md"], "text");
        await Task.Delay(1000);
        Assert.Equal(worker, await dev.WorkerAsync());
        await File.WriteAllTextAsync(folder["polder.json"], """{ "title": "Notes", "warehouse": "lake" }""");
        await SupervisedServer.UntilAsync(() => dev.WorkerAsync().GetAwaiter().GetResult() != worker, () => dev.Log);
    }

    [Fact]
    public async Task Restarts_leave_no_descriptor_and_no_process_behind()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        int[] counts = new int[6];
        for (int restart = 0; restart < counts.Length; restart++)
        {
            int worker = await dev.WorkerAsync();
            await File.WriteAllTextAsync(folder["polder.json"], $$"""{ "warehouse": "lake{{restart}}" }""");
            await SupervisedServer.UntilAsync(() => !DevProcess.IsRunning(worker), () => dev.Log);
            await Task.Delay(200);
            counts[restart] = Directory.GetFiles($"/proc/{dev.Id}/fd").Length;
        }

        Assert.True(counts[^1] <= counts[1], string.Join(' ', counts));
    }

    [Fact]
    public async Task A_second_server_on_a_folder_is_told_where_the_first_one_is()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        CommandResult second = await CommandLine.RunProcessAsync(
            folder.Path, "dev", folder.Path, "--port", "0");
        Assert.Equal(1, second.ExitCode);
        Assert.Equal(
            $"polder: error: another polder dev serves '{folder.Path}' at {dev.Url} (process {dev.Id}); " +
            "use that one, or end it first\n",
            second.Error);
    }

    [Theory]
    [InlineData("dev")]
    [InlineData("serve")]
    public async Task A_taken_port_is_named(string verb)
    {
        using TemporaryFolder folder = new();
        using Socket other = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        int port = ((IPEndPoint)other.LocalEndPoint!).Port;
        CommandResult result = await CommandLine.RunProcessAsync(folder.Path, verb, folder.Path, "--port", $"{port}");
        Assert.Equal(1, result.ExitCode);
        Assert.StartsWith($"polder: error: port {port} is taken by another program", result.Error);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries), line => line.Contains("error"));
    }

    [Fact]
    public async Task A_socket_unit_of_systemd_hands_its_socket_to_serve()
    {
        const string Activate = "/usr/bin/systemd-socket-activate";
        Assert.SkipUnless(File.Exists(Activate), "no systemd-socket-activate here");
        using TemporaryFolder folder = new();
        int port = SharedListener.FreePort(IPAddress.Loopback);
        using Process unit = Process.Start(new ProcessStartInfo(
            Activate, ["--listen", $"127.0.0.1:{port}", CommandLine.Program, "serve", folder.Path])
        {
            RedirectStandardError = true,
            RedirectStandardInput = true,
        })!;

        // It starts the program at the first connection, and replaces itself by it.
        await SupervisedServer.UntilAsync(
            () => unit.StandardError.ReadLine()?.Contains("Listening") != false, () => "");
        using HttpClient client = new();
        string status = await client.GetStringAsync($"http://127.0.0.1:{port}/_polder/status");
        Assert.Contains($"\"workerPid\":{unit.Id},", status);
        unit.Kill();
        await unit.WaitForExitAsync();
    }

    [Fact]
    public async Task A_strangers_host_or_origin_is_refused()
    {
        using TemporaryFolder folder = new();
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path);
        using HttpClient client = new();
        Assert.Equal(HttpStatusCode.MisdirectedRequest, await AskAsync(client, dev.Url, "Host", "evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(client, dev.Url, "Origin", "http://evil.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(client, dev.Url, "Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(client, dev.Url, "Origin", dev.Url));
    }

    [Fact]
    public async Task A_worker_of_a_parent_that_ignores_signals_still_drains()
    {
        using TemporaryFolder folder = new();
        ProcessStartInfo start = new("/bin/sh",
            ["-c", "trap '' INT QUIT; exec \"$0\" \"$@\"", CommandLine.Program, "dev", folder.Path, "--port", "0"]);
        await using DevProcess dev = await DevProcess.StartAsync(start);
        int worker = await dev.WorkerAsync();
        Posix.SignalGroup(worker, 2);
        await SupervisedServer.UntilAsync(() => !DevProcess.IsRunning(worker), () => dev.Log);
        Assert.NotEqual(worker, await dev.WorkerAsync());
    }

    [Fact]
    public async Task A_program_that_cannot_start_is_told_in_the_page_until_it_can()
    {
        using TemporaryFolder folder = new();
        await File.WriteAllTextAsync(folder["run.sh"], "echo 'line 7: <boom>' >&2; exit 3");
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path, "--exec", "sh run.sh");
        string page = await dev.UntilAsync(text => text.Contains("boom", StringComparison.Ordinal));
        Assert.Contains("ended with exit code 3", page);
        Assert.Contains("line 7: &lt;boom&gt;", page);
        string program = Path.Combine(AppContext.BaseDirectory, "OwnServer");
        await File.WriteAllTextAsync(folder["run.sh"], $"exec {program}");
        await dev.UntilAsync(text => int.TryParse(text, CultureInfo.InvariantCulture, out _));
    }

    [Fact]
    public async Task A_program_in_another_language_takes_the_socket_and_hears_why_the_next_one_died()
    {
        Assert.SkipUnless(HasPython, "no python3 here");
        using TemporaryFolder folder = new();
        await WritePythonAsync(folder, "one", "ready()");

        // A shell stays in between.
        await using DevProcess dev = await DevProcess.StartAsync(folder.Path, "--exec", "python3 server.py; true");
        string first = await dev.GetAsync();
        Assert.StartsWith("one pid", first);
        Assert.EndsWith("news none", first);

        await WritePythonAsync(folder, "two", "raise SystemExit('a mistake in two')");
        string told = await dev.UntilAsync(text => !text.EndsWith("news none", StringComparison.Ordinal));
        Assert.StartsWith(first[..first.IndexOf(" news", StringComparison.Ordinal)], told);
        Assert.Contains("a mistake in two", told);

        await WritePythonAsync(folder, "three", "ready()");
        string third = await dev.UntilAsync(text => text.StartsWith("three", StringComparison.Ordinal));
        Assert.EndsWith("news none", third);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_behind_a_shell_is_no_orphan(bool isKilled)
    {
        Assert.SkipUnless(HasPython, "no python3 here");
        using TemporaryFolder folder = new();

        // It neither says that it is ready nor reads its input.
        await WritePythonAsync(folder, "quiet", "pass");
        string script = folder["server.py"];
        DevProcess dev = await DevProcess.StartAsync(folder.Path, "--exec", $"python3 {script}; true");
        Assert.StartsWith("quiet pid", await dev.GetAsync());
        Assert.NotEmpty(DevProcess.Running(script));
        if (isKilled)
        {
            dev.Kill();
        }

        await dev.DisposeAsync();
        double seconds = await DevProcess.GoneAsync(script);
        Assert.True(seconds < 4, $"{seconds} s");
    }

    private static async Task WritePythonAsync(TemporaryFolder folder, string version, string ready)
    {
        await File.WriteAllTextAsync(
            folder["server.py.new"],
            Python.Replace("VERSION", version, StringComparison.Ordinal)
                .Replace("READY\n", ready + "\n", StringComparison.Ordinal));
        File.Move(folder["server.py.new"], folder["server.py"], overwrite: true);
    }

    private static async Task<HttpStatusCode> AskAsync(HttpClient client, string url, string header, string value)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, url + "/_polder/status");
        request.Headers.TryAddWithoutValidation(header, value);
        using HttpResponseMessage response = await client.SendAsync(request);
        return response.StatusCode;
    }

    private static bool HasOnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));
}
