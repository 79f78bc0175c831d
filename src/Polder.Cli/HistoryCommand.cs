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
using Spectre.Console;

namespace Polder.Cli;

/// <summary><c>history TABLE</c>: the commits that the log still holds, newest first.</summary>
internal static class HistoryCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        Option<int> limit = new("--limit")
        {
            Description = "At most so many commits.",
            HelpName = "N",
            DefaultValueFactory = _ => int.MaxValue,
        };
        Option<string> format = CommonOptions.Format("table for a person, ndjson for a program", "table", "ndjson");
        Command command = new("history", "List a table's commits, newest first.") { table, limit, format };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            parsed.GetValue(table)!,
            parsed.GetValue(limit),
            parsed.GetValue(format) ?? (terminal.IsOutputTerminal ? "table" : "ndjson"),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string path, int limit, string format, CancellationToken cancellationToken)
    {
        DeltaTable table = await DeltaTable.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        Table rows = new() { Border = TableBorder.Rounded };
        rows.AddColumns("version", "time", "operation", "what");
        rows.Columns[0].RightAligned();
        rows.Columns[1].NoWrap();
        await foreach (TableCommit commit in table.HistoryAsync(limit, cancellationToken).ConfigureAwait(false))
        {
            if (format == "ndjson")
            {
                await terminal.Text.WriteLineAsync(ToJson(commit)).ConfigureAwait(false);
                continue;
            }

            rows.AddRow(
                new Text(commit.Version.ToString(CultureInfo.InvariantCulture)),
                new Text(commit.Timestamp.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                new Text(commit.Operation ?? "-"),
                new Text(string.Join(", ", commit.OperationMetrics.Select(metric => $"{metric.Key} {metric.Value}"))));
        }

        if (format == "table")
        {
            terminal.OpenConsole().Write(rows);
        }

        return ExitCode.Done;
    }

    private static string ToJson(TableCommit commit)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = JsonText.Open(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", commit.Version);
            json.WriteString("timestamp", commit.Timestamp.UtcDateTime);
            json.WriteString("operation", commit.Operation);
            Write(json, "operationParameters", commit.OperationParameters);
            Write(json, "operationMetrics", commit.OperationMetrics);
            if (commit.ReadVersion is long readVersion)
            {
                json.WriteNumber("readVersion", readVersion);
            }

            if (commit.IsBlindAppend is bool isBlindAppend)
            {
                json.WriteBoolean("isBlindAppend", isBlindAppend);
            }

            json.WriteString("engineInfo", commit.EngineInfo);
            json.WriteString("userMetadata", commit.UserMetadata);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, string name, IReadOnlyDictionary<string, string?> values)
    {
        json.WriteStartObject(name);
        foreach ((string key, string? value) in values)
        {
            json.WriteString(key, value);
        }

        json.WriteEndObject();
    }
}
