using System;
using Apache.Arrow;

namespace Polder.Parquet.Levels;

/// <summary>
/// What a batch holds for one leaf: slots with their levels, and which rows of the leaf's array are values, in order.
/// Reused from leaf to leaf; valid until the next shredding.
/// </summary>
internal sealed class LeafSlots
{
    /// <summary>The leaf's array.</summary>
    public ArrayData Data { get; set; } = null!;

    /// <summary>Rows of the batch.</summary>
    public int RowCount { get; set; }

    /// <summary>Slots: values, nulls and empty lists.</summary>
    public int SlotCount { get; set; }

    /// <summary>Slots that hold a value.</summary>
    public int ValueCount { get; set; }

    /// <summary>Whether levels are in bytes here; else the slots are the rows, as the array's validity says.</summary>
    public bool HasLevels { get; set; }

    /// <summary>Whether the values are consecutive rows of the array, from <see cref="FirstRow"/> on.</summary>
    public bool IsContiguous { get; set; }

    /// <summary>The row of the first value, where contiguous.</summary>
    public int FirstRow { get; set; }

    /// <summary>Definition levels of the slots, where <see cref="HasLevels"/>.</summary>
    public ReadOnlySpan<byte> DefinitionLevels => DefinitionBuffer.AsSpan(0, SlotCount);

    /// <summary>Repetition levels of the slots, where <see cref="HasLevels"/>.</summary>
    public ReadOnlySpan<byte> RepetitionLevels => RepetitionBuffer.AsSpan(0, SlotCount);

    /// <summary>The rows of the values, where not contiguous.</summary>
    public ReadOnlySpan<int> ValueRows => RowBuffer.AsSpan(0, ValueCount);

    /// <summary>Where each row's slots begin, and where the last one's end; only below lists and maps.</summary>
    public ReadOnlySpan<int> RowStarts => RowStartBuffer.AsSpan(0, RowCount + 1);

    /// <summary>Whether a row may have several slots.</summary>
    public bool IsRepeated { get; set; }

    internal byte[] DefinitionBuffer { get; set; } = [];

    internal byte[] RepetitionBuffer { get; set; } = [];

    internal int[] RowBuffer { get; set; } = [];

    internal int[] RowStartBuffer { get; set; } = [];
}
