using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>
/// The levels of the page being filled: a bitmap for a column that is a leaf itself, bytes below other fields, nothing
/// for what is required all the way.
/// </summary>
internal sealed class PageLevels
{
    private readonly ParquetLeaf _leaf;
    private readonly bool _isFlat;
    private byte[] _definition = [];
    private byte[] _repetition = [];

    public PageLevels(LeafPath path)
    {
        _leaf = path.Leaf;
        _isFlat = path.IsFlat;
        DefinitionCounts = new long[path.Leaf.MaxDefinitionLevel + 1];
        RepetitionCounts = new long[path.Leaf.MaxRepetitionLevel + 1];
    }

    /// <summary>Slots of the page.</summary>
    public int SlotCount { get; private set; }

    /// <summary>Slots of the page that hold a value.</summary>
    public int ValueCount { get; private set; }

    /// <summary>Slots of the pages encoded so far, by definition level.</summary>
    public long[] DefinitionCounts { get; }

    /// <summary>Slots of the pages encoded so far, by repetition level.</summary>
    public long[] RepetitionCounts { get; }

    private int MaxDefinitionLevel => _leaf.MaxDefinitionLevel;

    /// <summary>How many of a run of slots hold a value.</summary>
    public int CountValues(LeafSlots slots, int start, int count)
    {
        if (MaxDefinitionLevel == 0 || slots.ValueCount == slots.SlotCount)
        {
            return count;
        }

        if (slots.HasLevels)
        {
            return slots.DefinitionLevels.Slice(start, count).Count((byte)MaxDefinitionLevel);
        }

        Validity validity = Validity.Of(slots.Data);
        return validity.Bits.IsEmpty ? 0 : Bitmap.CountOnes(validity.Bits, validity.BitOffset + start, count);
    }

    /// <summary>Appends a run of slots that hold <paramref name="valueCount"/> values.</summary>
    public void Append(LeafSlots slots, int start, int count, int valueCount)
    {
        if (_isFlat)
        {
            if (MaxDefinitionLevel > 0)
            {
                AppendBits(slots, start, count, valueCount);
            }
        }
        else
        {
            Grow(ref _definition, SlotCount + count);
            slots.DefinitionLevels.Slice(start, count).CopyTo(_definition.AsSpan(SlotCount));
            if (_leaf.MaxRepetitionLevel > 0)
            {
                Grow(ref _repetition, SlotCount + count);
                slots.RepetitionLevels.Slice(start, count).CopyTo(_repetition.AsSpan(SlotCount));
            }
        }

        SlotCount += count;
        ValueCount += valueCount;
    }

    /// <summary>Appends the levels in the form of a V1 page, counts them, and starts anew.</summary>
    public void Encode(BufferBuilder body)
    {
        if (_leaf.MaxRepetitionLevel > 0)
        {
            ReadOnlySpan<byte> levels = _repetition.AsSpan(0, SlotCount);
            LevelEncoder.Encode(levels, _leaf.MaxRepetitionLevel, body);
            Count(levels, RepetitionCounts);
        }

        if (MaxDefinitionLevel > 0 && _isFlat)
        {
            LevelEncoder.EncodeBits(_definition, SlotCount, ValueCount, body);
            DefinitionCounts[0] += SlotCount - ValueCount;
            DefinitionCounts[1] += ValueCount;
        }
        else if (MaxDefinitionLevel > 0)
        {
            ReadOnlySpan<byte> levels = _definition.AsSpan(0, SlotCount);
            LevelEncoder.Encode(levels, MaxDefinitionLevel, body);
            Count(levels, DefinitionCounts);
        }
        else
        {
            DefinitionCounts[0] += SlotCount;
        }

        SlotCount = 0;
        ValueCount = 0;
    }

    /// <summary>Forgets the counts of the pages encoded so far.</summary>
    public void ResetCounts()
    {
        DefinitionCounts.AsSpan().Clear();
        RepetitionCounts.AsSpan().Clear();
    }

    private void AppendBits(LeafSlots slots, int start, int count, int valueCount)
    {
        Grow(ref _definition, Bitmap.SizeBytes(SlotCount + count));
        if (valueCount == count || valueCount == 0)
        {
            Bitmap.Fill(_definition, SlotCount, count, valueCount != 0);
            return;
        }

        Validity validity = Validity.Of(slots.Data);
        Bitmap.Copy(validity.Bits, validity.BitOffset + start, _definition, SlotCount, count);
    }

    private static void Count(ReadOnlySpan<byte> levels, long[] counts)
    {
        // Levels above the first are counted, the first is what is left: most leaves have two levels or three.
        long rest = levels.Length;
        for (int level = 1; level < counts.Length; level++)
        {
            int count = levels.Count((byte)level);
            counts[level] += count;
            rest -= count;
        }

        counts[0] += rest;
    }

    private static void Grow(ref byte[] array, int length)
    {
        if (array.Length < length)
        {
            Array.Resize(ref array, int.Max(length, 2 * array.Length));
        }
    }
}
