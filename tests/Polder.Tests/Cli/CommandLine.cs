using System;
using System.Diagnostics;
using System.IO;
using System.Text;
using System.Threading.Tasks;
using Polder.Cli;

namespace Polder.Tests.Cli;

/// <summary>What a command said and how it ended.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>Runs the command line inside the test, or as a process of its own.</summary>
internal static class CommandLine
{
    /// <summary>The built program.</summary>
    public static string Program { get; } = Path.Combine(
        AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "Polder.Cli.exe" : "Polder.Cli");

    /// <summary>In this process: output and messages redirected, no terminal.</summary>
    public static Task<CommandResult> RunAsync(params string[] arguments) => RunAsync(Stream.Null, arguments);

    /// <summary>In this process, with standard input.</summary>
    public static async Task<CommandResult> RunAsync(Stream input, params string[] arguments)
    {
        using MemoryStream output = new();
        StringWriter error = new();
        int code;
        using (Terminal terminal = new(input, output, error, isOutputTerminal: false, isErrorTerminal: false))
        {
            code = await PolderCommand.RunAsync(arguments, terminal);
        }

        return new CommandResult(code, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }

    /// <summary>As a process, in a folder.</summary>
    public static async Task<CommandResult> RunProcessAsync(string folder, params string[] arguments)
    {
        using Process process = Start(folder, arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new CommandResult(process.ExitCode, await output, await error);
    }

    /// <summary>Starts a process, output and messages redirected.</summary>
    public static Process Start(string folder, params string[] arguments)
    {
        ProcessStartInfo start = new(Program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        return Process.Start(start)!;
    }
}
