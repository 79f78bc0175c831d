using System;
using System.Buffers;
using ZstdSharp;

namespace Polder.Parquet.Compression;

/// <summary>
/// What codecs keep between pages: one per job at a time, never shared by two threads at once. Whoever makes it
/// disposes it.
/// </summary>
internal sealed class CodecContext : IDisposable
{
    private Decompressor? _zstdDecompressor;
    private Compressor? _zstdCompressor;
    private byte[] _scratch = [];
    private bool _isDisposed;

    /// <summary>For codecs that write to a writer.</summary>
    public FixedWriter Writer { get; } = new();

    /// <summary>The Zstandard decompressor of this context.</summary>
    public Decompressor ZstdDecompressor
    {
        get
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _zstdDecompressor ??= new Decompressor();
        }
    }

    /// <summary>The Zstandard compressor of this context, set to <paramref name="level"/>.</summary>
    public Compressor ZstdCompressor(int level)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _zstdCompressor ??= new Compressor(level);
        _zstdCompressor.Level = level;
        return _zstdCompressor;
    }

    /// <summary>Bytes for a codec that takes arrays only; contents undefined, valid until the next call.</summary>
    public byte[] Scratch(int minimumLength)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (_scratch.Length < minimumLength)
        {
            ReturnScratch();
            _scratch = ArrayPool<byte>.Shared.Rent(minimumLength);
        }

        return _scratch;
    }

    /// <summary>Gives everything back; a second call does nothing.</summary>
    public void Dispose()
    {
        _isDisposed = true;
        _zstdDecompressor?.Dispose();
        _zstdDecompressor = null;
        _zstdCompressor?.Dispose();
        _zstdCompressor = null;
        ReturnScratch();
    }

    private void ReturnScratch()
    {
        if (_scratch.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_scratch);
            _scratch = [];
        }
    }
}
