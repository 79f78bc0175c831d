using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;
using Spectre.Console;
using Table = Spectre.Console.Table;

namespace Polder.Cli.Output;

/// <summary>
/// Rows as a table for a person. Printed in blocks, so that any number of rows streams; columns that do not fit the
/// terminal are left out at the right, which a note says.
/// </summary>
internal sealed class RowTable
{
    private const int BlockRows = 500;
    private const int WidestCellColumns = 60;
    private const int FrameColumns = 3;

    private readonly Terminal _terminal;
    private readonly DataType _schema;
    private readonly Evaluator[] _texts;
    private readonly List<string?[]> _block = [];
    private int _shownColumnCount;

    public RowTable(Terminal terminal, DataType schema)
    {
        _terminal = terminal;
        _schema = schema;
        _texts = [.. schema.Fields.Select((field, index) => Evaluator.Create(ToText(field, index)))];
    }

    /// <summary>Rows printed or waiting in the block.</summary>
    public long RowCount { get; private set; }

    /// <summary>Adds a batch; full blocks are printed.</summary>
    public void Add(RecordBatch batch)
    {
        IArrowArray[] columns = [.. _texts.Select(text => text.Evaluate(batch))];
        for (int row = 0; row < batch.Length; row++)
        {
            string?[] cells = new string?[columns.Length];
            for (int column = 0; column < columns.Length; column++)
            {
                cells[column] = ((StringArray)columns[column]).GetString(row);
            }

            _block.Add(cells);
            RowCount++;
            if (_block.Count == BlockRows)
            {
                Print();
            }
        }
    }

    /// <summary>Prints what is left; a result without rows shows its columns.</summary>
    public async Task FinishAsync()
    {
        if (_block.Count > 0 || RowCount == 0)
        {
            Print();
        }

        string rows = RowCount == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{RowCount:N0} rows");
        string columns = _shownColumnCount == _schema.Fields.Count
            ? ""
            : $", {_shownColumnCount} of {_schema.Fields.Count} columns shown (--columns, or --format ndjson for all)";
        await _terminal.Text.FlushAsync().ConfigureAwait(false);
        if (_terminal.IsErrorTerminal)
        {
            await _terminal.Error.WriteLineAsync(rows + columns).ConfigureAwait(false);
        }
    }

    private static Expression ToText(StructField field, int index)
    {
        ColumnReference column = new(index, field.Name, field.Type, field.Nullable);
        return field.Type.Kind == TypeKind.String ? column : new Cast(column, DataType.String, field.Nullable);
    }

    private void Print()
    {
        int[] widths = [.. Enumerable.Range(0, _schema.Fields.Count).Select(Width)];
        _shownColumnCount = FittingColumns(widths);
        Table table = new() { Border = TableBorder.Rounded, ShowRowSeparators = false };
        for (int column = 0; column < _shownColumnCount; column++)
        {
            TableColumn header = new(new Text(Clip(_schema.Fields[column].Name)));
            header.NoWrap = true;
            header.Alignment = _schema.Fields[column].Type.IsNumeric ? Justify.Right : Justify.Left;
            table.AddColumn(header);
        }

        foreach (string?[] cells in _block)
        {
            table.AddRow(cells.Take(_shownColumnCount).Select(Cell));
        }

        _terminal.OpenConsole().Write(table);
        _block.Clear();
    }

    private int Width(int column) => int.Min(
        WidestCellColumns,
        _block.Select(cells => cells[column]?.Length ?? 4)
            .Append(_schema.Fields[column].Name.Length)
            .Max());

    private int FittingColumns(int[] widths)
    {
        int used = 1;
        for (int column = 0; column < widths.Length; column++)
        {
            used += widths[column] + FrameColumns;
            if (used > _terminal.WidthColumns && column > 0)
            {
                return column;
            }
        }

        return widths.Length;
    }

    private static Text Cell(string? text) => text is null
        ? new Text("NULL", new Style(decoration: Decoration.Dim))
        : new Text(Clip(text.ReplaceLineEndings("⏎").Replace('\t', ' ')));

    private static string Clip(string text) =>
        text.Length <= WidestCellColumns ? text : string.Concat(text.AsSpan(0, WidestCellColumns - 1), "…");
}
