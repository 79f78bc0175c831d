using System;
using System.Collections.Generic;
using System.Text;

namespace Polder.Delta.Snapshots;

/// <summary>
/// A growing column of byte strings (or nulls) in flat memory: a few blocks however many values there are.
/// </summary>
internal sealed class BytesColumn
{
    private const int FirstBlockBytes = 4 << 10;
    private const int BlockBytes = 1 << 20;
    private const int NullLength = -1;

    private readonly List<byte[]> _blocks = [];
    private readonly List<long> _starts = [];
    private readonly List<int> _lengths = [];
    private int _used;

    public int Count => _lengths.Count;

    public bool IsNull(int index) => _lengths[index] == NullLength;

    /// <summary>The value; empty for null.</summary>
    public ReadOnlySpan<byte> this[int index]
    {
        get
        {
            int length = _lengths[index];
            long start = _starts[index];
            return length <= 0 ? default : _blocks[(int)(start >> 32)].AsSpan((int)start, length);
        }
    }

    public string? GetText(int index) => IsNull(index) ? null : Encoding.UTF8.GetString(this[index]);

    public void AppendNull()
    {
        _starts.Add(0);
        _lengths.Add(NullLength);
    }

    public void Append(string? text)
    {
        if (text is null)
        {
            AppendNull();
            return;
        }

        Span<byte> target = Reserve(Encoding.UTF8.GetMaxByteCount(text.Length));
        Commit(Encoding.UTF8.GetBytes(text, target));
    }

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Commit(value.Length);
    }

    public void AppendFrom(BytesColumn other, int index)
    {
        if (other.IsNull(index))
        {
            AppendNull();
        }
        else
        {
            Append(other[index]);
        }
    }

    /// <summary>Appends nulls up to a length.</summary>
    public void PadTo(int count)
    {
        while (Count < count)
        {
            AppendNull();
        }
    }

    /// <summary>Gives back what was taken for values to come.</summary>
    public void Trim()
    {
        _starts.TrimExcess();
        _lengths.TrimExcess();
    }

    private Span<byte> Reserve(int length)
    {
        if (_blocks.Count == 0 || _blocks[^1].Length - _used < length)
        {
            // Small columns stay small, large ones grow by a block at a time.
            int next = _blocks.Count == 0 ? FirstBlockBytes : int.Min(2 * _blocks[^1].Length, BlockBytes);
            _blocks.Add(GC.AllocateUninitializedArray<byte>(int.Max(next, length)));
            _used = 0;
        }

        return _blocks[^1].AsSpan(_used);
    }

    private void Commit(int length)
    {
        _starts.Add(((long)(_blocks.Count - 1) << 32) | (uint)_used);
        _lengths.Add(length);
        _used += length;
    }
}
