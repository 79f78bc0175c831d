using System;

namespace Polder.Columns.Flat;

/// <summary>
/// One item of a <see cref="NestedColumn{T}"/> at some level (a paragraph, a sentence, a word), or a whole column:
/// a range of positions, so making one copies and allocates nothing. Valid while the column's array is.
/// </summary>
/// <typeparam name="T">The type of the leaves.</typeparam>
public readonly ref struct NestedView<T>
    where T : unmanaged
{
    private readonly NestedColumn<T> _column;
    private readonly ReadOnlySpan<T> _leaves;
    private readonly int _level;
    private readonly int _start;
    private readonly int _end;

    /// <summary>Makes a view.</summary>
    /// <param name="column">The column.</param>
    /// <param name="leaves">All leaves of the column, fetched once for a view and everything below it.</param>
    /// <param name="level">How deep it lies: 0 = all rows, <see cref="NestedColumn{T}.Depth"/> = an innermost list.
    /// </param>
    /// <param name="start">Its first item, among all of the next level.</param>
    /// <param name="end">Behind its last item.</param>
    /// <param name="isNull">Whether it is null.</param>
    internal NestedView(
        NestedColumn<T> column, ReadOnlySpan<T> leaves, int level, int start, int end, bool isNull)
    {
        _column = column;
        _leaves = leaves;
        _level = level;
        _start = start;
        _end = end;
        IsNull = isNull;
    }

    /// <summary>Number of items one level below; of leaves at the last level. 0 where the view is null.</summary>
    public int Count => _end - _start;

    /// <summary>Whether there is no list here, which is not the same as an empty list.</summary>
    public bool IsNull { get; }

    /// <summary>Levels of lists below this one; 0 where the items are the leaves themselves.</summary>
    public int Depth => _column is null ? 0 : _column.Levels.Length - _level;

    /// <summary>All leaves below, at whatever depth, as one span of the column's own buffer.</summary>
    public ReadOnlySpan<T> Leaves
    {
        get
        {
            if (_start == _end)
            {
                return [];
            }

            if (_level == _column.Levels.Length)
            {
                return _leaves[_start.._end];
            }

            (int start, int end) = LeafRange();
            return _leaves[start..end];
        }
    }

    /// <summary>One item of the next level.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many items.</exception>
    /// <exception cref="InvalidOperationException">The items are leaves: read <see cref="Leaves"/>.</exception>
    public NestedView<T> this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            NestedLevel level = ItemLevel();
            ReadOnlySpan<int> offsets = level.Offsets;
            int item = _start + index;
            bool isNull = level.IsNull(item);
            return new NestedView<T>(_column, _leaves, _level + 1, offsets[item], offsets[item + 1], isNull);
        }
    }

    /// <summary>Whether one of <see cref="Leaves"/> is null; its value there means nothing.</summary>
    /// <param name="index">The position in <see cref="Leaves"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many leaves.</exception>
    public bool IsNullLeaf(int index)
    {
        (int start, int end) = _start == _end ? (0, 0) : LeafRange();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)(end - start), nameof(index));
        return _column.LeafRows.IsNull(start + index);
    }

    /// <summary>Goes through the items of the next level.</summary>
    /// <exception cref="InvalidOperationException">The items are leaves: read <see cref="Leaves"/>.</exception>
    public Enumerator GetEnumerator() =>
        _start == _end ? default : new Enumerator(_column, _leaves, _level, _start, _end);

    private NestedLevel ItemLevel() => _level < _column.Levels.Length ? _column.Levels[_level] : throw AtLeaves();

    private (int Start, int End) LeafRange()
    {
        int start = _start;
        int end = _end;
        foreach (NestedLevel level in _column.Levels.AsSpan(_level))
        {
            ReadOnlySpan<int> offsets = level.Offsets;
            start = offsets[start];
            end = offsets[end];
        }

        return (start, end);
    }

    private static InvalidOperationException AtLeaves() =>
        new("the items of this view are leaves, not lists: read Leaves");

    /// <summary>Goes through the items of a view without allocating.</summary>
    public ref struct Enumerator
    {
        private readonly NestedColumn<T> _column;
        private readonly ReadOnlySpan<T> _leaves;
        private readonly NestedLevel _items;
        private readonly ReadOnlySpan<int> _offsets;
        private readonly int _childLevel;
        private readonly int _first;
        private int _next;

        internal Enumerator(NestedColumn<T> column, ReadOnlySpan<T> leaves, int level, int start, int end)
        {
            _column = column;
            _leaves = leaves;
            _items = level < column.Levels.Length ? column.Levels[level] : throw AtLeaves();
            _offsets = _items.Offsets.Slice(start, end - start + 1);
            _childLevel = level + 1;
            _first = start;
        }

        /// <summary>The item that <see cref="MoveNext"/> went to.</summary>
        public readonly NestedView<T> Current => new(
            _column, _leaves, _childLevel, _offsets[_next - 1], _offsets[_next], _items.IsNull(_first + _next - 1));

        /// <summary>Goes to the next item; false at the end.</summary>
        public bool MoveNext() => ++_next < _offsets.Length;
    }
}
