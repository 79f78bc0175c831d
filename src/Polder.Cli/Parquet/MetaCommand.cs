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
using Polder.Files;
using Polder.Parquet;
using Spectre.Console;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet meta FILE</c>: what the footer says.</summary>
internal static class MetaCommand
{
    private const int MostGroups = 4;
    private const int BoundWidth = 16;
    private const int LineWidth = 79;

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = ParquetCommand.File();
        Option<string> where = ParquetCommand.Where();
        Option<string> format = CommonOptions.Format("text for a person, json for a program", "text", "json");
        Command command = new("meta", "Show what the footer says: row groups, columns, codecs, encodings, sizes.")
        {
            file, where, format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            parsed.GetValue(file)!,
            parsed.GetValue(where),
            parsed.GetValue(format) ?? (terminal.IsOutputTerminal ? "text" : "json"),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal, string path, string? where, string format, CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await ParquetCommand.OpenAsync(Engine.Default, path, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            IReadOnlyList<RowGroupPruning>? pruning = await ParquetCommand.ExplainAsync(
                reader, null, where, cancellationToken).ConfigureAwait(false);
            if (format == "json")
            {
                await terminal.Text.WriteLineAsync(ToJson(reader.Footer, pruning)).ConfigureAwait(false);
            }
            else
            {
                Print(terminal, reader.Footer);
                PruningText.Print(terminal, pruning);
            }
        }

        return ExitCode.Done;
    }

    private static void Print(Terminal terminal, ParquetFooter footer)
    {
        terminal.Text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{footer.RowCount:N0} rows in {footer.RowGroups.Count} row groups, " +
            $"footer {ByteText.Of(footer.SizeBytes)}"));
        terminal.Text.WriteLine($"written by {footer.CreatedBy ?? "(not said)"}");
        foreach ((string key, string? value) in footer.KeyValues)
        {
            terminal.Text.WriteLine(BoundText.Clip($"{key} = {value}", LineWidth));
        }

        // Over all row groups: one line a column says more than a screen of row groups.
        Table columns = new() { Border = TableBorder.Rounded };
        columns.AddColumns("column", "type", "codec", "encodings", "values", "compressed", "ratio");
        foreach (ParquetLeaf leaf in footer.Schema.Leaves)
        {
            List<ColumnChunkMetadata> chunks = [.. footer.RowGroups.Select(group => group.Columns[leaf.Index])];
            long compressed = chunks.Sum(chunk => chunk.CompressedSize);
            long uncompressed = chunks.Sum(chunk => chunk.UncompressedSize);
            columns.AddRow(
                new Text(leaf.DottedPath),
                new Text(leaf.PhysicalType.ToString().ToLowerInvariant()),
                new Text(Join(chunks.Select(chunk => chunk.Codec.ToString()))),
                new Text(Join(chunks.SelectMany(chunk => chunk.Encodings).Select(encoding => encoding.ToString()))),
                new Text(chunks.Sum(chunk => chunk.ValueCount).ToString("N0", CultureInfo.InvariantCulture)),
                new Text(ByteText.Of(compressed)),
                new Text(compressed == 0
                    ? "-"
                    : (uncompressed / (double)compressed).ToString("F1", CultureInfo.InvariantCulture)));
        }

        terminal.OpenConsole().Write(columns);
        PrintStatistics(terminal, footer);
    }

    private static void PrintStatistics(Terminal terminal, ParquetFooter footer)
    {
        if (footer.RowGroups.Count == 0)
        {
            return;
        }

        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("group", "column", "nulls", "min", "max", "indexes");
        foreach (RowGroupMetadata group in footer.RowGroups.Take(MostGroups))
        {
            foreach (ColumnChunkMetadata chunk in group.Columns)
            {
                (string? minimum, string? maximum) = BoundText.OfChunk(footer, chunk);
                if (chunk.Geospatial is { X: ({ } west, { } east), Y: ({ } south, { } north) })
                {
                    minimum = string.Create(CultureInfo.InvariantCulture, $"{west} {south}");
                    maximum = string.Create(CultureInfo.InvariantCulture, $"{east} {north}");
                }

                table.AddRow(
                    new Text(group.Index.ToString(CultureInfo.InvariantCulture)),
                    new Text(chunk.Leaf.DottedPath),
                    new Text(chunk.Statistics is { NullCount: >= 0 } statistics
                        ? statistics.NullCount.ToString("N0", CultureInfo.InvariantCulture)
                        : "?"),
                    new Text(BoundText.Clip(minimum, BoundWidth)),
                    new Text(BoundText.Clip(maximum, BoundWidth)),
                    new Text(string.Join(' ', ChunkJson.Indexes(chunk))));
            }
        }

        terminal.OpenConsole().Write(table);
        if (footer.RowGroups.Count > MostGroups)
        {
            terminal.Text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"and {footer.RowGroups.Count - MostGroups} row groups more (--format json shows all)"));
        }
    }

    private static string Join(IEnumerable<string> names) =>
        string.Join(' ', names.Select(name => name.ToLowerInvariant()).Distinct(StringComparer.Ordinal));

    private static string ToJson(ParquetFooter footer, IReadOnlyList<RowGroupPruning>? pruning)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = JsonText.Open(bytes))
        {
            json.WriteStartObject();
            json.WriteNumber("rows", footer.RowCount);
            json.WriteString("createdBy", footer.CreatedBy);
            json.WriteStartObject("keyValues");
            foreach ((string key, string? value) in footer.KeyValues)
            {
                json.WriteString(key, value);
            }

            json.WriteEndObject();
            json.WriteStartArray("rowGroups");
            foreach (RowGroupMetadata group in footer.RowGroups)
            {
                Write(json, footer, group, pruning?[group.Index]);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private static void Write(
        Utf8JsonWriter json, ParquetFooter footer, RowGroupMetadata group, RowGroupPruning? pruning)
    {
        json.WriteStartObject();
        json.WriteNumber("rows", group.RowCount);
        json.WriteNumber("firstRow", group.FirstRow);
        if (pruning is not null)
        {
            json.WriteNumber("rowsLeft", pruning.RowsLeft);
            json.WriteString("skippedBy", pruning.SkippedBy);
            json.WriteString("reason", pruning.Reason);
        }

        if (group.SortingColumns.Count > 0)
        {
            JsonText.WriteArray(
                json,
                "sortedBy",
                [.. group.SortingColumns.Select(column =>
                    footer.Schema.Leaves[column.LeafIndex].DottedPath + (column.IsDescending ? " desc" : ""))]);
        }

        json.WriteStartArray("columns");
        foreach (ColumnChunkMetadata chunk in group.Columns)
        {
            json.WriteStartObject();
            json.WriteString("path", chunk.Leaf.DottedPath);
            json.WriteString("type", chunk.Leaf.PhysicalType.ToString().ToLowerInvariant());
            if (chunk.Leaf.LogicalType.Kind != LogicalKind.None)
            {
                json.WriteString("logicalType", SchemaCommand.Format(chunk.Leaf.LogicalType));
            }

            json.WriteString("codec", chunk.Codec.ToString().ToLowerInvariant());
            JsonText.WriteArray(
                json, "encodings", [.. chunk.Encodings.Select(encoding => encoding.ToString().ToLowerInvariant())]);
            json.WriteNumber("values", chunk.ValueCount);
            json.WriteNumber("offset", chunk.StartOffset);
            json.WriteNumber("compressedBytes", chunk.CompressedSize);
            json.WriteNumber("uncompressedBytes", chunk.UncompressedSize);
            ChunkJson.Write(json, footer, chunk);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
