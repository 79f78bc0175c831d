using System;
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
using Polder.Columns;
using Polder.Delta;
using Spectre.Console;

namespace Polder.Cli;

/// <summary><c>describe TABLE</c>: what a version of a table is.</summary>
internal static class DescribeCommand
{
    public static Command Create(Terminal terminal)
    {
        Argument<string> table = CommonOptions.Table();
        VersionOptions versions = new();
        Option<string> format = CommonOptions.Format("text for a person, json for a program", "text", "json");
        Command command = new("describe", "Show a table's version, size, schema, protocol and properties.")
        {
            table, versions.Version, versions.Timestamp, format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal, parsed.GetValue(table)!, parsed, versions, parsed.GetValue(format), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        string path,
        ParseResult parsed,
        VersionOptions versions,
        string? format,
        CancellationToken cancellationToken)
    {
        DeltaTable table = await DeltaTable.OpenAsync(path, cancellationToken).ConfigureAwait(false);
        Snapshot snapshot = await versions.SnapshotAsync(table, parsed, cancellationToken).ConfigureAwait(false);
        if (format == "json" || (format is null && !terminal.IsOutputTerminal))
        {
            await terminal.Text.WriteLineAsync(ToJson(snapshot)).ConfigureAwait(false);
        }
        else
        {
            Print(terminal, table, snapshot);
        }

        return ExitCode.Done;
    }

    private static void Print(Terminal terminal, DeltaTable table, Snapshot snapshot)
    {
        IAnsiConsole console = terminal.OpenConsole();
        Grid facts = new();
        facts.AddColumn(new GridColumn().NoWrap().PadRight(2));
        facts.AddColumn();
        void Add(string name, string value) => facts.AddRow(new Text(name), new Text(value));
        Add("location", table.Location);
        Add("version", string.Create(
            CultureInfo.InvariantCulture, $"{snapshot.Version}, committed {snapshot.Timestamp:yyyy-MM-dd HH:mm:ss}Z"));
        Add("rows", snapshot.RowCount?.ToString("N0", CultureInfo.InvariantCulture) ?? "unknown (no statistics)");
        Add("files", string.Create(
            CultureInfo.InvariantCulture, $"{snapshot.FileCount:N0}, {ByteText.Of(snapshot.SizeBytes)}"));
        Add(
            "partitioned by",
            snapshot.PartitionColumns.Count == 0 ? "-" : string.Join(", ", snapshot.PartitionColumns));
        Add("protocol", ProtocolText(snapshot));
        foreach ((string key, string? value) in
            snapshot.Configuration.OrderBy(item => item.Key, StringComparer.Ordinal))
        {
            Add(key, value ?? "");
        }

        console.Write(facts);
        Table columns = new() { Border = TableBorder.Rounded };
        columns.AddColumns("column", "type", "null");
        foreach (StructField field in snapshot.Schema.Fields)
        {
            columns.AddRow(
                new Text(field.Name), new Text(field.Type.ToString()), new Text(field.Nullable ? "yes" : "no"));
        }

        console.Write(columns);
    }

    private static string ProtocolText(Snapshot snapshot)
    {
        IEnumerable<string> features = (snapshot.Protocol.ReaderFeatures ?? [])
            .Concat(snapshot.Protocol.WriterFeatures ?? [])
            .Distinct(StringComparer.Ordinal);
        string versions = string.Create(
            CultureInfo.InvariantCulture,
            $"reader {snapshot.Protocol.ReaderVersion}, writer {snapshot.Protocol.WriterVersion}");
        return string.Join(": ", new[] { versions, string.Join(", ", features) }.Where(text => text.Length > 0));
    }

    private static string ToJson(Snapshot snapshot)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = JsonText.Open(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("version", snapshot.Version);
            if (snapshot.RowCount is long rowCount)
            {
                json.WriteNumber("rowCount", rowCount);
            }
            else
            {
                json.WriteNull("rowCount");
            }

            json.WriteNumber("numFiles", snapshot.FileCount);
            json.WriteNumber("sizeBytes", snapshot.SizeBytes);
            json.WritePropertyName("schema");
            json.WriteRawValue(snapshot.SchemaText);
            JsonText.WriteArray(json, "partitionColumns", snapshot.PartitionColumns);
            WriteProtocol(json, snapshot);
            json.WriteStartObject("configuration");
            foreach ((string key, string? value) in snapshot.Configuration)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteStartObject("setTransactions");
            foreach ((string key, long value) in snapshot.SetTransactions)
            {
                json.WriteNumber(key, value);
            }

            json.WriteEndObject();
            json.WriteStartObject("domainMetadata");
            foreach ((string key, string value) in snapshot.DomainMetadata)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void WriteProtocol(Utf8JsonWriter json, Snapshot snapshot)
    {
        json.WriteStartObject("protocol");
        json.WriteNumber("minReaderVersion", snapshot.Protocol.ReaderVersion);
        json.WriteNumber("minWriterVersion", snapshot.Protocol.WriterVersion);
        if (snapshot.Protocol.ReaderFeatures is not null)
        {
            JsonText.WriteArray(json, "readerFeatures", snapshot.Protocol.ReaderFeatures);
        }

        if (snapshot.Protocol.WriterFeatures is not null)
        {
            JsonText.WriteArray(json, "writerFeatures", snapshot.Protocol.WriterFeatures);
        }

        json.WriteEndObject();
    }
}
