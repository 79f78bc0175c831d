using System;
using System.Diagnostics;
using System.IO;
using Polder.Delta;

namespace Polder.Cli;

/// <summary>An exception as the one line that a person at a shell needs.</summary>
internal sealed record Failure(string Message, int ExitCode)
{
    private const int BrokenPipe = 32;

    /// <summary>The line and the exit code for an exception.</summary>
    public static Failure From(Exception error) => error switch
    {
        OperationCanceledException => new Failure("cancelled", Cli.ExitCode.Cancelled),
        UsageException => new Failure(error.Message, Cli.ExitCode.Usage),
        ConcurrentModificationException => new Failure(OneLine(error.Message), Cli.ExitCode.Conflict),
        QueryFailure query => new Failure(
            $"[{query.Condition}] {OneLine(query.Message)}" + (query.Place is null ? "" : "\n" + query.Place),
            Cli.ExitCode.Failed),
        UnreachableException => new Failure(error.Message, Cli.ExitCode.Failed),
        _ => new Failure(OneLine(error.Message), Cli.ExitCode.Failed),
    };

    /// <summary>Whether the reader of a pipe went away.</summary>
    public static bool IsClosedPipe(IOException error) =>
        (error.HResult & 0xffff) == BrokenPipe || error.Message.Contains("Broken pipe", StringComparison.Ordinal);

    private static string OneLine(string message) => message.ReplaceLineEndings(" ");
}

/// <summary>Options that contradict each other or do not fit the table: the caller's to mend.</summary>
internal sealed class UsageException(string message) : Exception(message);
