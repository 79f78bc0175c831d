using System;
using System.Buffers;
using System.Runtime.CompilerServices;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: gathers rows that lie inside other rows, from many lists, and appends them to their columns
/// some hundred at a time, column by column. Never copy it; <see cref="Finish"/> it.
/// </summary>
/// <typeparam name="T">The row type.</typeparam>
public ref struct RowAppender<T>
    where T : IPolderRow<T>
{
    private readonly StructBuilder _columns;
    private T[] _held;
    private int _count;

    /// <summary>Appends to a builder of the row type's columns.</summary>
    public RowAppender(ColumnBuilder columns)
    {
        _columns = (StructBuilder)columns;
        _held = ArrayPool<T>.Shared.Rent(RowShape.ChunkRows);
    }

    private readonly int Length => _columns.Length + _count;

    /// <summary>Appends a row that is not null.</summary>
    public void Append(T row)
    {
        if (_count == RowShape.ChunkRows)
        {
            Flush();
        }

        _held[_count++] = row;
    }

    /// <summary>Appends a null row.</summary>
    public void AppendNull()
    {
        Flush();
        _columns.AppendNull();
    }

    /// <summary>Appends rows none of which may be null.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="member">Whose they are, for messages.</param>
    /// <exception cref="ArgumentException">A row is null.</exception>
    public void Append(ReadOnlySpan<T> rows, string member)
    {
        if (!typeof(T).IsValueType)
        {
            for (int index = 0; index < rows.Length; index++)
            {
                if (rows[index] is null)
                {
                    throw RowConvert.UnexpectedNull(member);
                }
            }
        }

        while (rows.Length > 0)
        {
            if (_count == RowShape.ChunkRows)
            {
                Flush();
            }

            int taken = int.Min(rows.Length, RowShape.ChunkRows - _count);
            rows[..taken].CopyTo(_held.AsSpan(_count));
            _count += taken;
            rows = rows[taken..];
        }
    }

    /// <summary>Ends a list of the rows appended since its last row.</summary>
    public readonly void EndRow(ListBuilder list) => list.EndRow(Length);

    /// <summary>Appends a null list after the rows appended since its last row.</summary>
    public readonly void AppendNull(ListBuilder list) => list.AppendNull(Length);

    /// <summary>Ends a map whose values are the rows appended since its last row.</summary>
    public readonly void EndRow(MapBuilder map) => map.EndRow(Length);

    /// <summary>Appends what is still held; nothing may be appended afterwards.</summary>
    public void Finish()
    {
        Flush();
        ArrayPool<T>.Shared.Return(_held, RuntimeHelpers.IsReferenceOrContainsReferences<T>());
        _held = [];
    }

    private void Flush()
    {
        if (_count > 0)
        {
            T.Append(_held.AsSpan(0, _count), _columns);
            _columns.EndRows(_count);
            _count = 0;
        }
    }
}
