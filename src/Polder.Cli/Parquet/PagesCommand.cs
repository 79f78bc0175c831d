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
using Polder.Parquet.Format;
using Polder.Parquet.Read;

namespace Polder.Cli.Parquet;

/// <summary><c>parquet pages FILE</c>: every page, by its header and the page index; bodies are not read.</summary>
internal static class PagesCommand
{
    private const int BoundWidth = 9;
    private const int LineWidth = 80;

    public static Command Create(Terminal terminal)
    {
        Argument<string> file = ParquetCommand.File();
        Option<string[]> columns = ReadCommand.ColumnsOption();
        Option<int[]> rowGroups = new("--row-group")
        {
            Description = "Only this row group (from 0); may be given again.", HelpName = "N",
        };
        Option<string> where = ParquetCommand.Where();
        Option<string> format = CommonOptions.Format(
            "text for a person; ndjson, one page a line, for a program", "text", "ndjson");
        Command command = new("pages", "List the pages: type, encoding, values, sizes, bounds.")
        {
            file, columns, rowGroups, where, format,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(
            terminal,
            parsed.GetValue(file)!,
            CommonOptions.SplitList(parsed.GetValue(columns)),
            parsed.GetValue(rowGroups) ?? [],
            parsed.GetValue(where),
            parsed.GetValue(format) ?? (terminal.IsOutputTerminal ? "text" : "ndjson"),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(
        Terminal terminal,
        string path,
        string[]? columns,
        int[] rowGroups,
        string? where,
        string format,
        CancellationToken cancellationToken)
    {
        ParquetFileReader reader = await ParquetCommand.OpenAsync(Engine.Default, path, cancellationToken)
            .ConfigureAwait(false);
        await using (reader.ConfigureAwait(false))
        {
            IReadOnlyList<RowGroupPruning>? pruning = await ParquetCommand.ExplainAsync(
                reader, columns, where, cancellationToken).ConfigureAwait(false);
            foreach (ColumnChunkMetadata chunk in Choose(reader.Footer, columns, rowGroups, out List<int> groups))
            {
                int group = groups[0];
                groups.RemoveAt(0);
                PageIndexes? indexes = await reader.ReadPageIndexesAsync(chunk, cancellationToken)
                    .ConfigureAwait(false);
                if (format == "text")
                {
                    terminal.Text.WriteLine(string.Create(
                        CultureInfo.InvariantCulture, $"row group {group}, {chunk.Leaf.DottedPath}"));
                    terminal.Text.WriteLine(Described.Line(
                        "offset", "type", "encoding", "values", "nulls", "size", "min", "max"));
                }

                // The page index leaves the dictionary out.
                int index = 0;
                long rows = 0;
                await foreach (ListedPage page in
                    reader.ListPagesAsync(chunk, cancellationToken).ConfigureAwait(false))
                {
                    int? dataPage = page.Header.Type is PageType.DataPage or PageType.DataPageV2 ? index++ : null;
                    Described described = new(group, chunk, page, dataPage, indexes, reader.Footer)
                    {
                        Pruning = pruning?[group],
                        RowsBefore = rows,
                    };
                    rows += dataPage is null ? 0 : page.Header.ValueCount;
                    terminal.Text.WriteLine(format == "text" ? described.ToText() : described.ToJson());
                }
            }
        }

        return ExitCode.Done;
    }

    private static List<ColumnChunkMetadata> Choose(
        ParquetFooter footer, string[]? columns, int[] rowGroups, out List<int> groups)
    {
        ParquetLeaf[] leaves = [.. footer.Schema.Leaves.Where(leaf => columns is null || columns.Any(
            name => $"{leaf.DottedPath}.".StartsWith($"{name}.", StringComparison.Ordinal)))];
        if (leaves.Length == 0)
        {
            throw new UsageException($"no column {string.Join(", ", columns ?? [])}; `parquet schema` lists them");
        }

        int? missing = rowGroups.Cast<int?>().FirstOrDefault(group => group < 0 || group >= footer.RowGroups.Count);
        if (missing is not null)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"no row group {missing}; the file has {footer.RowGroups.Count}"));
        }

        IEnumerable<(int Group, ColumnChunkMetadata Chunk)> chosen =
            from rowGroup in footer.RowGroups
            where rowGroups.Length == 0 || rowGroups.Contains(rowGroup.Index)
            from leaf in leaves
            select (rowGroup.Index, rowGroup.Columns[leaf.Index]);
        groups = [.. chosen.Select(chunk => chunk.Group)];
        return [.. chosen.Select(chunk => chunk.Chunk)];
    }

    private sealed record Described(
        int Group, ColumnChunkMetadata Chunk, ListedPage Page, int? Index, PageIndexes? Indexes, ParquetFooter Footer)
    {
        /// <summary>What a condition leaves of the row group; null where there is none.</summary>
        public RowGroupPruning? Pruning { get; init; }

        /// <summary>Values of the pages before: rows, of a flat column.</summary>
        public long RowsBefore { get; init; }

        private PageHeader Header => Page.Header;

        /// <summary>Why the page is not read; null where it is, or no condition was given.</summary>
        private string? Skipped
        {
            get
            {
                long rowCount = Footer.RowGroups[Group].RowCount;
                (long Start, long End) rows = Index is not int page ? (0, rowCount)
                    : Indexes is not null && page < Indexes.Offsets.Pages.Length
                        ? (Indexes.Offsets.Pages.Span[page].FirstRow, Indexes.Offsets.EndRow(page, rowCount))
                    : Chunk.Leaf.MaxRepetitionLevel == 0 ? (RowsBefore, RowsBefore + Header.ValueCount)
                    : (0, rowCount);
                return Pruning?.FindReason(rows.Start, rows.End);
            }
        }

        private string Type => Header.Type switch
        {
            PageType.DataPage => "data",
            PageType.DataPageV2 => "data_v2",
            PageType.DictionaryPage => "dictionary",
            _ => "other",
        };

        private long? Nulls => Header.Type == PageType.DataPageV2
            ? Header.NullCount
            : Indexes is not null && Index < Indexes.Columns.NullCounts.Length
                ? Indexes.Columns.NullCounts.Span[Index.Value]
                : null;

        public string ToText()
        {
            (string? minimum, string? maximum) = Bounds();
            string skipped = Skipped is string reason
                ? "\n" + BoundText.Clip($"{new string(' ', 13)}not read: {reason}", LineWidth)
                : "";
            return Line(
                Page.Offset.ToString(CultureInfo.InvariantCulture), Type, EncodingText,
                Header.ValueCount.ToString(CultureInfo.InvariantCulture),
                Nulls?.ToString(CultureInfo.InvariantCulture) ?? "",
                ByteText.Of(Page.HeaderBytes + Header.CompressedSize), minimum, maximum) + skipped;
        }

        /// <summary>The columns of <see cref="ToText"/>, in less than 80.</summary>
        public static string Line(
            string offset, string type, string encoding, string values, string nulls, string size,
            string? minimum, string? maximum) =>
            ($"{offset,10} {type,-10} {encoding,-12} {values,7} {nulls,6} {size,9}  " +
            $"{BoundText.Clip(minimum, BoundWidth),-BoundWidth} {BoundText.Clip(maximum, BoundWidth)}").TrimEnd();

        public string ToJson()
        {
            ArrayBufferWriter<byte> bytes = new();
            using (Utf8JsonWriter json = JsonText.Open(bytes))
            {
                json.WriteStartObject();
                json.WriteNumber("rowGroup", Group);
                json.WriteString("column", Chunk.Leaf.DottedPath);
                json.WriteNumber("offset", Page.Offset);
                json.WriteString("type", Type);
                json.WriteString("encoding", Header.Encoding.ToString().ToLowerInvariant());
                json.WriteNumber("values", Header.ValueCount);
                WriteCounts(json);
                json.WriteNumber("headerBytes", Page.HeaderBytes);
                json.WriteNumber("compressedBytes", Header.CompressedSize);
                json.WriteNumber("uncompressedBytes", Header.UncompressedSize);
                json.WriteBoolean("checksum", Header.Crc is not null);
                (string? minimum, string? maximum) = Bounds();
                if (minimum is not null)
                {
                    json.WriteString("min", minimum);
                }

                if (maximum is not null)
                {
                    json.WriteString("max", maximum);
                }

                if (Pruning is not null)
                {
                    json.WriteBoolean("read", Skipped is null);
                    if (Skipped is string reason)
                    {
                        json.WriteString("reason", reason);
                    }
                }

                json.WriteEndObject();
            }

            return Encoding.UTF8.GetString(bytes.WrittenSpan);
        }

        // The names of the specification are long.
        private string EncodingText => Header.Encoding switch
        {
            ParquetEncoding.DeltaBinaryPacked => "delta",
            ParquetEncoding.DeltaLengthByteArray => "delta_length",
            ParquetEncoding.DeltaByteArray => "delta_bytes",
            ParquetEncoding.ByteStreamSplit => "stream_split",
            ParquetEncoding.RleDictionary or ParquetEncoding.PlainDictionary => "dictionary",
            _ => Header.Encoding.ToString().ToLowerInvariant(),
        };

        private void WriteCounts(Utf8JsonWriter json)
        {
            if (Nulls is long nulls)
            {
                json.WriteNumber("nulls", nulls);
            }

            if (Header.Type == PageType.DataPageV2)
            {
                json.WriteNumber("rows", Header.RowCount);
            }

            if (Indexes is not null && Index < Indexes.Offsets.Pages.Length)
            {
                json.WriteNumber("firstRow", Indexes.Offsets.Pages.Span[Index.Value].FirstRow);
            }
        }

        private (string? Minimum, string? Maximum) Bounds() => Indexes is null || Index is null
            ? (null, null)
            : BoundText.OfPage(Footer, Chunk, Indexes, Index.Value);
    }
}
