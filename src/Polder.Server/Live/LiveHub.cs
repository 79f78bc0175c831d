using System;
using System.Collections.Generic;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;

namespace Polder.Server.Live;

/// <summary>
/// The event streams of the browsers that look on, one each. Announcements are small: each tab asks for its own patch.
/// </summary>
internal sealed class LiveHub(TimeProvider time)
{
    private const int MostStreams = 64;
    private const int MostWaiting = 256;
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(15);

    private readonly Lock _lock = new();
    private readonly HashSet<Channel<string>> _streams = [];

    /// <summary>How many browsers look on.</summary>
    public int StreamCount
    {
        get
        {
            lock (_lock)
            {
                return _streams.Count;
            }
        }
    }

    /// <summary>Sends an event to every browser. One that does not keep up is told to ask for everything.</summary>
    public void Send(string name, Action<Utf8JsonWriter> write)
    {
        string message = Format(name, write);
        lock (_lock)
        {
            foreach (Channel<string> stream in _streams)
            {
                if (!stream.Writer.TryWrite(message))
                {
                    stream.Writer.TryComplete();
                }
            }
        }
    }

    /// <summary>Holds a browser's stream open until it goes, or the server stops.</summary>
    /// <param name="context">The request.</param>
    /// <param name="hello">What the browser is told first.</param>
    /// <param name="problem">What is wrong with the server, told next; null = nothing.</param>
    /// <param name="stopping">The server stops.</param>
    public async Task StreamAsync(
        HttpContext context,
        Action<Utf8JsonWriter> hello,
        Action<Utf8JsonWriter>? problem,
        CancellationToken stopping)
    {
        Channel<string> stream = Channel.CreateBounded<string>(
            new BoundedChannelOptions(MostWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        lock (_lock)
        {
            if (_streams.Count >= MostStreams || stopping.IsCancellationRequested)
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return;
            }

            _streams.Add(stream);
        }

        try
        {
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            await WriteAsync(context, "retry: 100\n\n" + Format("hello", hello) +
                (problem is null ? "" : Format("error", problem))).ConfigureAwait(false);
            await PumpAsync(context, stream.Reader, stopping).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The browser has gone.
        }
        finally
        {
            lock (_lock)
            {
                _streams.Remove(stream);
            }
        }
    }

    private async Task PumpAsync(HttpContext context, ChannelReader<string> messages, CancellationToken stopping)
    {
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(
            context.RequestAborted, stopping);
        Task<bool> waiting = messages.WaitToReadAsync(end.Token).AsTask();
        Task idle = Task.Delay(KeepAlive, time, end.Token);
        while (true)
        {
            Task first = await Task.WhenAny(waiting, idle).ConfigureAwait(false);
            if (end.IsCancellationRequested)
            {
                break;
            }

            if (first == idle)
            {
                await WriteAsync(context, ": still here\n\n").ConfigureAwait(false);
                idle = Task.Delay(KeepAlive, time, end.Token);
                continue;
            }

            if (!await waiting.ConfigureAwait(false))
            {
                break;
            }

            while (messages.TryRead(out string? message))
            {
                await WriteAsync(context, message).ConfigureAwait(false);
            }

            waiting = messages.WaitToReadAsync(end.Token).AsTask();
        }

        if (!context.RequestAborted.IsCancellationRequested)
        {
            await WriteAsync(context, Format("bye", _ => { })).ConfigureAwait(false);
        }
    }

    private static async Task WriteAsync(HttpContext context, string message)
    {
        await context.Response.WriteAsync(message, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private static string Format(string name, Action<Utf8JsonWriter> write)
    {
        System.Buffers.ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return $"event: {name}\ndata: {Encoding.UTF8.GetString(buffer.WrittenSpan)}\n\n";
    }
}
