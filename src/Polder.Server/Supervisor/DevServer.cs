using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Server.Supervisor;

/// <summary>What <c>polder dev</c> runs.</summary>
internal sealed class DevOptions
{
    /// <summary>The folder of the site or of the program.</summary>
    public required string Folder { get; init; }

    /// <summary>Polder's own program and what comes before <c>serve</c>.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    public string? Warehouse { get; init; }

    public int Port { get; init; }

    /// <summary>A program of somebody else, as a shell's text; null = <c>polder serve</c>.</summary>
    public string? Exec { get; init; }

    public bool Pumps { get; init; }

    public required Action<string> Log { get; init; }

    public required Action<string> Announce { get; init; }
}

/// <summary>
/// A supervisor over one folder, restarted by changes of code: Polder's own, its settings', or a program's.
/// </summary>
internal static class DevServer
{
    /// <summary>Runs until the token ends it; <paramref name="kill"/> ends it without waiting.</summary>
    /// <exception cref="IOException">The port is taken, or another one serves the folder.</exception>
    public static async Task RunAsync(
        DevOptions options, CancellationToken kill, CancellationToken cancellationToken)
    {
        using FolderLock held = FolderLock.Take(options.Folder);
        SocketSupervisor supervisor = new(Supervision(options, held));
        await using (supervisor.ConfigureAwait(false))
        {
            using CodeWatch watch = Watch(options);
            if (watch.IsPolling)
            {
                options.Log("polder: no more folders can be watched; changes are looked for every second");
            }

            using CancellationTokenSource ended = new();
            Task watching = watch.RunAsync(() => supervisor.Restart("the code has changed"), ended.Token);
            using (kill.Register(supervisor.Kill))
            {
                await supervisor.RunAsync(cancellationToken).ConfigureAwait(false);
            }

            await ended.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private static SupervisorOptions Supervision(DevOptions options, FolderLock held) => new()
    {
        Command = options.Exec is null
            ? Serve(options, "--live")
            : WorkerCommand.Shell(options.Exec, options.Folder),
        CommandAtPort = options.Exec is null ? port => Serve(options, "--live", "--port", $"{port}") : null,
        StandIn = Serve(options, "--stand-in"),
        Port = options.Port,
        Pumps = options.Pumps,
        Log = options.Log,
        Announce = url =>
        {
            held.Say(url);
            options.Announce(url);
        },
    };

    private static WorkerCommand Serve(DevOptions options, params string[] more)
    {
        string[] warehouse = options.Warehouse is null ? [] : ["--warehouse", Path.GetFullPath(options.Warehouse)];
        return new WorkerCommand(
            [.. options.Program, "serve", options.Folder, .. warehouse, .. more], options.Folder, IsForeign: false);
    }

    private static CodeWatch Watch(DevOptions options)
    {
        if (options.Exec is not null)
        {
            return new CodeWatch(
                [(options.Folder, true)],
                () => CodeWatch.Fingerprint(CodeFiles.Sources(options.Folder)),
                TimeProvider.System);
        }

        string program = AppContext.BaseDirectory;
        string settings = CodeFiles.RestartSettings(options.Folder) ?? "";
        return new CodeWatch(
            [(program, false), (options.Folder, false)],
            () =>
            {
                settings = CodeFiles.RestartSettings(options.Folder) ?? settings;
                return CodeWatch.Fingerprint(CodeFiles.OwnProgram(program)) + settings;
            },
            TimeProvider.System);
    }
}
