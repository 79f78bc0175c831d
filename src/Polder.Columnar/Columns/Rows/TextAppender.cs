using System;
using System.Text;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: appends texts to their column, the bytes at once, where each ends and which are null staged
/// for <see cref="RowShape.ChunkRows"/> rows.
/// </summary>
public sealed class TextAppender
{
    private readonly BytesBuilder _column;
    private readonly int[] _ends = new int[RowShape.ChunkRows];
    private readonly bool[] _isThere = new bool[RowShape.ChunkRows];
    private int _staged;

    /// <summary>Appends to a column of text.</summary>
    public TextAppender(ColumnBuilder column)
    {
        _column = (BytesBuilder)column;
    }

    /// <summary>Appends text as UTF-8, or null. Flush after as many as are staged.</summary>
    public void Append(string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            Span<byte> room = _column.ReserveBytes(BytesBuilder.MostUtf8Bytes(text));
            _column.CommitBytes(Encoding.UTF8.GetBytes(text, room));
        }

        int row = _staged++;
        _ends[row] = _column.SizeBytes;
        _isThere[row] = text is not null;
    }

    /// <summary>Appends what is staged to the column.</summary>
    public void Flush()
    {
        _ends.AsSpan(0, _staged).CopyTo(_column.AppendEnds(_staged));
        _column.NullLast(_isThere.AsSpan(0, _staged));
        _staged = 0;
    }
}
