using System;
using Polder.Bytes;
using Polder.Parquet.Compression;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>
/// What a job needs while it encodes leaves, one after another: scratch memory and codecs, never shared by two jobs at
/// once. Whoever makes it disposes it.
/// </summary>
internal sealed class EncodeContext : IDisposable
{
    private const int LargestKeptScratch = 1 << 20;

    private readonly BufferAllocator _allocator;
    private byte[] _values = [];

    /// <summary>Makes a context.</summary>
    /// <param name="allocator">Where page bodies are put.</param>
    public EncodeContext(BufferAllocator allocator)
    {
        _allocator = allocator;
        Body = new BufferBuilder(0, allocator);
        Compressed = new BufferBuilder(0, allocator);
    }

    /// <summary>Codecs.</summary>
    public CodecContext Codecs { get; } = new();

    /// <summary>Levels from columns.</summary>
    public Shredder Shredder { get; } = new();

    /// <summary>The body of the page being encoded.</summary>
    public BufferBuilder Body { get; private set; }

    /// <summary>The same, compressed.</summary>
    public BufferBuilder Compressed { get; private set; }

    /// <summary>Room for that many values; contents undefined, valid until the next call.</summary>
    public Span<T> Values<T>(int count)
        where T : unmanaged
    {
        // Int128 is the widest value there is.
        if (_values.Length < count * 16L)
        {
            _values = GC.AllocateUninitializedArray<byte>(checked(count * 16));
        }

        return ByteCast.As<T>(_values.AsSpan())[..count];
    }

    /// <summary>Gives back what was rented and lets go of batches; codecs and small scratch stay.</summary>
    public void Release()
    {
        Body.Dispose();
        Compressed.Dispose();
        Body = new BufferBuilder(0, _allocator);
        Compressed = new BufferBuilder(0, _allocator);
        if (_values.Length > LargestKeptScratch)
        {
            _values = [];
        }

        Shredder.Release();
    }

    /// <summary>Gives everything back; a second call does nothing.</summary>
    public void Dispose()
    {
        Codecs.Dispose();
        Body.Dispose();
        Compressed.Dispose();
    }
}
