using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Cli;

/// <summary>The command line: one file per verb, one place for errors and exit codes.</summary>
internal static class PolderCommand
{
    private static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "With an error, print where it arose.",
        Recursive = true,
    };

    /// <summary>Runs a command line to its exit code.</summary>
    public static async Task<int> RunAsync(
        string[] arguments, Terminal terminal, CancellationToken cancellationToken = default)
    {
        ParseResult parsed = Create(terminal).Parse(arguments.Length == 0 ? ["--help"] : arguments);
        bool verbose = parsed.GetValue(Verbose);
        if (parsed.Errors.Count > 0)
        {
            await terminal.Error.WriteLineAsync($"polder: error: {parsed.Errors[0].Message}").ConfigureAwait(false);
            await terminal.Error.WriteLineAsync($"Try 'polder {Path(parsed)}--help'.").ConfigureAwait(false);
            return ExitCode.Usage;
        }

        try
        {
            InvocationConfiguration invocation = new()
            {
                EnableDefaultExceptionHandler = false,
                Output = terminal.Text,
                Error = terminal.Error,
            };
            int code = await parsed.InvokeAsync(invocation, cancellationToken).ConfigureAwait(false);
            await terminal.Text.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            return code;
        }
        catch (IOException error) when (Failure.IsClosedPipe(error))
        {
            // Whoever read our output has read enough.
            return ExitCode.Done;
        }
        catch (Exception error)
        {
            return await ReportAsync(error, terminal, verbose).ConfigureAwait(false);
        }
    }

    private static async Task<int> ReportAsync(Exception error, Terminal terminal, bool verbose)
    {
        try
        {
            // What was printed before the failure is the user's.
            await terminal.Text.FlushAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (IOException)
        {
            // The failure that is reported is the first one.
        }

        Failure failure = Failure.From(error);
        await terminal.Error.WriteLineAsync($"polder: error: {failure.Message}").ConfigureAwait(false);
        if (verbose)
        {
            await terminal.Error.WriteLineAsync(error.ToString()).ConfigureAwait(false);
        }

        return failure.ExitCode;
    }

    private static RootCommand Create(Terminal terminal)
    {
        RootCommand root = new("Delta Lake tables from the command line.")
        {
            Verbose,
        };
        root.HelpName = "polder";
        return root;
    }

    private static string Path(ParseResult parsed)
    {
        string path = "";
        for (CommandResult? at = parsed.CommandResult;
            at?.Command is not (null or RootCommand);
            at = at.Parent as CommandResult)
        {
            path = $"{at.Command.Name} {path}";
        }

        return path;
    }
}
