using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Tests.Server.Supervisor;

/// <summary>
/// Clients that never pause: half of them open a connection for each request, half keep theirs. What fails is counted
/// by kind, and the longest wait remembered.
/// </summary>
internal sealed class LoadClients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, int> _failures = [];
    private readonly Task[] _clients;
    private long _requestCount;
    private long _worstTicks;

    public LoadClients(string url, int countOfEach)
    {
        _clients = [.. Enumerable.Range(0, 2 * countOfEach)
            .Select(index => RunAsync(url, keepsAlive: index % 2 == 0))];
    }

    public long RequestCount => Interlocked.Read(ref _requestCount);

    public double WorstMilliseconds => TimeSpan.FromTicks(Interlocked.Read(ref _worstTicks)).TotalMilliseconds;

    public IReadOnlyDictionary<string, int> Failures => _failures;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
        _stop.Dispose();
    }

    private async Task RunAsync(string url, bool keepsAlive)
    {
        using SocketsHttpHandler handler = new() { UseProxy = false };
        using HttpClient client = new(handler) { Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.ConnectionClose = !keepsAlive;
        while (!_stop.IsCancellationRequested)
        {
            long start = Stopwatch.GetTimestamp();
            try
            {
                using HttpResponseMessage response = await client.GetAsync(url);
                byte[] body = await response.Content.ReadAsByteArrayAsync();
                if (!response.IsSuccessStatusCode || body.Length == 0)
                {
                    Count($"status {(int)response.StatusCode}, {body.Length} bytes");
                }
            }
            catch (Exception error)
            {
                Count($"{(keepsAlive ? "kept" : "one shot")}: {error.GetBaseException().Message}");
            }

            Interlocked.Increment(ref _requestCount);
            long ticks = Stopwatch.GetElapsedTime(start).Ticks;
            for (long worst = _worstTicks; ticks > worst; worst = _worstTicks)
            {
                Interlocked.CompareExchange(ref _worstTicks, ticks, worst);
            }
        }
    }

    private void Count(string kind) => _failures.AddOrUpdate(kind, 1, (_, count) => count + 1);
}
