using System.CommandLine;
using Polder.Server;

namespace Polder.Cli;

/// <summary><c>serve</c>: the pages of a folder, on a socket that was passed or on one of its own.</summary>
internal static class ServeCommand
{
    public const string Name = "serve";

    public static Command Create(Terminal terminal)
    {
        ServerOptions server = new();
        Option<bool> live = new("--live")
        {
            Description = "Open pages change by themselves; drafts are shown.",
        };
        Option<bool> standIn = new("--stand-in")
        {
            Description = "Answer every request with why the newest code does not run (what dev does by itself).",
            Hidden = true,
        };
        Command command = new(Name, "Serve the pages of a folder (also under a systemd .socket unit).")
        {
            server.Folder, server.Warehouse, server.Port, live, standIn,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            ServeOptions options = new()
            {
                Folder = server.FolderOf(parsed),
                Warehouse = parsed.GetValue(server.Warehouse),
                Port = server.PortOf(parsed),
                Live = parsed.GetValue(live),
                StandsIn = parsed.GetValue(standIn),
            };
            await PolderServer.ServeAsync(
                options,
                address =>
                {
                    terminal.Text.WriteLine(address);
                    terminal.Text.Flush();
                },
                cancellationToken).ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
