using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>Reads CSV and TSV: RFC 4180 with any delimiter, cells converted to the types of their columns.</summary>
internal sealed class CsvReader : FormatReader
{
    // A batch ends early where its texts get larger than this.
    private const int BatchBytes = 32 << 20;

    private readonly CsvRows _rows;
    private readonly FormatReadOptions _options;
    private readonly CsvSample? _sample;
    private readonly int[] _targets;
    private readonly BatchBuilder _batch;
    private byte[] _scratch = new byte[256];

    private CsvReader(CsvRows rows, CsvSample? sample, int[] targets, DataType schema, FormatReadOptions options)
        : base(schema)
    {
        _rows = rows;
        _sample = sample;
        _targets = targets;
        _options = options;
        _batch = new BatchBuilder(schema, options.BatchRows);
    }

    public static async ValueTask<CsvReader> OpenAsync(
        Stream stream, char delimiter, FormatReadOptions options, CancellationToken cancellationToken)
    {
        CsvRows rows = await CsvRows.OpenAsync(stream, delimiter, options, cancellationToken).ConfigureAwait(false);
        int[] targets = FindTargets(rows.ColumnNames, options);
        bool anyUnknown = targets.Contains(-1) && options.UnknownColumns != UnknownColumns.Ignore;
        if (!anyUnknown)
        {
            return new CsvReader(rows, null, targets, options.Schema ?? DataType.Struct(), options);
        }

        CsvSample sample = await CsvSample.ReadAsync(rows, options, cancellationToken).ConfigureAwait(false);
        List<StructField> fields = [.. options.Schema?.Fields ?? []];
        for (int cellIndex = 0; cellIndex < targets.Length; cellIndex++)
        {
            if (targets[cellIndex] < 0)
            {
                targets[cellIndex] = fields.Count;
                fields.Add(new StructField(rows.ColumnNames[cellIndex], sample.InferType(cellIndex)));
            }
        }

        DataType schema = DataType.Struct(fields);
        if (options.Schema is not null && options.UnknownColumns == UnknownColumns.Refuse)
        {
            string unknown = fields[options.Schema.Fields.Count].Name;
            throw InputFormatException.UnknownColumn(options.Path, new InputPosition(0, 1), unknown, schema);
        }

        return new CsvReader(rows, sample, targets, schema, options);
    }

    public override async IAsyncEnumerable<RecordBatch> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (int row = 0; row < (_sample?.RowCount ?? 0); row++)
        {
            AppendSampled(row);
            if (_batch.RowCount == _options.BatchRows)
            {
                yield return Build();
                cancellationToken.ThrowIfCancellationRequested();
            }
        }

        long textBytes = 0;
        while (await _rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            textBytes += AppendRow();
            if (_batch.RowCount == _options.BatchRows || textBytes > BatchBytes)
            {
                yield return Build();
                textBytes = 0;
            }
        }

        if (_batch.RowCount > 0)
        {
            yield return Build();
        }
    }

    public override ValueTask DisposeAsync() => _rows.DisposeAsync();

    /// <summary>Which column of the schema each cell belongs to; -1 where the schema has none.</summary>
    private static int[] FindTargets(IReadOnlyList<string> names, FormatReadOptions options)
    {
        string? repeated = names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1)?.Key;
        if (repeated is not null)
        {
            throw new InputFormatException(
                $"the header names column {repeated} twice", options.Path, new InputPosition(0, 1));
        }

        if (options.Schema is null || options.HasHeader)
        {
            return [.. names.Select(name => options.Schema?.IndexOf(name) ?? -1)];
        }

        if (names.Count > 0 && names.Count != options.Schema.Fields.Count)
        {
            throw new InputFormatException(
                $"the first row has {names.Count} cells, the schema {options.Schema.Fields.Count} columns",
                options.Path, new InputPosition(1, 1));
        }

        return [.. Enumerable.Range(0, names.Count)];
    }

    private int AppendRow()
    {
        int chars = 0;
        for (int cellIndex = 0; cellIndex < _targets.Length; cellIndex++)
        {
            int target = _targets[cellIndex];
            if (target < 0)
            {
                continue;
            }

            ColumnBuilder column = _batch.Columns[target];
            ReadOnlySpan<char> cell = _rows.Cell(cellIndex);
            chars += cell.Length;
            if (_rows.IsNull(cellIndex, cell, HoldsEmpty(column.Type)))
            {
                column.AppendNull();
            }
            else if (column.Type.IsText)
            {
                ((BytesBuilder)column).Append(cell);
            }
            else
            {
                AppendText(target, Encode(cell), _rows.Position);
            }
        }

        _batch.RowCount++;
        return chars;
    }

    private void AppendSampled(int row)
    {
        for (int cellIndex = 0; cellIndex < _targets.Length; cellIndex++)
        {
            ColumnBuilder column = _batch.Columns[_targets[cellIndex]];
            if (_sample!.IsNull(cellIndex, row, HoldsEmpty(column.Type)))
            {
                column.AppendNull();
            }
            else
            {
                AppendText(_targets[cellIndex], _sample.Cell(cellIndex, row), _sample.PositionOf(row));
            }
        }

        _batch.RowCount++;
    }

    private void AppendText(int target, ReadOnlySpan<byte> text, InputPosition position)
    {
        ColumnBuilder column = _batch.Columns[target];
        bool isFitting = column.Type.IsNested || column is VariantBuilder
            ? JsonAppender.TryAppendText(column, text, _options)
            : TextValue.TryAppend(column, text);
        if (!isFitting)
        {
            DataType mended = SchemaMending.Replace(Schema, target, SchemaMending.Widen(column.Type, text));
            throw InputFormatException.Misfit(
                _options.Path, position, Schema.Fields[target].Name, column.Type, text, mended);
        }
    }

    private ReadOnlySpan<byte> Encode(ReadOnlySpan<char> text)
    {
        int maxBytes = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (_scratch.Length < maxBytes)
        {
            _scratch = new byte[maxBytes];
        }

        return _scratch.AsSpan(0, Encoding.UTF8.GetBytes(text, _scratch));
    }

    private static bool HoldsEmpty(DataType type) => type.IsText || type.Kind == TypeKind.Binary;

    private RecordBatch Build()
    {
        foreach (ColumnBuilder column in _batch.Columns)
        {
            // A column of the schema that the input does not have.
            column.AppendNulls(_batch.RowCount - column.Length);
        }

        return _batch.Build();
    }
}
