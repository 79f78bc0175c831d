using System;
using System.Text;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: appends a known number of texts straight into the buffers of their column. Never copy it;
/// <see cref="Finish"/> it.
/// </summary>
public ref struct TextAppender
{
    private readonly BytesBuilder _column;
    private readonly Span<int> _ends;
    private Span<byte> _room;
    private int _usedBytes;
    private int _end;
    private int _row;

    /// <summary>Begins to append rows.</summary>
    /// <param name="column">The column of text.</param>
    /// <param name="rowCount">How many rows.</param>
    /// <param name="charCount">
    /// UTF-16 units in all of them: room is made for as many bytes. Who counts them in a loop of its own has waited for
    /// the texts' cache lines side by side, and not one after the other while they are encoded.
    /// </param>
    public TextAppender(ColumnBuilder column, int rowCount, long charCount)
    {
        _column = (BytesBuilder)column;
        _end = _column.SizeBytes;
        _ends = _column.AppendEnds(rowCount);
        _room = _column.ReserveBytes((int)long.Min(charCount, int.MaxValue));
    }

    /// <summary>Appends text as UTF-8, nothing for none.</summary>
    public void Append(string? text)
    {
        int most = text is null ? 0 : BytesBuilder.MostUtf8Bytes(text);
        if (most > _room.Length - _usedBytes)
        {
            _column.CommitBytes(_usedBytes);
            _usedBytes = 0;
            _room = _column.ReserveBytes(most);
        }

        int sizeBytes = most == 0 ? 0 : Encoding.UTF8.GetBytes(text, _room[_usedBytes..]);
        _usedBytes += sizeBytes;
        _end += sizeBytes;
        _ends[_row++] = _end;
    }

    /// <summary>Call after the last row.</summary>
    public readonly void Finish() => _column.CommitBytes(_usedBytes);
}
