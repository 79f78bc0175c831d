using System;
using Apache.Arrow;

namespace Polder.Parquet.Values;

/// <summary>
/// Turns the values of a leaf's pages into the buffers of Arrow arrays, one batch after the other. One virtual call a
/// run of a page, none a value.
/// </summary>
internal abstract class ValueDecoder
{
    /// <summary>The encoding of the page begun.</summary>
    protected ParquetEncoding Encoding { get; private set; }

    /// <summary>The bytes of the page begun, all that may be read.</summary>
    protected ReadOnlyMemory<byte> Page { get; private set; }

    /// <summary>The byte after the page's last one.</summary>
    protected int PageEnd { get; private set; }

    /// <summary><see cref="Limits.RepeatedBytes"/>.</summary>
    public long MostRepeatedBytes { get; set; } = long.MaxValue;

    /// <summary>Forgets the dictionary of the chunk before.</summary>
    public virtual void BeginChunk()
    {
    }

    /// <summary>Takes the dictionary of the chunk: PLAIN values.</summary>
    /// <exception cref="CorruptFileException">The page has fewer values than it says.</exception>
    public abstract void SetDictionary(ReadOnlySpan<byte> page, int end, int count);

    /// <summary>Begins at a page's values.</summary>
    /// <param name="encoding">How they are encoded.</param>
    /// <param name="page">All that may be read; must stay until the next page begins.</param>
    /// <param name="start">The first byte of the values.</param>
    /// <param name="end">The byte after the last one.</param>
    /// <param name="mostValues">Slots of the page: it has at most as many values.</param>
    public void BeginPage(ParquetEncoding encoding, ReadOnlyMemory<byte> page, int start, int end, int mostValues)
    {
        Encoding = encoding;
        Page = page;
        PageEnd = end;
        BeginValues(start, mostValues);
    }

    /// <summary>Begins a batch; memory is reserved for that many slots, more may come.</summary>
    public abstract void BeginBatch(int slotCount);

    /// <summary>Decodes the next values of the page into the next slots of the batch.</summary>
    /// <param name="slotCount">Slots.</param>
    /// <param name="validCount">Values: slots that are not null.</param>
    /// <param name="validity">A bitmap; not read where all slots are valid.</param>
    /// <param name="bitStart">The bit of the first slot.</param>
    /// <exception cref="CorruptFileException">The page has fewer values or is damaged.</exception>
    public abstract void Decode(int slotCount, int validCount, ReadOnlySpan<byte> validity, int bitStart);

    /// <summary>Steps over the next values of the page.</summary>
    /// <exception cref="CorruptFileException">The page has fewer values or is damaged.</exception>
    public abstract void Skip(int valueCount);

    /// <summary>Ends the batch: the buffers of its array after the validity bitmap.</summary>
    public abstract ArrowBuffer[] FinishBatch();

    /// <summary>
    /// The dictionary of the batch's array, to be asked for before the next batch begins; null where it has none.
    /// </summary>
    public virtual ArrayData? FinishDictionary() => null;

    /// <summary>Sets up for the page's encoding.</summary>
    protected abstract void BeginValues(int start, int mostValues);
}
