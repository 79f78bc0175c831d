using System;
using System.Buffers;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage;

/// <summary>Reads a sequence it owns. Seeking back begins at the front; going forward does not.</summary>
internal sealed class BufferSequenceStream : Stream
{
    private readonly BufferSequence _owned;
    private readonly ReadOnlySequence<byte> _bytes;
    private SequencePosition _reached;
    private long _reachedOffset;
    private long _position;
    private bool _isDisposed;

    public BufferSequenceStream(BufferSequence sequence)
    {
        _owned = sequence;
        _bytes = sequence.AsReadOnlySequence();
        _reached = _bytes.Start;
    }

    public override bool CanRead => !_isDisposed;

    public override bool CanSeek => !_isDisposed;

    public override bool CanWrite => false;

    public override long Length
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _bytes.Length;
        }
    }

    public override long Position
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _position;
        }

        set
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            _position = value;
        }
    }

    public override int Read(Span<byte> buffer)
    {
        ReadOnlySequence<byte> rest = Rest();
        int count = (int)long.Min(rest.Length, buffer.Length);
        rest.Slice(0, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);
        return Read(buffer.AsSpan(offset, count));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        cancellationToken.IsCancellationRequested
            ? ValueTask.FromCanceled<int>(cancellationToken)
            : ValueTask.FromResult(Read(buffer.Span));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        ValidateBufferArguments(buffer, offset, count);
        return ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
    }

    public override void CopyTo(Stream destination, int bufferSize)
    {
        ValidateCopyToArguments(destination, bufferSize);
        foreach (ReadOnlyMemory<byte> piece in Rest())
        {
            destination.Write(piece.Span);
            _position += piece.Length;
        }
    }

    public override async Task CopyToAsync(Stream destination, int bufferSize, CancellationToken cancellationToken)
    {
        ValidateCopyToArguments(destination, bufferSize);
        foreach (ReadOnlyMemory<byte> piece in Rest())
        {
            await destination.WriteAsync(piece, cancellationToken).ConfigureAwait(false);
            _position += piece.Length;
        }
    }

    public override long Seek(long offset, SeekOrigin origin)
    {
        long target = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            SeekOrigin.End => Length + offset,
            _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, "no such origin"),
        };
        if (target < 0)
        {
            throw new IOException($"offset {target} lies before the stream");
        }

        Position = target;
        return target;
    }

    public override void Flush()
    {
        // Nothing is ever written.
    }

    public override void SetLength(long value) => throw new NotSupportedException("The stream is read only.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The stream is read only.");

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isDisposed)
        {
            _isDisposed = true;
            _owned.Dispose();
        }

        base.Dispose(disposing);
    }

    private ReadOnlySequence<byte> Rest()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_position >= _bytes.Length)
        {
            return ReadOnlySequence<byte>.Empty;
        }

        if (_position < _reachedOffset)
        {
            _reached = _bytes.Start;
            _reachedOffset = 0;
        }

        _reached = _bytes.GetPosition(_position - _reachedOffset, _reached);
        _reachedOffset = _position;
        return _bytes.Slice(_reached);
    }
}
