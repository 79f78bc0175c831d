using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>The first rows of a CSV input, kept as text, for their types to be inferred.</summary>
internal sealed class CsvSample
{
    private readonly IArrowArray[] _columns;
    private readonly IReadOnlyList<InputPosition> _positions;

    private CsvSample(IArrowArray[] columns, IReadOnlyList<InputPosition> positions)
    {
        _columns = columns;
        _positions = positions;
    }

    public int RowCount => _positions.Count;

    public static async ValueTask<CsvSample> ReadAsync(
        CsvRows rows, FormatReadOptions options, CancellationToken cancellationToken)
    {
        BytesBuilder[] columns =
            [.. rows.ColumnNames.Select(_ => (BytesBuilder)ColumnBuilder.Create(DataType.String, 1024))];
        List<InputPosition> positions = [];
        long textBytes = 0;
        while (positions.Count < options.InferenceRows && textBytes < options.InferenceBytes &&
            await rows.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            for (int cellIndex = 0; cellIndex < columns.Length; cellIndex++)
            {
                textBytes += Append(rows, cellIndex, columns[cellIndex]);
            }

            positions.Add(rows.Position);
        }

        return new CsvSample([.. columns.Select(column => column.Build())], positions);
    }

    public bool IsNull(int cellIndex, int row, bool holdsEmpty) =>
        Validity.Of(_columns[cellIndex]).IsNull(row) || (!holdsEmpty && Cell(cellIndex, row).IsEmpty);

    public ReadOnlySpan<byte> Cell(int cellIndex, int row) => ArrayBuffers.BytesAt(_columns[cellIndex].Data, row);

    public InputPosition PositionOf(int row) => _positions[row];

    /// <summary>The narrowest type that holds every cell of a column; STRING where there is none or no cell.</summary>
    public DataType InferType(int cellIndex)
    {
        TextForms forms = TextForms.Any;
        bool seen = false;
        for (int row = 0; row < RowCount && forms != TextForms.None; row++)
        {
            if (!IsNull(cellIndex, row, holdsEmpty: false))
            {
                seen = true;
                forms &= TextFormsOf.Text(Cell(cellIndex, row).Trim((byte)' '));
            }
        }

        return seen ? TextFormsOf.Narrowest(forms) : DataType.String;
    }

    private static int Append(CsvRows rows, int cellIndex, BytesBuilder column)
    {
        ReadOnlySpan<char> cell = rows.Cell(cellIndex);
        if (rows.IsNull(cellIndex, cell, holdsEmpty: true))
        {
            column.AppendNull();
        }
        else
        {
            column.Append(cell);
        }

        return cell.Length;
    }
}
