using System;
using System.IO;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Server.Hosting;

/// <summary>
/// Standard input as the line to a supervisor: that it ends means that the supervisor has gone, so the worker goes too;
/// each line of it is one JSON object of news. Only where the environment says that a supervisor holds the other end.
/// </summary>
internal sealed class SupervisorLine
{
    /// <summary>Set by a supervisor for its workers.</summary>
    public const string Variable = "POLDER_SUPERVISOR";

    private readonly Lock _lock = new();
    private Action<string?>? _changed;
    private string? _failure;

    /// <summary>Whether a supervisor started this process.</summary>
    public static bool IsPresent => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable));

    /// <summary>
    /// Why the newest code does not run: what the worker that was to take over wrote before it died. Null when all is
    /// well. This process goes on serving with what it was started with.
    /// </summary>
    public string? Failure
    {
        get
        {
            lock (_lock)
            {
                return _failure;
            }
        }
    }

    /// <summary>Calls back with the failure whenever it changes, null when it is mended.</summary>
    public event Action<string?> Changed
    {
        add
        {
            lock (_lock)
            {
                _changed += value;
            }
        }

        remove
        {
            lock (_lock)
            {
                _changed -= value;
            }
        }
    }

    /// <summary>One line of news as JSON: <c>{"error":"…"}</c>, null for none.</summary>
    public static string Format(string? failure) => JsonSerializer.Serialize(
        new SupervisorNews(failure), SupervisorNewsContext.Default.SupervisorNews);

    /// <summary>Listens, where there is a supervisor; <paramref name="ended"/> is called when it has gone.</summary>
    public void Listen(Action ended)
    {
        if (!IsPresent)
        {
            return;
        }

        // Its own thread: reading standard input blocks until the supervisor speaks or goes.
        Task.Factory.StartNew(
            () => Listen(Console.OpenStandardInput(), ended),
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
    }

    /// <summary>Reads news until the input ends.</summary>
    internal void Listen(Stream input, Action ended)
    {
        try
        {
            using StreamReader reader = new(input, Encoding.UTF8);
            while (reader.ReadLine() is string line)
            {
                Take(line);
            }
        }
        catch (IOException)
        {
            // The same as its end.
        }

        ended();
    }

    private void Take(string line)
    {
        SupervisorNews? news;
        try
        {
            news = JsonSerializer.Deserialize(line, SupervisorNewsContext.Default.SupervisorNews);
        }
        catch (JsonException)
        {
            // A newer supervisor may say what this worker does not know.
            return;
        }

        Action<string?>? changed;
        lock (_lock)
        {
            _failure = news?.Error;
            changed = _changed;
        }

        changed?.Invoke(news?.Error);
    }
}
