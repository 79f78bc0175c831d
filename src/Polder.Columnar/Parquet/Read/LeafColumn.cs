using Apache.Arrow;

namespace Polder.Parquet.Read;

/// <summary>What a leaf gave for the rows of one batch: its slots, and the levels that tell how they nest.</summary>
internal sealed class LeafColumn
{
    /// <summary>The buffers of the slots' array after the validity bitmap.</summary>
    public required ArrowBuffer[] Values { get; init; }

    /// <summary>The entries that the slots are positions of; null where they are values themselves.</summary>
    public ArrayData? Dictionary { get; init; }

    /// <summary>Slots: rows of a flat leaf, elements of the innermost list of a nested one.</summary>
    public required int SlotCount { get; init; }

    /// <summary>Slots that are null.</summary>
    public required int NullCount { get; init; }

    /// <summary>A bitmap of the slots; empty where none is null.</summary>
    public required ArrowBuffer Validity { get; init; }

    /// <summary>
    /// A level for each entry: each slot, and each empty or null list around where slots would be. Null where the leaf
    /// is flat and its levels say no more than its validity.
    /// </summary>
    public byte[]? DefinitionLevels { get; init; }

    /// <summary>A level for each entry; null where the leaf is flat.</summary>
    public byte[]? RepetitionLevels { get; init; }

    /// <summary>Entries: the levels in use.</summary>
    public int EntryCount { get; init; }
}
