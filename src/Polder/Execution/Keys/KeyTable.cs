using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Keys;

/// <summary>
/// Distinct keys, numbered densely in the order of first appearance: what grouping, joins and DISTINCT share. Null
/// equals null, NaN equals NaN, -0.0 equals 0.0. Keys are held by position, in one word, in two, or as bytes,
/// whichever the first batch fits; a longer string or a stray number later moves all of them on. Written by one
/// thread; when complete, read by many.
/// </summary>
/// <param name="types">Of the keys.</param>
/// <param name="expectedCount">How many keys to make room for at once.</param>
internal sealed class KeyTable(IReadOnlyList<DataType> types, int expectedCount = 0)
{
    private KeyStore? _store;

    /// <summary>Number of groups.</summary>
    public int Count => _store?.Count ?? 0;

    /// <summary>Bytes held.</summary>
    public long SizeBytes => _store?.SizeBytes ?? 0;

    /// <summary>The group of each row, a new one for a key not seen before.</summary>
    /// <param name="columns">One per key, as many rows as <paramref name="groups"/>.</param>
    /// <param name="groups">Receives the groups.</param>
    public void FindOrAdd(IReadOnlyList<IArrowArray> columns, Span<int> groups)
    {
        if (groups.IsEmpty)
        {
            return;
        }

        if (_store is null || !_store.TryFindOrAdd(columns, groups))
        {
            Widen(columns);
            Invariant.Holds(_store!.TryFindOrAdd(columns, groups), "keys did not fit the layout chosen for them");
        }
    }

    /// <summary>The group of each row; -1 where the key is unknown. For many threads, each with its scratch.</summary>
    public void Find(IReadOnlyList<IArrowArray> columns, Span<int> groups, KeyScratch scratch)
    {
        if (_store is null)
        {
            groups.Fill(-1);
        }
        else
        {
            _store.Find(columns, groups, scratch);
        }
    }

    /// <summary>The keys of a run of groups, one array per key; floats normalised.</summary>
    public IArrowArray[] Build(int start, int count)
    {
        if (_store is not null)
        {
            return _store.Build(start, count);
        }

        IArrowArray[] columns = new IArrowArray[types.Count];
        for (int column = 0; column < columns.Length; column++)
        {
            columns[column] = ColumnBuilder.Create(types[column]).Build();
        }

        return columns;
    }

    // Moves to the narrowest way that holds the keys so far and the new ones; group numbers stay.
    private void Widen(IReadOnlyList<IArrowArray> columns)
    {
        List<IArrowArray[]> known = [];
        for (int start = 0; start < _store?.Count; start += Chunk.MaxRows)
        {
            known.Add(_store.Build(start, int.Min(Chunk.MaxRows, _store.Count - start)));
        }

        if (_store is null && types.Count == 1 && DirectStore.Takes(types[0]))
        {
            DirectStore direct = new(types[0]);
            if (direct.TryFindOrAdd(columns, new int[columns[0].Length]))
            {
                _store = direct;
                return;
            }
        }

        int[] longest = KeyLayout.MeasureTexts(types, columns);
        foreach (IArrowArray[] keys in known)
        {
            int[] lengths = KeyLayout.MeasureTexts(types, keys);
            for (int column = 0; column < longest.Length; column++)
            {
                longest[column] = int.Max(longest[column], lengths[column]);
            }
        }

        KeyLayout? layout = KeyLayout.Fit(types, longest);
        _store = layout is null
            ? new BytesStore(types, expectedCount)
            : layout.IsWide
                ? new PackedStore<WideKey>(types, layout, expectedCount)
                : new PackedStore<NarrowKey>(types, layout, expectedCount);
        foreach (IArrowArray[] keys in known)
        {
            bool fits = _store.TryFindOrAdd(keys, new int[keys[0].Length]);
            Invariant.Holds(fits, "known keys did not fit a wider layout");
        }
    }
}
