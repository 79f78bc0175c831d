using System.CommandLine;
using System.IO;

namespace Polder.Cli.Output;

/// <summary>How rows are to be written.</summary>
/// <param name="Format">One of <see cref="RowOptions.Formats"/>.</param>
/// <param name="File">Where to; null = standard output.</param>
/// <param name="Limit">At most so many rows; null = all.</param>
internal sealed record RowSettings(string Format, string? File, long? Limit);

/// <summary><c>--limit</c>, <c>--format</c> and <c>-o</c> of the verbs that give rows.</summary>
internal sealed class RowOptions
{
    public static readonly string[] Formats = ["table", "ndjson", "json", "csv", "tsv", "parquet", "arrow", "none"];

    public Option<long?> Limit { get; } = new("--limit")
    {
        Description = "At most so many rows.",
        HelpName = "N",
    };

    public Option<string> Format { get; } = CommonOptions.Format(
        "How rows are printed; table on a terminal, ndjson in a pipe, or what the file's extension says", Formats);

    public Option<string> Output { get; } = new("--output", "-o")
    {
        Description = "Write the rows to this file.",
        HelpName = "FILE",
    };

    public RowSettings Read(ParseResult parsed, Terminal terminal) => Read(parsed, terminal, parsed.GetValue(Format));

    public RowSettings Read(ParseResult parsed, Terminal terminal, string? asked)
    {
        string? file = parsed.GetValue(Output);
        string format = asked ?? OfExtension(file) ?? (terminal.IsOutputTerminal ? "table" : "ndjson");
        long? limit = parsed.GetValue(Limit);
        if (limit < 0)
        {
            throw new UsageException("--limit takes a number from 0");
        }

        return format == "parquet" && file is null
            ? throw new UsageException("parquet output needs a file: -o FILE")
            : new RowSettings(format, file, limit);
    }

    private static string? OfExtension(string? file)
    {
        if (file is null)
        {
            return null;
        }

        string extension = Path.GetExtension(file).TrimStart('.').ToLowerInvariant();
        return extension switch
        {
            "jsonl" => "ndjson",
            "arrows" or "feather" => "arrow",
            "ndjson" or "json" or "csv" or "tsv" or "parquet" or "arrow" => extension,
            _ => "ndjson",
        };
    }
}
