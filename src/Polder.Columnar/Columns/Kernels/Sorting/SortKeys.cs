using System;
using System.Buffers.Binary;
using System.Collections.Generic;

namespace Polder.Columns.Kernels.Sorting;

/// <summary>
/// One byte-comparable key per row: comparing keys byte by byte orders the rows. Keys of one width, or of their own
/// lengths.
/// </summary>
internal sealed class SortKeys
{
    private readonly byte[] _bytes;
    private readonly int[]? _ends;
    private readonly int _width;

    private SortKeys(byte[] bytes, int[]? ends, int width, int count)
    {
        _bytes = bytes;
        _ends = ends;
        _width = width;
        Count = count;
    }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    /// <summary>Bytes held.</summary>
    public long SizeBytes => _bytes.Length + (4L * (_ends?.Length ?? 0));

    /// <summary>The key of a row.</summary>
    public ReadOnlySpan<byte> this[int row] => _ends is null
        ? _bytes.AsSpan(row * _width, _width)
        : _bytes.AsSpan((row == 0 ? 0 : _ends[row - 1]).._ends[row]);

    /// <summary>Keys of one width.</summary>
    public static SortKeys Fixed(byte[] bytes, int width, int count) => new(bytes, null, width, count);

    /// <summary>Keys of their own lengths, the end of each given.</summary>
    public static SortKeys Variable(byte[] bytes, int[] ends) => new(bytes, ends, 0, ends.Length);

    /// <summary>All keys of several, one after the other.</summary>
    public static SortKeys Concat(IReadOnlyList<SortKeys> parts)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        long size = 0;
        int count = 0;
        foreach (SortKeys part in parts)
        {
            count += part.Count;
            size += part.UsedBytes;
        }

        if (size > Array.MaxLength)
        {
            throw new UnsupportedFeatureException(
                "sort keys of more than 2 GiB", "sort fewer rows, or by fewer or shorter columns");
        }

        byte[] bytes = new byte[size];
        int[]? ends = parts.Count > 0 && parts[0]._ends is not null ? new int[count] : null;
        int byteIndex = 0;
        int row = 0;
        foreach (SortKeys part in parts)
        {
            part._bytes.AsSpan(0, part.UsedBytes).CopyTo(bytes.AsSpan(byteIndex));
            for (int index = 0; ends is not null && index < part.Count; index++)
            {
                ends[row + index] = byteIndex + part._ends![index];
            }

            byteIndex += part.UsedBytes;
            row += part.Count;
        }

        return new SortKeys(bytes, ends, parts.Count == 0 ? 0 : parts[0]._width, count);
    }

    /// <summary>The keys of some rows.</summary>
    public SortKeys Take(ReadOnlySpan<int> rows)
    {
        int size = 0;
        int[]? ends = _ends is null ? null : new int[rows.Length];
        for (int index = 0; index < rows.Length; index++)
        {
            size = checked(size + this[rows[index]].Length);
            if (ends is not null)
            {
                ends[index] = size;
            }
        }

        byte[] bytes = new byte[size];
        Span<byte> target = bytes;
        foreach (int row in rows)
        {
            ReadOnlySpan<byte> key = this[row];
            key.CopyTo(target);
            target = target[key.Length..];
        }

        return new SortKeys(bytes, ends, _width, rows.Length);
    }

    /// <summary>Eight bytes of a key as a word that compares like them; zeros behind its end.</summary>
    public ulong Word(int row, int offset)
    {
        ReadOnlySpan<byte> key = this[row];
        if (offset + 8 <= key.Length)
        {
            return BinaryPrimitives.ReadUInt64BigEndian(key[offset..]);
        }

        ulong word = 0;
        for (int index = offset; index < offset + 8; index++)
        {
            word = (word << 8) | (index < key.Length ? key[index] : 0u);
        }

        return word;
    }

    /// <summary>The bytes of the longest key.</summary>
    public int MaxLength()
    {
        if (_ends is null)
        {
            return _width;
        }

        int longest = 0;
        for (int row = 0; row < Count; row++)
        {
            longest = int.Max(longest, _ends[row] - (row == 0 ? 0 : _ends[row - 1]));
        }

        return longest;
    }

    private int UsedBytes => _ends is null ? _width * Count : Count == 0 ? 0 : _ends[Count - 1];
}
