using System;
using System.Collections.Generic;
using Apache.Arrow;

namespace Polder.Execution.Keys;

/// <summary>One way to hold the distinct keys of a <see cref="KeyTable"/>.</summary>
internal abstract class KeyStore
{
    /// <summary>Number of groups.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes held.</summary>
    public abstract long SizeBytes { get; }

    /// <summary>
    /// The group of each row, a new one for a key not seen before. False where a value does not fit this way of
    /// holding keys; then nothing was added.
    /// </summary>
    public abstract bool TryFindOrAdd(IReadOnlyList<IArrowArray> columns, Span<int> groups);

    /// <summary>The group of each row; -1 where there is none. Changes nothing but the scratch space.</summary>
    public abstract void Find(IReadOnlyList<IArrowArray> columns, Span<int> groups, KeyScratch scratch);

    /// <summary>The keys of a run of groups, one array per column.</summary>
    public abstract IArrowArray[] Build(int start, int count);
}
