using System;
using System.Collections.Generic;
using System.Text;

namespace Polder.Columns.Variant;

/// <summary>Keys as UTF-8, each with the id of its first appearance.</summary>
internal sealed class KeyTable
{
    private const int MaxStackChars = 256;

    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<byte[]> _keys = [];

    /// <summary>The keys by id.</summary>
    public IReadOnlyList<byte[]> Keys => _keys;

    /// <summary>The id of a key; -1 where it is not there.</summary>
    public int Find(ReadOnlySpan<byte> key) => Look(key, isAdding: false);

    /// <summary>The id of a key, which is added where it is not there.</summary>
    public int FindOrAdd(ReadOnlySpan<byte> key) => Look(key, isAdding: true);

    /// <summary>Forgets all keys.</summary>
    public void Clear()
    {
        _ids.Clear();
        _keys.Clear();
    }

    private int Look(ReadOnlySpan<byte> key, bool isAdding)
    {
        // Byte for byte a char, so that keys which are no UTF-8 stay apart too.
        Span<char> text = key.Length <= MaxStackChars ? stackalloc char[key.Length] : new char[key.Length];
        Encoding.Latin1.GetChars(key, text);
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> known =
            _ids.GetAlternateLookup<ReadOnlySpan<char>>();
        if (known.TryGetValue(text, out int id))
        {
            return id;
        }

        if (!isAdding)
        {
            return -1;
        }

        known[text] = _keys.Count;
        _keys.Add(key.ToArray());
        return _keys.Count - 1;
    }
}
