using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json;
using System.Threading.Tasks;
using Polder.Tests.Cli;

namespace Polder.Tests.Server.Supervisor;

/// <summary><c>polder dev</c> as a process.</summary>
internal sealed class DevProcess : IAsyncDisposable
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _log = [];

    private DevProcess(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) => _log.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
    }

    public string Url { get; private set; } = "";

    public int Id => _process.Id;

    public string Log => string.Join('\n', _log);

    public static Task<DevProcess> StartAsync(params string[] arguments) =>
        StartAsync(new ProcessStartInfo(CommandLine.Program, ["dev", .. arguments, "--port", "0"]));

    public static async Task<DevProcess> StartAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        DevProcess dev = new(Process.Start(start)!);
        dev.Url = await dev._process.StandardOutput.ReadLineAsync().WaitAsync(Longest) ??
            throw new InvalidOperationException($"dev ended without an address\n{dev.Log}");
        return dev;
    }

    /// <summary>The body of a page, whatever its status, over a connection of its own.</summary>
    public async Task<string> GetAsync(string path = "/")
    {
        using HttpClient client = new() { Timeout = Longest };
        using HttpResponseMessage response = await client.GetAsync(Url + path);
        return await response.Content.ReadAsStringAsync();
    }

    public async Task<int> WorkerAsync()
    {
        using JsonDocument status = JsonDocument.Parse(await GetAsync("/_polder/status"));
        return status.RootElement.GetProperty("workerPid").GetInt32();
    }

    /// <summary>Asks until the page says what it should.</summary>
    public async Task<string> UntilAsync(Func<string, bool> holds, string path = "/")
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            string text = await GetAsync(path);
            if (holds(text))
            {
                return text;
            }

            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                throw new TimeoutException($"{text}\n{Log}");
            }

            await Task.Delay(20);
        }
    }

    /// <summary>Kills the supervisor alone.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Waits until no process of a command line is left; the seconds it took.</summary>
    public static async Task<double> GoneAsync(string commandLine)
    {
        long start = Stopwatch.GetTimestamp();
        while (Running(commandLine).Any())
        {
            if (Stopwatch.GetElapsedTime(start) > Longest)
            {
                throw new TimeoutException($"{string.Join(' ', Running(commandLine))} still run");
            }

            await Task.Delay(10);
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Whether a process runs; one that only waits to be noticed by its parent does not.</summary>
    public static bool IsRunning(int process)
    {
        try
        {
            string text = File.ReadAllText($"/proc/{process}/stat");
            return text[text.LastIndexOf(')') + 2] != 'Z';
        }
        catch (IOException)
        {
            return false;
        }
    }

    /// <summary>The processes whose command line contains a text.</summary>
    public static IEnumerable<int> Running(string commandLine)
    {
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            string text = "";
            try
            {
                text = File.ReadAllText(Path.Combine(folder, "cmdline"));
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // No process, or one that has just ended.
            }

            if (text.Contains(commandLine, StringComparison.Ordinal))
            {
                yield return int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            using Process kill = Process.Start("/bin/kill", ["-TERM", $"{_process.Id}"]);
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(Longest);
        _process.Dispose();
    }
}
