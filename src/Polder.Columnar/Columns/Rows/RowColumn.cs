using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns.Rows;

/// <summary>
/// Used by generated code: a column bound to a member of a row type, or to the elements, keys or values in it. Borrows
/// the batch's buffers. Positions are those of the column itself: those of a list's elements come from
/// <see cref="Offsets"/>.
/// </summary>
public sealed class RowColumn
{
    private readonly ArrayData? _data;
    private readonly RowColumn[] _children;
    private readonly RowSite _site;

    internal RowColumn(ArrayData? data, DataType type, RowSite site, params RowColumn[] children)
    {
        _data = data;
        Type = type;
        _site = site;
        _children = children;
    }

    /// <summary>What the values are; in a decimal its scale, and whether a time is an instant, may differ from the
    /// member's.</summary>
    public DataType Type { get; }

    /// <summary>Of the times in it.</summary>
    public DateTimeKind TimeKind => Type.Kind == TypeKind.Timestamp ? DateTimeKind.Utc : DateTimeKind.Unspecified;

    /// <summary>A list's elements.</summary>
    public RowColumn Element => _children[0];

    /// <summary>A map's keys.</summary>
    public RowColumn Key => _children[0];

    /// <summary>A map's values.</summary>
    public RowColumn Value => _children[1];

    private ArrayData Data => _data!;

    /// <summary>The column of a row type's member.</summary>
    public RowColumn Field(int member) => _children[member];

    /// <summary>Values of fixed width, undefined where null.</summary>
    public ReadOnlySpan<T> Values<T>()
        where T : unmanaged => ArrayBuffers.Values<T>(Data);

    /// <summary>Booleans.</summary>
    public RowFlags Flags() => new(Data.Buffers[1].Span, Data.Offset);

    /// <summary>Strings or binaries.</summary>
    public RowTexts Texts() => new(ArrayBuffers.Offsets(Data), Data.Buffers[2].Span);

    /// <summary>Where each list or map begins among the elements or pairs, and the last one ends.</summary>
    public ReadOnlySpan<int> Offsets() => ArrayBuffers.Offsets(Data);

    /// <summary>Which values are null.</summary>
    public Validity Validity() => Columns.Validity.Of(Data);

    /// <summary>Makes sure that no value is null.</summary>
    /// <exception cref="RowMismatchException">One is.</exception>
    public void RequireValues(int start, int end)
    {
        Validity validity = Columns.Validity.Of(Data);
        if (!validity.HasNulls || validity.Bits.IsEmpty ||
            Bitmap.CountOnes(validity.Bits, validity.BitOffset + start, end - start) == end - start)
        {
            return;
        }

        int row = start;
        while (validity.IsValid(row))
        {
            row++;
        }

        throw Misfit(FormattableString.Invariant($"value {row} is null, which the member does not allow"));
    }

    /// <summary>A value does not fit its member.</summary>
    /// <param name="detail">What is wrong, in one sentence without a final full stop.</param>
    public RowMismatchException Misfit(string detail) => _site.Misfit(Type.ToString(), detail);
}

/// <summary>A place in a row type and its columns, for messages.</summary>
/// <param name="Path">The column's path.</param>
/// <param name="Owner">The row type's name.</param>
/// <param name="Member">The member; null for the row type itself.</param>
internal sealed record RowSite(string Path, string Owner, RowMember? Member)
{
    public RowMismatchException Misfit(string columnType, string detail) => new(
        Member is null ? Owner : $"{Owner}.{Member.Member}", Member?.ClrType ?? Owner, Path, columnType, detail);
}

/// <summary>Used by generated code: booleans of a column, borrowed.</summary>
public readonly ref struct RowFlags
{
    private readonly ReadOnlySpan<byte> _bits;
    private readonly int _offset;

    internal RowFlags(ReadOnlySpan<byte> bits, int offset)
    {
        _bits = bits;
        _offset = offset;
    }

    /// <summary>One value.</summary>
    public bool this[int row] => Bitmap.Get(_bits, _offset + row);
}

/// <summary>Used by generated code: strings or binaries of a column, borrowed.</summary>
public readonly ref struct RowTexts
{
    private readonly ReadOnlySpan<int> _offsets;
    private readonly ReadOnlySpan<byte> _bytes;

    internal RowTexts(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> bytes)
    {
        _offsets = offsets;
        _bytes = bytes;
    }

    /// <summary>One value as text.</summary>
    public string this[int row] => System.Text.Encoding.UTF8.GetString(Utf8(row));

    /// <summary>One value as bytes.</summary>
    public ReadOnlySpan<byte> Utf8(int row)
    {
        int start = _offsets[row];
        return _bytes.Slice(start, _offsets[row + 1] - start);
    }
}
