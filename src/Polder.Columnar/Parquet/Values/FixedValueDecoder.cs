using System;
using System.Numerics;
using Polder.Bytes;

namespace Polder.Parquet.Values;

/// <summary>Values of one width: everything that does not depend on how the file stores them.</summary>
internal abstract class FixedValueDecoder<TOut> : SlotDecoder<TOut>
    where TOut : unmanaged
{
    private readonly uint[] _indexes = new uint[DictionaryIndexes.ChunkValues + 16];
    private TOut[] _dictionary = [];
    private int _entryCount;

    /// <inheritdoc />
    protected sealed override void DecodeEntries(ReadOnlySpan<byte> page, int end, int count)
    {
        if (_dictionary.Length < count)
        {
            _dictionary = new TOut[BitOperations.RoundUpToPowerOf2((uint)count)];
        }

        DecodeDictionary(page, end, _dictionary.AsSpan(0, count));
        _entryCount = count;
    }

    /// <inheritdoc />
    protected sealed override void DecodePositions(Span<TOut> slots)
    {
        ReadOnlySpan<TOut> dictionary = _dictionary.AsSpan(0, _entryCount);
        while (!slots.IsEmpty)
        {
            int count = NextPositions(slots.Length, _indexes, out long repeated);
            if (repeated >= 0)
            {
                slots[..count].Fill(
                    repeated < _entryCount ? dictionary[(int)repeated] : throw DictionaryIndexes.Outside(_entryCount));
            }
            else if (!DictionaryGather.TryValues(dictionary, _indexes.AsSpan(0, count), slots))
            {
                throw DictionaryIndexes.Outside(_entryCount);
            }

            slots = slots[count..];
        }
    }

    /// <summary>Decodes PLAIN entries.</summary>
    protected abstract void DecodeDictionary(ReadOnlySpan<byte> page, int end, Span<TOut> entries);
}
