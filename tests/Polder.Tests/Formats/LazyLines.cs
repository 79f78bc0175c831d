using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Tests.Formats;

/// <summary>A stream of lines that are made while it is read.</summary>
internal sealed class LazyLines(string head, Func<int, string> line, int lineCount) : Stream
{
    private byte[] _pending = Encoding.UTF8.GetBytes(head);
    private int _position;

    public int RowsGiven { get; private set; }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        if (_position == _pending.Length)
        {
            StringBuilder text = new();
            while (RowsGiven < lineCount && text.Length < 16_000)
            {
                text.Append(line(RowsGiven++));
            }

            (_pending, _position) = (Encoding.UTF8.GetBytes(text.ToString()), 0);
        }

        int count = int.Min(buffer.Length, _pending.Length - _position);
        _pending.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        return count;
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
