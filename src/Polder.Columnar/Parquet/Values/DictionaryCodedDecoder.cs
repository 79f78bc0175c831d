using System;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Values that a page holds as positions in the chunk's dictionary, or in an encoding of their own.</summary>
internal abstract class DictionaryCodedDecoder : ValueDecoder
{
    private bool _hasDictionary;
    private DictionaryIndexes _positions;

    /// <summary>The fewest bytes that a PLAIN value takes in the file.</summary>
    protected abstract int LeastWireBytes { get; }

    /// <inheritdoc />
    public override void BeginChunk() => _hasDictionary = false;

    /// <inheritdoc />
    public sealed override void SetDictionary(ReadOnlySpan<byte> page, int end, int count)
    {
        if ((long)count * LeastWireBytes > end)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a dictionary of {count} entries in {end} bytes"));
        }

        DecodeEntries(page, end, count);
        _hasDictionary = true;
    }

    /// <inheritdoc />
    public sealed override void Skip(int valueCount)
    {
        if (Encoding.IsDictionary())
        {
            _positions.Skip(Page.Span, valueCount);
        }
        else
        {
            SkipValues(valueCount);
        }
    }

    /// <inheritdoc />
    protected sealed override void BeginValues(int start, int mostValues)
    {
        if (!Encoding.IsDictionary())
        {
            BeginEncoded(start, mostValues);
            return;
        }

        if (!_hasDictionary)
        {
            throw DictionaryIndexes.WithoutDictionary();
        }

        _positions = DictionaryIndexes.Begin(Page.Span, start, PageEnd);
    }

    /// <summary>The next positions of a dictionary page, as <see cref="DictionaryIndexes.Next"/> gives them.</summary>
    protected int NextPositions(int wanted, Span<uint> chunk, out long repeated) =>
        _positions.Next(Page.Span, wanted, chunk, out repeated);

    /// <summary>Decodes the PLAIN entries of the dictionary, and keeps them for the chunk.</summary>
    protected abstract void DecodeEntries(ReadOnlySpan<byte> page, int end, int count);

    /// <summary>Sets up for an encoding that is not a dictionary's.</summary>
    protected abstract void BeginEncoded(int start, int mostValues);

    /// <summary>Steps over values of an encoding that is not a dictionary's.</summary>
    protected abstract void SkipValues(int count);
}
