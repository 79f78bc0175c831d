using System;
using System.Collections.Concurrent;
using System.Diagnostics;
using System.IO;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using Xunit;

namespace Polder.Tests.Server;

/// <summary>Debian's Chromium without a window, spoken to by its own protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Program = "/usr/bin/chromium";

    private static readonly string[] Arguments =
    [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
        "--disable-background-timer-throttling", "--disable-renderer-backgrounding",
        "--disable-backgrounding-occluded-windows", "--hide-scrollbars", "--remote-debugging-port=0", "about:blank",
    ];

    private readonly Process _process;
    private readonly TemporaryFolder _profile;
    private readonly ClientWebSocket _socket = new();
    private readonly SemaphoreSlim _sending = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonNode>> _waiting = new();
    private int _lastId;

    private Chromium(Process process, TemporaryFolder profile)
    {
        _process = process;
        _profile = profile;
    }

    /// <summary>Starts it; skips the test where it is not installed, which with CI=true is a failure.</summary>
    public static async Task<Chromium> StartAsync()
    {
        if (!File.Exists(Program))
        {
            Assert.False(Environment.GetEnvironmentVariable("CI") == "true", "Chromium is not installed");
            Assert.Skip("Chromium is not installed: apt-get install chromium");
        }

        TemporaryFolder profile = new();
        ProcessStartInfo start = new(Program, Arguments)
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.ArgumentList.Insert(0, $"--user-data-dir={profile.Path}");
        Process process = Process.Start(start)!;
        Chromium chromium = new(process, profile);
        string? line;
        do
        {
            line = await process.StandardError.ReadLineAsync() ?? throw new IOException("Chromium ended at once");
        }
        while (!line.Contains("DevTools listening on ", StringComparison.Ordinal));
        _ = process.StandardError.ReadToEndAsync();
        await chromium._socket.ConnectAsync(new Uri(line[line.IndexOf("ws://", StringComparison.Ordinal)..]), default);
        _ = chromium.ReceiveAsync();
        return chromium;
    }

    /// <summary>A new tab that has loaded an address.</summary>
    public async Task<Tab> OpenAsync(string url, int width = 1200, int height = 800)
    {
        JsonNode target = await SendAsync(
            "Target.createTarget", new() { ["url"] = "about:blank", ["newWindow"] = true });
        JsonNode session = await SendAsync("Target.attachToTarget", new()
        {
            ["targetId"] = (string)target["targetId"]!,
            ["flatten"] = true,
        });
        Tab tab = new(this, (string)target["targetId"]!, (string)session["sessionId"]!);
        await tab.SendAsync("Emulation.setDeviceMetricsOverride", new()
        {
            ["width"] = width,
            ["height"] = height,
            ["deviceScaleFactor"] = 1,
            ["mobile"] = false,
        });
        await tab.SendAsync("Page.navigate", new() { ["url"] = url });
        await tab.WaitAsync("document.readyState === 'complete' && location.href !== 'about:blank'");
        return tab;
    }

    public async Task<JsonNode> SendAsync(string method, JsonObject parameters, string? session = null)
    {
        int id = Interlocked.Increment(ref _lastId);
        TaskCompletionSource<JsonNode> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[id] = answer;
        JsonObject message = new() { ["id"] = id, ["method"] = method, ["params"] = parameters };
        if (session is not null)
        {
            message["sessionId"] = session;
        }

        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(
                Encoding.UTF8.GetBytes(message.ToJsonString()), WebSocketMessageType.Text, true, default);
        }
        finally
        {
            _sending.Release();
        }

        return await answer.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
        for (int attempt = 0; ; attempt++)
        {
            try
            {
                _profile.Dispose();
                return;
            }
            catch (IOException) when (attempt < 20)
            {
                // A child still writes its last file.
                await Task.Delay(50);
            }
        }
    }

    private async Task ReceiveAsync()
    {
        byte[] buffer = new byte[1 << 16];
        using MemoryStream message = new();
        try
        {
            while (true)
            {
                WebSocketReceiveResult part = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer), default);
                part = part.MessageType == WebSocketMessageType.Close ? throw new WebSocketException() : part;
                message.Write(buffer, 0, part.Count);
                if (!part.EndOfMessage)
                {
                    continue;
                }

                JsonNode parsed = JsonNode.Parse(message.ToArray())!;
                message.SetLength(0);
                if (parsed["id"] is JsonNode id &&
                    _waiting.TryRemove((int)id, out TaskCompletionSource<JsonNode>? waiting))
                {
                    if (parsed["error"] is JsonNode error)
                    {
                        waiting.SetException(new IOException(error.ToJsonString()));
                    }
                    else
                    {
                        waiting.SetResult(parsed["result"]!);
                    }
                }
            }
        }
        catch (Exception error) when (
            error is WebSocketException or ObjectDisposedException or OperationCanceledException)
        {
            foreach (TaskCompletionSource<JsonNode> waiting in _waiting.Values)
            {
                waiting.TrySetException(new IOException("Chromium has gone"));
            }
        }
    }

    /// <summary>One page in the browser.</summary>
    internal sealed class Tab(Chromium browser, string target, string session)
    {
        public Task<JsonNode> SendAsync(string method, JsonObject parameters) =>
            browser.SendAsync(method, parameters, session);

        /// <summary>The value of an expression; promises are waited for.</summary>
        public async Task<T> EvaluateAsync<T>(string expression)
        {
            JsonNode answer = await SendAsync("Runtime.evaluate", new()
            {
                ["expression"] = expression,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
                ["userGesture"] = true,
            });
            Assert.True(answer["exceptionDetails"] is null, answer["exceptionDetails"]?.ToJsonString());
            return answer["result"]!["value"] is JsonNode value ? value.Deserialize<T>()! : default!;
        }

        /// <summary>Waits until an expression is true.</summary>
        public async Task WaitAsync(string expression, int seconds = 10)
        {
            bool holds = await EvaluateAsync<bool>(
                $$"""
                new Promise((done) => {
                  const end = performance.now() + {{seconds * 1000}};
                  const look = () => { let holds = false; try { holds = !!({{expression}}); } catch {}
                    if (holds || performance.now() > end) done(holds); else setTimeout(look, 5); };
                  look();
                })
                """);
            Assert.True(holds, $"it never became true: {expression}\n" +
                await EvaluateAsync<string>("document.documentElement.outerHTML.slice(0, 4000)"));
        }

        /// <summary>A PNG of the whole page.</summary>
        public async Task<byte[]> PictureAsync(bool dark = false, bool whole = true)
        {
            await SendAsync("Emulation.setEmulatedMedia", new()
            {
                ["features"] = new JsonArray(new JsonObject
                {
                    ["name"] = "prefers-color-scheme",
                    ["value"] = dark ? "dark" : "light",
                }),
            });
            JsonNode picture = await SendAsync("Page.captureScreenshot", new()
            {
                ["format"] = "png",
                ["captureBeyondViewport"] = whole,
            });
            return Convert.FromBase64String((string)picture["data"]!);
        }

        public Task CloseAsync() => browser.SendAsync("Target.closeTarget", new() { ["targetId"] = target });
    }
}
