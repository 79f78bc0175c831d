using System;
using System.Numerics;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Parquet.Encodings;

namespace Polder.Parquet.Values;

/// <summary>Values of one width: everything that does not depend on how the file stores them.</summary>
internal abstract class FixedValueDecoder<TOut> : ValueDecoder
    where TOut : unmanaged
{
    private readonly uint[] _indexes = new uint[DictionaryIndexes.ChunkValues + 16];
    private readonly SlotBuffer _slots = new(ByteCast.SizeOf<TOut>());
    private TOut[] _dictionary = [];
    private int _entryCount;
    private bool _hasDictionary;
    private DictionaryIndexes _positions;

    /// <summary>The fewest bytes that a PLAIN value takes in the file.</summary>
    protected abstract int LeastWireBytes { get; }

    /// <inheritdoc />
    public override void BeginChunk() => _hasDictionary = false;

    /// <inheritdoc />
    public override void SetDictionary(ReadOnlySpan<byte> page, int end, int count)
    {
        if ((long)count * LeastWireBytes > end)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a dictionary of {count} entries in {end} bytes"));
        }

        if (_dictionary.Length < count)
        {
            _dictionary = new TOut[BitOperations.RoundUpToPowerOf2((uint)count)];
        }

        DecodeDictionary(page, end, _dictionary.AsSpan(0, count));
        _entryCount = count;
        _hasDictionary = true;
    }

    /// <inheritdoc />
    public override void BeginBatch(int slotCount) => _slots.Begin(slotCount);

    /// <inheritdoc />
    public override void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart)
    {
        Span<TOut> slots = ByteCast.As<TOut>(_slots.Take(slotCount));
        Span<TOut> dense = slots[(slotCount - validCount)..];
        if (Encoding.IsDictionary())
        {
            DecodeIndexes(dense);
        }
        else
        {
            DecodeValues(dense);
        }

        if (validCount < slotCount)
        {
            NullSpread.Spread(slots, validity, bitStart, validCount);
        }
    }

    /// <inheritdoc />
    public override void Skip(int valueCount)
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
    public override ArrowBuffer[] FinishBatch() => [_slots.Finish()];

    /// <inheritdoc />
    protected override void BeginValues(int start, int mostValues)
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

    /// <summary>Sets up for an encoding that is not a dictionary's.</summary>
    protected abstract void BeginEncoded(int start, int mostValues);

    /// <summary>Decodes the next values of an encoding that is not a dictionary's.</summary>
    protected abstract void DecodeValues(Span<TOut> values);

    /// <summary>Steps over values of an encoding that is not a dictionary's.</summary>
    protected abstract void SkipValues(int count);

    /// <summary>Decodes PLAIN entries.</summary>
    protected abstract void DecodeDictionary(ReadOnlySpan<byte> page, int end, Span<TOut> entries);

    private void DecodeIndexes(Span<TOut> values)
    {
        ReadOnlySpan<byte> page = Page.Span;
        ReadOnlySpan<TOut> dictionary = _dictionary.AsSpan(0, _entryCount);
        while (!values.IsEmpty)
        {
            int count = _positions.Next(page, values.Length, _indexes, out long repeated);
            if (repeated >= 0)
            {
                values[..count].Fill(
                    repeated < _entryCount ? dictionary[(int)repeated] : throw DictionaryIndexes.Outside(_entryCount));
            }
            else if (!DictionaryGather.TryValues(dictionary, _indexes.AsSpan(0, count), values))
            {
                throw DictionaryIndexes.Outside(_entryCount);
            }

            values = values[count..];
        }
    }
}
