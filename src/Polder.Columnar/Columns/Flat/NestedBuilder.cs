using System;
using System.Collections.Generic;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Bytes;

namespace Polder.Columns.Flat;

/// <summary>
/// Collects nested lists straight into the flat buffers of the Arrow array they become: one of leaves, one of offsets
/// a level. One thread at a time; reusable after <see cref="Build"/>.
/// </summary>
/// <typeparam name="T">The type of the leaves; <see cref="byte"/> for strings (UTF-8) and binaries.</typeparam>
public sealed class NestedBuilder<T>
    where T : unmanaged
{
    // A column that somebody builds is kept: a sixty-fourth is all that a buffer may waste.
    private const int SlackShift = 6;

    private readonly DataType[] _types;
    private readonly OffsetsBuilder[] _offsets;
    private readonly ValidityBuilder[] _rows;
    private readonly ValidityBuilder _leafRows = new();
    private readonly bool _isBytes;
    private ValueBuffer _leaves;
    private int _openCount;

    /// <summary>Makes an empty builder.</summary>
    /// <param name="type">
    /// The type of a row: arrays down to a fixed-width type, or down to strings or binaries (or one of these two).
    /// </param>
    /// <param name="rowCapacity">Rows to make room for at once.</param>
    /// <param name="leafCapacity">Leaves to make room for at once.</param>
    /// <exception cref="ArgumentException">
    /// <typeparamref name="T"/> is not how leaves of the type are held, or the type holds no lists.
    /// </exception>
    /// <exception cref="UnsupportedFeatureException">
    /// The leaves are structs, maps or variants (use <see cref="ColumnBuilder"/>), or too deep.
    /// </exception>
    public NestedBuilder(DataType type, int rowCapacity = 0, int leafCapacity = 0)
    {
        Type = type;
        List<DataType> types = [];
        DataType leaf = type;
        for (; leaf.Kind == TypeKind.Array; leaf = leaf.Element!)
        {
            types.Add(leaf);
        }

        NestedLeaf expected = NestedLeaf.Values<T>();
        IArrowType arrowLeaf = ArrowTypes.ToArrow(leaf);
        if (typeof(T) == typeof(byte) && arrowLeaf is StringType or BinaryType)
        {
            _isBytes = true;
            types.Add(leaf);
            expected = arrowLeaf is StringType ? NestedLeaf.Strings : NestedLeaf.Binaries;
        }

        expected.Check(arrowLeaf);
        if (types.Count == 0)
        {
            throw new ArgumentException($"values of type {leaf} hold no lists: use ColumnBuilder", nameof(type));
        }

        if (types.Count > Limits.Default.NestingDepth)
        {
            throw new UnsupportedFeatureException(
                "nesting", $"a column has more than {Limits.Default.NestingDepth} levels (Limits.NestingDepth)");
        }

        _types = [.. types];
        _offsets = new OffsetsBuilder[types.Count];
        _rows = new ValidityBuilder[types.Count];
        for (int level = 0; level < types.Count; level++)
        {
            _offsets[level] = new OffsetsBuilder(level == 0 ? rowCapacity : 0);
            _rows[level] = new ValidityBuilder();
        }

        _leaves = new ValueBuffer((long)leafCapacity * ByteCast.SizeOf<T>());
    }

    /// <summary>The type of a row.</summary>
    public DataType Type { get; }

    /// <summary>Levels of lists, the rows included; strings count as a level.</summary>
    public int Depth => _types.Length;

    /// <summary>Rows ended since the last <see cref="Build"/>.</summary>
    public int Count => _rows[0].Length;

    /// <summary>Leaves appended since the last <see cref="Build"/>.</summary>
    public int LeafCount => _leaves.Length / ByteCast.SizeOf<T>();

    /// <summary>Begins a list one level below the one that is open; a row where none is.</summary>
    /// <exception cref="InvalidOperationException">The innermost list is open: it takes leaves.</exception>
    public void BeginList()
    {
        Require(_openCount < Depth, "the innermost list is open, which takes leaves");
        _openCount++;
    }

    /// <summary>Ends the list that was begun last.</summary>
    /// <exception cref="InvalidOperationException">No list is open.</exception>
    public void EndList()
    {
        Require(_openCount > 0, "no list is open");
        _openCount--;
        EndItems(_openCount);
    }

    /// <summary>Appends a leaf to the innermost list.</summary>
    /// <exception cref="InvalidOperationException">The innermost list is not open.</exception>
    public void Append(T leaf) => Append([leaf]);

    /// <summary>Appends leaves to the innermost list.</summary>
    /// <exception cref="InvalidOperationException">The innermost list is not open.</exception>
    public void Append(params ReadOnlySpan<T> leaves)
    {
        Require(_openCount == Depth, "leaves go into the innermost list, which is not open");
        leaves.CopyTo(AddLeaves(leaves.Length));
    }

    /// <summary>Appends a whole innermost list: a word, to the open sentence.</summary>
    /// <exception cref="InvalidOperationException">The list just above the innermost is not open.</exception>
    public void AppendList(ReadOnlySpan<T> leaves) => leaves.CopyTo(AppendListSpan(leaves.Length));

    /// <summary>Appends a whole innermost list for the caller to fill before the next append.</summary>
    /// <exception cref="InvalidOperationException">The list just above the innermost is not open.</exception>
    public Span<T> AppendListSpan(int leafCount)
    {
        Require(_openCount == Depth - 1, "an innermost list goes into the list just above, which is not open");
        Span<T> leaves = AddLeaves(leafCount);
        EndItems(Depth - 1);
        return leaves;
    }

    /// <summary>Appends a null to the open list: a null list or string, or a null leaf; a null row where none is open.
    /// </summary>
    /// <exception cref="InvalidOperationException">The list's type says it contains no null.</exception>
    public void AppendNull()
    {
        Require(_openCount < Depth || !_isBytes, "a byte of a string cannot be null");
        Require(_openCount == 0 || _types[_openCount - 1].ContainsNull, "the list's type allows no null in it");
        if (_openCount == Depth)
        {
            _leaves.Append(ByteCast.SizeOf<T>()).Clear();
            _leafRows.AppendNulls(1);
            return;
        }

        _offsets[_openCount].Append(ItemCount(_openCount));
        _rows[_openCount].AppendNulls(1);
    }

    /// <summary>Appends a list of lists of leaves; null appends a null.</summary>
    public void AppendNested(IEnumerable<IEnumerable<T>?>? lists) =>
        AppendEach(lists, static (builder, list) => builder.AppendNested(list));

    /// <summary>Appends a list of lists of lists of leaves; null appends a null.</summary>
    public void AppendNested(IEnumerable<IEnumerable<IEnumerable<T>?>?>? lists) =>
        AppendEach(lists, static (builder, list) => builder.AppendNested(list));

    /// <summary>Appends an innermost list of leaves; null appends a null.</summary>
    public void AppendNested(IEnumerable<T>? leaves) =>
        AppendEach(leaves, static (builder, leaf) => builder.Append(leaf));

    /// <summary>Appends a list whose items are appended one by one; null appends a null.</summary>
    /// <param name="items">The items.</param>
    /// <param name="append">Appends an item (or a null) to the list that is then open.</param>
    public void AppendEach<TItem>(IEnumerable<TItem>? items, Action<NestedBuilder<T>, TItem> append)
    {
        if (items is null)
        {
            AppendNull();
            return;
        }

        BeginList();
        foreach (TItem item in items)
        {
            append(this, item);
        }

        EndList();
    }

    /// <summary>The rows as an array of plain GC memory; the builder starts anew.</summary>
    /// <exception cref="InvalidOperationException">A list is still open.</exception>
    public IArrowArray Build()
    {
        Require(_openCount == 0, "a list is still open");
        ArrayData? below = null;
        if (!_isBytes)
        {
            int leafCount = LeafCount;
            ValidityBuffer validity = _leafRows.Build();
            IArrowType leafType = ArrowTypes.ToArrow(_types[^1].Element!);
            ArrowBuffer leaves = leafType is BooleanType ? BuildBits() : _leaves.Build(SlackShift);
            below = new ArrayData(leafType, leafCount, validity.NullCount, 0, [validity.Bits, leaves], null, null);
        }

        for (int level = Depth - 1; level >= 0; level--)
        {
            int count = _rows[level].Length;
            IArrowType type = ArrowTypes.ToArrow(_types[level]);
            ValidityBuffer validity = _rows[level].Build();
            ArrowBuffer offsets = _offsets[level].Build(SlackShift);
            below = below is null
                ? new ArrayData(type, count, validity.NullCount, 0, [validity.Bits, offsets, _leaves.Build(SlackShift)])
                : new ArrayData(type, count, validity.NullCount, 0, [validity.Bits, offsets], [below]);
        }

        return ArrowArrayFactory.BuildArray(below);
    }

    private ArrowBuffer BuildBits()
    {
        byte[] bits = NestedBits.FromBytes(_leaves.Span);
        _leaves.Build();
        return new ArrowBuffer(bits);
    }

    private Span<T> AddLeaves(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (!_isBytes)
        {
            _leafRows.AppendValid(count);
        }

        return ByteCast.As<T>(_leaves.Append(checked(count * ByteCast.SizeOf<T>())));
    }

    private void EndItems(int level)
    {
        _offsets[level].Append(ItemCount(level));
        _rows[level].AppendValid();
    }

    private int ItemCount(int level) => level == Depth - 1 ? LeafCount : _rows[level + 1].Length;

    private static void Require(bool condition, string complaint)
    {
        if (!condition)
        {
            throw new InvalidOperationException(complaint);
        }
    }
}
