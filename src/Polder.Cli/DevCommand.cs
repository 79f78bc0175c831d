using System;
using System.Collections.Generic;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Polder.Server.Supervisor;

namespace Polder.Cli;

/// <summary><c>dev</c>: a supervisor that owns the socket and restarts what serves on it.</summary>
internal static class DevCommand
{
    public const string Name = "dev";

    public static Command Create(Terminal terminal)
    {
        ServerOptions server = new();
        Option<string> exec = new("--exec")
        {
            Description = "Run this program in DIR instead of Polder's pages, restarted when its sources change; it " +
                "listens on the socket that LISTEN_FDS names.",
            HelpName = "COMMAND",
        };
        Option<bool> proxy = new("--proxy")
        {
            Description = "Copy bytes to the program's own port (PORT, ASPNETCORE_URLS) instead of passing the socket.",
        };
        Command command = new(Name, "Serve a folder while you work on it: what you change shows in the open page.")
        {
            server.Folder, server.Warehouse, server.Port, exec, proxy,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (OperatingSystem.IsWindows())
            {
                throw new UnsupportedFeatureException("dev on Windows", "'polder serve DIR --live' serves there");
            }

            using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using CancellationTokenSource kill = new();
            void OnSignal(PosixSignalContext signal)
            {
                signal.Cancel = true;
                (stop.IsCancellationRequested ? kill : stop).Cancel();
            }

            using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
            using PosixSignalRegistration end = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
            using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
            Lock output = new();
            DevOptions options = new()
            {
                Folder = server.FolderOf(parsed),
                Warehouse = parsed.GetValue(server.Warehouse),
                Port = server.PortOf(parsed),
                Exec = parsed.GetValue(exec),
                Pumps = parsed.GetValue(proxy),
                Program = OwnProgram(),
                Log = line =>
                {
                    lock (output)
                    {
                        terminal.Error.WriteLine(line);
                    }
                },
                Announce = url =>
                {
                    terminal.Text.WriteLine(url);
                    terminal.Text.Flush();
                },
            };
            await DevServer.RunAsync(options, kill.Token, stop.Token).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }

    // The same program again: by its own name, or by the runtime's with the assembly.
    private static List<string> OwnProgram()
    {
        string program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? [program, Path.Combine(AppContext.BaseDirectory, "Polder.Cli.dll")]
            : [program];
    }
}
