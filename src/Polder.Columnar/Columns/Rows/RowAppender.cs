using System;

namespace Polder.Columns.Rows;

/// <summary>
/// Base of generated code: appends rows to their columns. Each row is visited once and all its columns written, so that
/// the processor waits for it once; what is written is staged in arrays for <see cref="RowShape.ChunkRows"/> rows. One
/// thread at a time, and not after an exception.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public abstract class RowAppender<T>
    where T : IPolderRow<T>
{
    private int _staged;

    /// <summary>Appends to a builder of the row type's columns.</summary>
    protected RowAppender(StructBuilder columns)
    {
        Columns = columns;
    }

    /// <summary>Rows appended, staged ones among them.</summary>
    public int Length => Columns.Length + _staged;

    /// <summary>The columns.</summary>
    protected StructBuilder Columns { get; }

    /// <summary>Appends rows, none of them null.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="member">Whose they are, for messages.</param>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public abstract void Append(ReadOnlySpan<T> rows, string member);

    /// <summary>Appends a row that is not null.</summary>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    public void Append(T row) => Append(new ReadOnlySpan<T>(in row), T.Shape.Name);

    /// <summary>Appends a null row.</summary>
    public void AppendNull()
    {
        Flush();
        Columns.AppendNull();
    }

    /// <summary>Ends a list of the rows appended since its last row.</summary>
    public void EndRow(ListBuilder list) => list.EndRow(Length);

    /// <summary>Appends a null list after the rows appended since its last row.</summary>
    public void AppendNull(ListBuilder list) => list.AppendNull(Length);

    /// <summary>Ends a map whose values are the rows appended since its last row.</summary>
    public void EndRow(MapBuilder map) => map.EndRow(Length);

    /// <summary>Appends what is staged to the columns.</summary>
    public void Flush()
    {
        if (_staged > 0)
        {
            FlushColumns(_staged);
            Columns.EndRows(_staged);
            _staged = 0;
        }
    }

    /// <summary>Appends what is staged of each column.</summary>
    /// <param name="count">Staged rows.</param>
    protected abstract void FlushColumns(int count);

    /// <summary>The place in the stage of the row that is appended next.</summary>
    protected int Next()
    {
        if (_staged == RowShape.ChunkRows)
        {
            Flush();
        }

        return _staged++;
    }
}
