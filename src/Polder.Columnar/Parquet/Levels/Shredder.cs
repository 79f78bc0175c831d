using System;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;

namespace Polder.Parquet.Levels;

/// <summary>
/// Turns a column of a batch into the slots of one of its leaves: the way from Arrow's offsets and bitmaps to Parquet's
/// levels, a field at a time. A slot's position is its row in the array of the field reached, or -1 once something on
/// the way was null or empty.
/// </summary>
internal sealed class Shredder
{
    private const int LargestKeptSlots = 1 << 17;

    private LeafSlots _slots = new();
    private byte[] _definition = [];
    private byte[] _repetition = [];
    private int[] _positions = [];
    private byte[] _nextDefinition = [];
    private byte[] _nextRepetition = [];
    private int[] _nextPositions = [];
    private int _count;

    /// <summary>The slots of a leaf; valid until the next call.</summary>
    /// <exception cref="ArgumentException">A field that is not nullable holds a null.</exception>
    public LeafSlots Shred(LeafPath path, ArrayData column)
    {
        _slots.RowCount = column.Length;
        if (path.IsFlat)
        {
            ShredFlat(path, column);
        }
        else
        {
            ShredNested(path, column);
        }

        return _slots;
    }

    /// <summary>Lets go of the batch last shredded, and of buffers larger than usual batches need.</summary>
    public void Release()
    {
        if (_positions.Length > LargestKeptSlots || _slots.RowBuffer.Length > LargestKeptSlots)
        {
            _slots = new LeafSlots();
            _definition = _repetition = _nextDefinition = _nextRepetition = [];
            _positions = _nextPositions = [];
        }

        _slots.Data = null!;
    }

    private void ShredFlat(LeafPath path, ArrayData column)
    {
        Validity validity = Validity.Of(column);
        RefuseNulls(path.Steps[0].Field, path, validity.NullCount);
        _slots.Data = column;
        _slots.HasLevels = false;
        _slots.IsRepeated = false;
        _slots.SlotCount = column.Length;
        _slots.ValueCount = column.Length - validity.NullCount;
        _slots.IsContiguous = validity.NullCount == 0 || _slots.ValueCount == 0;
        _slots.FirstRow = 0;
        if (!_slots.IsContiguous)
        {
            _slots.RowBuffer = Grown(_slots.RowBuffer, column.Length);
            Bitmap.FindOnes(validity.Bits, validity.BitOffset, column.Length, _slots.RowBuffer);
        }
    }

    private void ShredNested(LeafPath path, ArrayData column)
    {
        Begin(column.Length);
        ArrayData data = column;
        for (int stepIndex = 0; stepIndex < path.Steps.Count; stepIndex++)
        {
            ParquetField field = path.Steps[stepIndex].Field;
            EnterField(field, path, Validity.Of(data));
            if (stepIndex == path.Steps.Count - 1)
            {
                break;
            }

            int childIndex = path.Steps[stepIndex + 1].ChildIndex;
            switch (field.Shape)
            {
                case FieldShape.List:
                    Repeat(ArrayBuffers.Offsets(data), field.RepetitionLevel + 1);
                    data = data.Children[0];
                    break;
                case FieldShape.Map:
                    Repeat(ArrayBuffers.Offsets(data), field.RepetitionLevel + 1);
                    data = ArrayBuffers.StructField(data.Children[0], childIndex);
                    break;
                default:
                    data = ArrayBuffers.StructField(data, childIndex);
                    break;
            }
        }

        End(path, data);
    }

    private void Begin(int rowCount)
    {
        _definition = Grown(_definition, rowCount);
        _repetition = Grown(_repetition, rowCount);
        _positions = Grown(_positions, rowCount);
        _count = rowCount;
        _definition.AsSpan(0, rowCount).Clear();
        _repetition.AsSpan(0, rowCount).Clear();
        for (int row = 0; row < rowCount; row++)
        {
            _positions[row] = row;
        }
    }

    /// <summary>Slots where the field is null end here; the others rise a level if it could have been.</summary>
    private void EnterField(ParquetField field, LeafPath path, Validity validity)
    {
        Span<int> positions = _positions.AsSpan(0, _count);
        Span<byte> definition = _definition.AsSpan(0, _count);
        if (!validity.HasNulls)
        {
            if (field.IsNullable)
            {
                for (int slot = 0; slot < positions.Length; slot++)
                {
                    definition[slot] += (byte)(positions[slot] >= 0 ? 1 : 0);
                }
            }

            return;
        }

        byte rise = (byte)(field.IsNullable ? 1 : 0);
        int nullCount = 0;
        for (int slot = 0; slot < positions.Length; slot++)
        {
            int position = positions[slot];
            if (position < 0)
            {
                continue;
            }

            if (validity.IsValid(position))
            {
                definition[slot] += rise;
            }
            else
            {
                positions[slot] = -1;
                nullCount++;
            }
        }

        // Only rows under parents that are there count: below a null parent a required field may well be null.
        RefuseNulls(field, path, nullCount);
    }

    /// <summary>Every entry of a list becomes a slot; a null or empty list stays one slot that ends here.</summary>
    private void Repeat(ReadOnlySpan<int> offsets, int repetitionLevel)
    {
        int entryCount = CountEntries(offsets);
        _nextDefinition = Grown(_nextDefinition, entryCount);
        _nextRepetition = Grown(_nextRepetition, entryCount);
        _nextPositions = Grown(_nextPositions, entryCount);
        Span<byte> definition = _nextDefinition.AsSpan(0, entryCount);
        Span<byte> repetition = _nextRepetition.AsSpan(0, entryCount);
        Span<int> positions = _nextPositions.AsSpan(0, entryCount);
        int next = 0;
        for (int slot = 0; slot < _count; slot++)
        {
            int position = _positions[slot];
            int start = position < 0 ? 0 : offsets[position];
            int length = position < 0 ? 0 : offsets[position + 1] - start;
            repetition[next] = _repetition[slot];
            if (length == 0)
            {
                definition[next] = _definition[slot];
                positions[next++] = -1;
                continue;
            }

            definition.Slice(next, length).Fill((byte)(_definition[slot] + 1));
            repetition.Slice(next + 1, length - 1).Fill((byte)repetitionLevel);
            for (int index = 0; index < length; index++)
            {
                positions[next + index] = start + index;
            }

            next += length;
        }

        (_definition, _nextDefinition) = (_nextDefinition, _definition);
        (_repetition, _nextRepetition) = (_nextRepetition, _repetition);
        (_positions, _nextPositions) = (_nextPositions, _positions);
        _count = entryCount;
    }

    private int CountEntries(ReadOnlySpan<int> offsets)
    {
        long entryCount = 0;
        for (int slot = 0; slot < _count; slot++)
        {
            int position = _positions[slot];
            entryCount += position < 0 ? 1 : int.Max(1, offsets[position + 1] - offsets[position]);
        }

        return checked((int)entryCount);
    }

    private void End(LeafPath path, ArrayData data)
    {
        _slots.Data = data;
        _slots.HasLevels = true;
        _slots.IsRepeated = path.Leaf.MaxRepetitionLevel > 0;
        _slots.SlotCount = _count;
        _slots.RowBuffer = Grown(_slots.RowBuffer, _count);
        int valueCount = 0;
        Span<int> rows = _slots.RowBuffer.AsSpan(0, _count);
        foreach (int position in _positions.AsSpan(0, _count))
        {
            if (position >= 0)
            {
                rows[valueCount++] = position;
            }
        }

        _slots.ValueCount = valueCount;
        // Positions ascend, so the ends tell whether any row between them is left out.
        _slots.IsContiguous = valueCount == 0 || rows[valueCount - 1] - rows[0] == valueCount - 1;
        _slots.FirstRow = valueCount == 0 ? 0 : rows[0];
        (_slots.DefinitionBuffer, _definition) = (_definition, _slots.DefinitionBuffer);
        (_slots.RepetitionBuffer, _repetition) = (_repetition, _slots.RepetitionBuffer);
        if (_slots.IsRepeated)
        {
            FindRowStarts();
        }
    }

    private void FindRowStarts()
    {
        _slots.RowStartBuffer = Grown(_slots.RowStartBuffer, _slots.RowCount + 1);
        Span<int> starts = _slots.RowStartBuffer;
        int row = 0;
        ReadOnlySpan<byte> repetition = _slots.RepetitionLevels;
        for (int slot = 0; slot < repetition.Length; slot++)
        {
            if (repetition[slot] == 0)
            {
                starts[row++] = slot;
            }
        }

        Invariant.Holds(row == _slots.RowCount, "shredding lost a row");
        starts[row] = repetition.Length;
    }

    private static void RefuseNulls(ParquetField field, LeafPath path, int nullCount)
    {
        if (nullCount > 0 && !field.IsNullable)
        {
            throw new ArgumentException(
                $"column '{path.Leaf}' holds {nullCount} nulls where '{field.Name}' is declared NOT NULL");
        }
    }

    private static T[] Grown<T>(T[] array, int length) =>
        array.Length >= length ? array : new T[int.Max(length, 2 * array.Length)];
}
