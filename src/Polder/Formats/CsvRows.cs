using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Sylvan.Data.Csv;

namespace Polder.Formats;

/// <summary>The rows of a CSV input as cells of text, with their positions. Blank lines are no rows.</summary>
internal sealed class CsvRows : IAsyncDisposable
{
    private const char Quote = '"';
    private const int BufferChars = 64 * 1024;

    private readonly CsvDataReader _csv;
    private readonly FormatReadOptions _options;
    private readonly char _delimiter;
    private long _nextLine;

    private CsvRows(CsvDataReader csv, char delimiter, FormatReadOptions options)
    {
        _csv = csv;
        _delimiter = delimiter;
        _options = options;
        ColumnNames = [.. Enumerable.Range(0, csv.FieldCount).Select(NameOf)];
        _nextLine = options.HasHeader ? 2 + ColumnNames.Sum(name => name.Count(character => character == '\n')) : 1;
    }

    /// <summary>From the header, or _c0, _c1, … where it gives none.</summary>
    public IReadOnlyList<string> ColumnNames { get; }

    /// <summary>Where the current row stands.</summary>
    public InputPosition Position { get; private set; }

    public static async ValueTask<CsvRows> OpenAsync(
        Stream stream, char delimiter, FormatReadOptions options, CancellationToken cancellationToken)
    {
        delimiter = options.Delimiter ?? delimiter;
        Encoding encoding = options.Encoding ?? new UTF8Encoding(false, throwOnInvalidBytes: true);
        StreamReader text = new(stream, encoding, detectEncodingFromByteOrderMarks: true, BufferChars);
        CsvDataReaderOptions csvOptions = new()
        {
            HasHeaders = options.HasHeader,
            Delimiter = delimiter,
            Quote = Quote,
            Escape = Quote,
            Comment = '\0',
            BufferSize = BufferChars,
            MaxBufferSize = int.Max(BufferChars, options.Limits.TextRecordBytes),
            HeaderComparer = StringComparer.Ordinal,
            OwnsReader = true,
        };
        try
        {
            CsvDataReader csv =
                await CsvDataReader.CreateAsync(text, csvOptions, cancellationToken).ConfigureAwait(false);
            return new CsvRows(csv, delimiter, options);
        }
        catch (CsvMissingHeadersException)
        {
            throw new InputFormatException("the input is empty: it has no header", options.Path, default);
        }
        catch (Exception exception) when (DescribeFailure(exception) is string detail)
        {
            throw new InputFormatException(detail, options.Path, new InputPosition(0, 1), exception);
        }
    }

    /// <summary>Moves to the next row; false at the end.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        long row = Position.RowNumber + 1;
        while (true)
        {
            try
            {
                if (!await _csv.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    return false;
                }
            }
            catch (Exception exception) when (DescribeFailure(exception) is string detail)
            {
                throw new InputFormatException(
                    detail, _options.Path, new InputPosition(row, _nextLine), exception);
            }

            if (AcceptRow(row))
            {
                return true;
            }
        }
    }

    /// <summary>A cell's text, unquoted; borrowed until the next row.</summary>
    public ReadOnlySpan<char> Cell(int cellIndex) => _csv.GetFieldSpan(cellIndex);

    /// <summary>Whether a cell means null, in a column that may hold empty values or in one that may not.</summary>
    public bool IsNull(int cellIndex, ReadOnlySpan<char> cell, bool holdsEmpty)
    {
        if (!holdsEmpty && cell.IsEmpty)
        {
            return true;
        }

        return cell.SequenceEqual(_options.NullText) && !IsQuoted(cellIndex);
    }

    public ValueTask DisposeAsync() => _csv.DisposeAsync();

    private static string? DescribeFailure(Exception exception) => exception switch
    {
        CsvRecordTooLargeException => "the row is longer than Limits.TextRecordBytes; is a quote missing?",
        CsvFormatException => exception.Message,
        DecoderFallbackException => "the text is not UTF-8; name its encoding",
        _ => null,
    };

    private bool AcceptRow(long row)
    {
        ReadOnlySpan<char> raw = _csv.GetRawRecordSpan();
        Position = new InputPosition(row, _nextLine);
        int lineFeeds = raw.Count('\n');
        _nextLine += lineFeeds > 0 ? lineFeeds : raw.Count('\r');
        bool isBlank = ColumnNames.Count > 1 && _csv.RowFieldCount == 1 && raw.Trim("\r\n").IsEmpty;
        if (isBlank)
        {
            Position = Position with { RowNumber = row - 1 };
            return false;
        }

        if (_csv.RowFieldCount != ColumnNames.Count)
        {
            throw new InputFormatException(
                $"the row has {_csv.RowFieldCount} cells, the {(_options.HasHeader ? "header" : "first row")} has " +
                $"{ColumnNames.Count}; is a quote or a delimiter wrong?",
                _options.Path, Position);
        }

        return true;
    }

    private string NameOf(int columnIndex)
    {
        string name = _options.HasHeader ? _csv.GetName(columnIndex) : "";
        return name.Length > 0 ? name : FormattableString.Invariant($"_c{columnIndex}");
    }

    // The tokeniser does not say; only cells that could mean null ask.
    private bool IsQuoted(int cellIndex)
    {
        ReadOnlySpan<char> rest = _csv.GetRawRecordSpan();
        if (!rest.Contains(Quote))
        {
            return false;
        }

        for (int skipped = 0; skipped < cellIndex; skipped++)
        {
            while (rest is [Quote, ..])
            {
                // A quoted part; a doubled quote begins the next one.
                int close = rest[1..].IndexOf(Quote);
                rest = rest[(close + 2)..];
            }

            rest = rest[(rest.IndexOf(_delimiter) + 1)..];
        }

        return rest is [Quote, ..];
    }
}
