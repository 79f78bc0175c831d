using System.CommandLine;
using System.IO;
using Polder.Server.Site;

namespace Polder.Cli;

/// <summary><c>new blog|report DIR</c>: a folder of pages to start from.</summary>
internal static class NewCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> kind = new("KIND") { Description = "blog, or report (with a table)." };
        kind.AcceptOnlyFromAmong([.. Starter.Kinds]);
        Argument<string> folder = new("DIR") { Description = "The folder to make." };
        Command command = new("new", "Make a folder of pages to start from; then run 'polder dev DIR'.")
        {
            kind, folder,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string path = parsed.GetValue(folder)!;
            foreach (string written in await Starter.WriteAsync(
                parsed.GetValue(kind)!, Path.GetFullPath(path), cancellationToken).ConfigureAwait(false))
            {
                await terminal.Text.WriteLineAsync(Path.Combine(path, written)).ConfigureAwait(false);
            }

            await terminal.Error.WriteLineAsync($"Now run: polder dev {path}").ConfigureAwait(false);
            return ExitCode.Done;
        });
        return command;
    }
}
