using System;
using System.IO;
using System.Text;
using Spectre.Console;

namespace Polder.Cli;

/// <summary>
/// Where a command reads and writes: data to <see cref="Output"/>, messages and progress to <see cref="Error"/>.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private const int NarrowestColumns = 40;

    private readonly StreamWriter _text;

    public Terminal(Stream input, Stream output, TextWriter error, bool isOutputTerminal, bool isErrorTerminal)
    {
        Input = input;
        Output = output;
        Error = error;
        IsOutputTerminal = isOutputTerminal;
        IsErrorTerminal = isErrorTerminal;
        _text = new StreamWriter(output, new UTF8Encoding(false), 1 << 16, leaveOpen: true);
    }

    /// <summary>Standard input.</summary>
    public Stream Input { get; }

    /// <summary>Standard output as bytes.</summary>
    public Stream Output { get; }

    /// <summary>Standard output as text; flushed at the end of the command.</summary>
    public TextWriter Text => _text;

    /// <summary>Standard error.</summary>
    public TextWriter Error { get; }

    /// <summary>Whether a person sees the output.</summary>
    public bool IsOutputTerminal { get; }

    /// <summary>Whether a person sees the messages: only then progress is shown.</summary>
    public bool IsErrorTerminal { get; }

    /// <summary>Columns of the terminal; 120 where there is none.</summary>
    public int WidthColumns { get; private init; } = 120;

    /// <summary>The console of this process. NO_COLOR is respected (no-color.org).</summary>
    public static Terminal OfThisProcess()
    {
        Console.OutputEncoding = new UTF8Encoding(false);
        bool isTerminal = !Console.IsOutputRedirected;
        return new Terminal(
            Console.OpenStandardInput(),
            Console.OpenStandardOutput(),
            Console.Error,
            isTerminal,
            !Console.IsErrorRedirected)
        {
            WidthColumns = isTerminal ? int.Max(NarrowestColumns, Console.WindowWidth) : 120,
        };
    }

    /// <summary>A console for tables and colours on the output.</summary>
    public IAnsiConsole OpenConsole()
    {
        bool plain = !IsOutputTerminal || !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            Out = new AnsiConsoleOutput(Text),
            Interactive = InteractionSupport.No,
        });
        console.Profile.Width = WidthColumns;
        return console;
    }

    public void Dispose() => _text.Dispose();
}
