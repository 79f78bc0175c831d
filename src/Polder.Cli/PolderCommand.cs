using System;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Polder.Cli.Demo;
using Polder.Cli.Parquet;

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
            // A misspelt word is what is wrong, not the command that is missing for it.
            string message = parsed.UnmatchedTokens.Count > 0
                ? $"'{parsed.UnmatchedTokens[0]}' is not a command, an option or an argument here"
                : parsed.Errors[0].Message;
            await terminal.Error.WriteLineAsync($"polder: error: {message}").ConfigureAwait(false);
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
            if (parsed.CommandResult.Command.Name is ServeCommand.Name or DevCommand.Name)
            {
                // They end by their own rules: connections are drained first.
                invocation.ProcessTerminationTimeout = null;
            }

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
            DemoCommand.Create(terminal),
            CreateCommand.Create(terminal),
            AppendCommand.CreateAppend(terminal),
            AppendCommand.CreateOverwrite(terminal),
            ReadCommand.Create(terminal),
            SqlCommand.Create(terminal),
            DescribeCommand.Create(terminal),
            HistoryCommand.Create(terminal),
            FilesCommand.Create(terminal),
            ChangesCommand.Create(terminal),
            DiffCommand.Create(terminal),
            NewCommand.Create(terminal),
            ParquetCommand.Create(terminal),
            DevCommand.Create(terminal),
            ServeCommand.Create(terminal),
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
