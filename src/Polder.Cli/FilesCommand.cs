using System.Buffers;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Polder.Cli.Output;
using Polder.Delta;
using Polder.Expressions;
using Spectre.Console;

namespace Polder.Cli;

/// <summary><c>files TABLE</c>: the active files and, with a condition, which are skipped by what.</summary>
internal static class FilesCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        VersionOptions versions = new();
        Option<string> where = CommonOptions.Where();
        Option<double?> minimum = new("--min-pruning")
        {
            Description = "Fail (exit code 1) where the condition skips a smaller share of the files.",
            HelpName = "PERCENT",
        };
        Option<string> format = CommonOptions.Format("table for a person, ndjson for a program", "table", "ndjson");
        Command command = new("files", "List a table's files; with --where, which of them need not be read and why.")
        {
            table, where, minimum, versions.Version, versions.Timestamp, format,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            double? share = parsed.GetValue(minimum);
            string? condition = parsed.GetValue(where);
            if (share is not null && condition is null)
            {
                throw new UsageException("--min-pruning needs --where");
            }

            if (share is < 0 or > 100)
            {
                throw new UsageException("--min-pruning takes a percentage from 0 to 100");
            }

            DeltaTable opened = await DeltaTable.OpenAsync(parsed.GetValue(table)!, cancellationToken)
                .ConfigureAwait(false);
            Snapshot snapshot = await versions.SnapshotAsync(opened, parsed, cancellationToken).ConfigureAwait(false);
            TableScan scan = condition is null
                ? snapshot.Scan()
                : snapshot.Scan().Where(ExpressionAnalyzer.Analyze(condition, snapshot.Schema));
            IReadOnlyList<ScannedFile> files = await scan.ListFilesAsync(cancellationToken)
                .ConfigureAwait(false);
            Print(
                terminal, files, condition is not null,
                parsed.GetValue(format) ?? (terminal.IsOutputTerminal ? "table" : "ndjson"));
            return condition is null
                ? ExitCode.Done
                : await ConcludeAsync(terminal, scan, files, share, cancellationToken).ConfigureAwait(false);
        });
        return command;
    }

    private static async Task<int> ConcludeAsync(
        Terminal terminal,
        TableScan scan,
        IReadOnlyList<ScannedFile> files,
        double? minimumPercent,
        CancellationToken cancellationToken)
    {
        await terminal.Text.FlushAsync(cancellationToken).ConfigureAwait(false);
        await terminal.Error.WriteLineAsync(scan.Explain()).ConfigureAwait(false);
        double percent = files.Count == 0 ? 100 : 100.0 * files.Count(file => file.SkippedBy is not null) / files.Count;
        if (minimumPercent is not double wanted || percent >= wanted)
        {
            return ExitCode.Done;
        }

        await terminal.Error.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"polder: error: the condition skips {percent:F0} % of the files, {wanted:F0} % were asked for"))
            .ConfigureAwait(false);
        return ExitCode.Failed;
    }

    private static void Print(
        Terminal terminal, IReadOnlyList<ScannedFile> files, bool hasCondition, string format)
    {
        if (format == "ndjson")
        {
            foreach (ScannedFile file in files)
            {
                terminal.Text.WriteLine(ToJson(file, hasCondition));
            }

            return;
        }

        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("file", "rows", "size");
        table.Columns[1].RightAligned();
        table.Columns[2].RightAligned();
        if (hasCondition)
        {
            table.AddColumn("skipped by");
        }

        foreach (ScannedFile file in files)
        {
            List<Text> cells =
            [
                new Text(file.File.Path),
                new Text(file.File.RowCount?.ToString("N0", CultureInfo.InvariantCulture) ?? "?"),
                new Text(ByteText.Of(file.File.SizeBytes)),
            ];
            if (hasCondition)
            {
                cells.Add(new Text(file.SkippedBy is null ? "- (read)" : $"{file.SkippedBy}({file.Columns})"));
            }

            table.AddRow(cells);
        }

        terminal.OpenConsole().Write(table);
    }

    private static string ToJson(ScannedFile file, bool hasCondition)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = JsonText.Open(bytes))
        {
            json.WriteStartObject();
            json.WriteString("path", file.File.Path);
            if (file.File.RowCount is long rowCount)
            {
                json.WriteNumber("rowCount", rowCount);
            }

            json.WriteNumber("sizeBytes", file.File.SizeBytes);
            json.WriteString("modificationTime", file.File.ModificationTime.UtcDateTime);
            json.WriteStartObject("partitionValues");
            foreach ((string column, string? value) in file.File.PartitionValues)
            {
                json.WriteString(column, value);
            }

            json.WriteEndObject();
            if (hasCondition)
            {
                json.WriteBoolean("isRead", file.SkippedBy is null);
                if (file.SkippedBy is not null)
                {
                    json.WriteString("skippedBy", file.SkippedBy);
                    json.WriteString("columns", file.Columns);
                }
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
