using System;
using System.Buffers;

namespace Polder.Bytes;

/// <summary>
/// Slices one behind the other, read as one run of bytes of any length. Owns the slices. For one thread at a time.
/// </summary>
public sealed class BufferSequence : IDisposable
{
    private Segment? _first;
    private Segment? _last;
    private bool _isDisposed;

    /// <summary>Number of bytes.</summary>
    public long Length { get; private set; }

    /// <summary>Appends a slice; takes ownership.</summary>
    public void Append(BufferSlice slice)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (slice.Length == 0)
        {
            slice.Dispose();
            return;
        }

        Link(new Segment(slice));
    }

    /// <summary>Takes the first bytes away as a sequence of their own. Sequences borrowed from this are void.</summary>
    /// <param name="count">Bytes to take, at most <see cref="Length"/>.</param>
    public BufferSequence SplitTo(long count)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Length);
        BufferSequence head = new();
        while (count > 0)
        {
            Segment segment = Unlink();
            int length = segment.Slice.Length;
            if (length > count)
            {
                (BufferSlice before, BufferSlice after) = segment.Slice.SplitAt((int)count);
                head.Link(new Segment(before));
                LinkFirst(new Segment(after), segment.RunningIndex + count);
                break;
            }

            head.Link(segment);
            count -= length;
        }

        return head;
    }

    /// <summary>The bytes, borrowed: valid until this is changed or disposed.</summary>
    public ReadOnlySequence<byte> AsReadOnlySequence()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return _first is null
            ? ReadOnlySequence<byte>.Empty
            : new ReadOnlySequence<byte>(_first, 0, _last!, _last!.Slice.Length);
    }

    /// <summary>The bytes in one slice, without a copy if they are in one already. Consumes this.</summary>
    public BufferSlice ToContiguous(BufferAllocator? allocator = null)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_first is null || _first == _last)
        {
            BufferSlice single = _first is null ? BufferSlice.Empty : Unlink().Slice;
            Dispose();
            return single;
        }

        if (Length > Array.MaxLength)
        {
            throw new InvalidOperationException($"{Length} bytes exceed what an array can hold");
        }

        using BufferBuilder builder = new((int)Length, allocator);
        foreach (ReadOnlyMemory<byte> memory in AsReadOnlySequence())
        {
            builder.Write(memory.Span);
        }

        Dispose();
        return builder.Freeze();
    }

    /// <summary>Disposes every slice; a second call does nothing.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            while (_first is not null)
            {
                Unlink().Slice.Dispose();
            }
        }
    }

    private void Link(Segment segment)
    {
        Length += segment.Slice.Length;
        segment.Place(_last is null ? 0 : _last.RunningIndex + _last.Slice.Length, null);
        _last?.Place(_last.RunningIndex, segment);
        _first ??= segment;
        _last = segment;
    }

    private void LinkFirst(Segment segment, long runningIndex)
    {
        Length += segment.Slice.Length;
        segment.Place(runningIndex, _first);
        _first = segment;
        _last ??= segment;
    }

    private Segment Unlink()
    {
        Segment segment = _first!;
        Length -= segment.Slice.Length;
        _first = segment.Following;
        _last = _first is null ? null : _last;
        return segment;
    }

    /// <summary>A slice in a chain. A reader that meets one can retain a part of it instead of copying.</summary>
    internal sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(BufferSlice slice)
        {
            Slice = slice;
            Memory = slice.Memory;
        }

        public BufferSlice Slice { get; }

        public Segment? Following { get; private set; }

        public void Place(long runningIndex, Segment? following)
        {
            RunningIndex = runningIndex;
            Following = following;
            Next = following;
        }
    }
}
