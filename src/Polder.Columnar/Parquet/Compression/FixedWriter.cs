using System;
using System.Buffers;

namespace Polder.Parquet.Compression;

/// <summary>
/// Memory of a fixed size as a codec's writer, so that it decompresses into it and not into memory of its own first.
/// </summary>
internal sealed class FixedWriter : IBufferWriter<byte>
{
    private Memory<byte> _destination;

    /// <summary>Bytes written since <see cref="Begin"/>.</summary>
    public int Written { get; private set; }

    /// <summary>Sets where to write to.</summary>
    public void Begin(Memory<byte> destination)
    {
        _destination = destination;
        Written = 0;
    }

    /// <summary>Forgets the memory.</summary>
    public void End() => _destination = default;

    /// <inheritdoc />
    public void Advance(int count)
    {
        _destination = _destination[count..];
        Written += count;
    }

    /// <inheritdoc />
    public Memory<byte> GetMemory(int sizeHint = 0) => sizeHint <= _destination.Length
        ? _destination
        : throw new ArgumentException("the codec wants to write more than the header says", nameof(sizeHint));

    /// <inheritdoc />
    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;
}
