using System;
using Polder.Bytes;
using Polder.Parquet.Encodings;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>
/// A leaf whose values go into a dictionary as long as that pays: until the first values show that it does not, or the
/// dictionary is full. From there on they are stored plain.
/// </summary>
internal abstract class DictionaryLeafEncoder : LeafEncoder
{
    private const int SampleCount = 256;

    private int[] _indices = [];
    private int _indexCount;
    private bool _usesDictionary;
    private bool _isDecided;
    private long _sampledCount;
    private long _sampledPlainBytes;
    private long _sampledIndexBytes;

    protected DictionaryLeafEncoder(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator)
        : base(path, options, allocator)
    {
        Plain = new BufferBuilder(0, allocator);
        _usesDictionary = options.DictionaryBytes > 0;
    }

    /// <summary>The page's values in PLAIN encoding, while there is no dictionary.</summary>
    protected BufferBuilder Plain { get; }

    /// <summary>Whether values go into the dictionary.</summary>
    protected bool UsesDictionary => _usesDictionary;

    /// <summary>The page's values as positions in the dictionary.</summary>
    protected ReadOnlySpan<int> PageIndices => _indices.AsSpan(0, _indexCount);

    protected override bool HasBloom => true;

    /// <summary>Bytes of a value in PLAIN encoding; -1 where each begins with its length.</summary>
    protected abstract int PlainWidth { get; }

    /// <summary>Entries of the dictionary.</summary>
    protected abstract int DictionaryCount { get; }

    /// <summary>Bytes of the dictionary in PLAIN encoding.</summary>
    protected abstract long DictionaryBytes { get; }

    /// <summary>Bytes that the page's values would take in PLAIN encoding.</summary>
    protected abstract long PagePlainBytes { get; }

    protected override long PendingBytes =>
        Plain.Length + (_indexCount * (long)sizeof(int)) + (_usesDictionary ? DictionaryBytes : 0);

    protected override void Dispose(bool disposing)
    {
        Plain.Dispose();
        base.Dispose(disposing);
    }

    protected override bool TryAppendValues(LeafSlots slots, int start, int count, EncodeContext context)
    {
        if (!_usesDictionary)
        {
            AppendPlain(slots, start, count, context);
            return true;
        }

        if (_indices.Length < _indexCount + count)
        {
            Array.Resize(ref _indices, int.Max(_indexCount + count, 2 * _indices.Length));
        }

        if (!TryIntern(slots, start, count, _indices.AsSpan(_indexCount, count), context))
        {
            return false;
        }

        _indexCount += count;
        return true;
    }

    protected override ParquetEncoding EncodeValues(BufferBuilder body, bool isLastPage)
    {
        if (!_usesDictionary)
        {
            Bloom?.Add(Plain.Span, PlainWidth);
            body.Write(Plain.Span);
            Plain.Clear();
            return ParquetEncoding.Plain;
        }

        // A page of nulls has no values, in whatever encoding; it says nothing about the dictionary.
        if (_indexCount == 0)
        {
            return ParquetEncoding.Plain;
        }

        int start = body.Length;
        _sampledPlainBytes += PagePlainBytes;
        _sampledCount += _indexCount;
        EncodeIndices(body);
        _sampledIndexBytes += body.Length - start;
        if (!DoesDictionaryPay(isLastPage))
        {
            GiveDictionaryUp();
            if (_sampledCount == _indexCount)
            {
                body.Resize(start);
                PutPlain(PageIndices, body);
                _indexCount = 0;
                return ParquetEncoding.Plain;
            }
        }

        _indexCount = 0;
        return ParquetEncoding.RleDictionary;
    }

    protected override void GiveDictionaryUp() => _usesDictionary = false;

    protected override int EncodeDictionary(BufferBuilder body)
    {
        int count = DictionaryCount;
        int start = body.Length;
        PutDictionary(body);
        Bloom?.Add(body.Span[start..], PlainWidth);
        ClearDictionary();
        _usesDictionary = Options.DictionaryBytes > 0;
        _isDecided = false;
        _sampledCount = 0;
        _sampledPlainBytes = _sampledIndexBytes = 0;
        return count;
    }

    /// <summary>Appends values to <see cref="Plain"/> and to the page's bounds.</summary>
    protected abstract void AppendPlain(LeafSlots slots, int start, int count, EncodeContext context);

    /// <summary>Finds or adds values; false, the indices undefined, when the dictionary would grow too large.</summary>
    protected abstract bool TryIntern(
        LeafSlots slots, int start, int count, Span<int> indices, EncodeContext context);

    /// <summary>Appends the entries at the indices in PLAIN encoding.</summary>
    protected abstract void PutPlain(ReadOnlySpan<int> indices, BufferBuilder body);

    /// <summary>Appends the whole dictionary in PLAIN encoding.</summary>
    protected abstract void PutDictionary(BufferBuilder body);

    /// <summary>Forgets the dictionary.</summary>
    protected abstract void ClearDictionary();

    /// <summary>Decides once, when enough values were seen, or when there are no more.</summary>
    private bool DoesDictionaryPay(bool isLastPage)
    {
        if (_isDecided || (_sampledCount < SampleCount && !(isLastPage && _sampledCount == _indexCount)))
        {
            return true;
        }

        _isDecided = true;
        return DictionaryBytes + _sampledIndexBytes < _sampledPlainBytes;
    }

    private void EncodeIndices(BufferBuilder body)
    {
        // Width 0 would do for one entry; some readers stumble over it.
        int width = int.Max(1, RleHybridEncoder.WidthOf(DictionaryCount - 1));
        body.GetSpan(1)[0] = (byte)width;
        body.Advance(1);
        RleHybridEncoder.Encode(PageIndices, width, body);
    }
}
