using System;
using System.Collections.Generic;
using System.IO.Hashing;
using System.Text;

namespace Polder.Server.Site;

/// <summary>What a block of a page is.</summary>
internal enum BlockKind : byte
{
    Text,
    Heading,
    Code,
    Query,
    Html,
}

/// <summary>
/// The content of a page as flat columns: one buffer of UTF-8, and per block where its HTML ends, its key, kind and
/// hash. Each block is exactly one element.
/// </summary>
/// <remarks>
/// 1. <c>Offsets</c> has one entry more than there are blocks, begins with 0 and never descends.
/// 2. Keys are unique: a fence's name, or kind and ordinal below the heading before it.
/// 3. The hash of a query block covers its whole result, of any other its HTML.
/// </remarks>
internal sealed class PageBlocks
{
    private readonly byte[] _html;
    private readonly int[] _offsets;
    private readonly string[] _keys;
    private readonly ulong[] _hashes;
    private readonly BlockKind[] _kinds;

    private PageBlocks(byte[] html, int[] offsets, string[] keys, ulong[] hashes, BlockKind[] kinds)
    {
        _html = html;
        _offsets = offsets;
        _keys = keys;
        _hashes = hashes;
        _kinds = kinds;
    }

    public int Count => _keys.Length;

    /// <summary>The HTML of all blocks, one after the other.</summary>
    public ReadOnlyMemory<byte> Html => _html;

    public ReadOnlySpan<ulong> Hashes => _hashes;

    public string Key(int index) => _keys[index];

    public ulong Hash(int index) => _hashes[index];

    public BlockKind Kind(int index) => _kinds[index];

    /// <summary>The HTML of one block.</summary>
    public ReadOnlySpan<byte> HtmlOf(int index) => _html.AsSpan(_offsets[index].._offsets[index + 1]);

    /// <summary>Takes blocks in their order.</summary>
    internal sealed class Builder
    {
        private readonly StringBuilder _text = new();
        private readonly List<int> _ends = [];
        private readonly List<string> _keys = [];
        private readonly List<ulong> _results = [];
        private readonly List<BlockKind> _kinds = [];
        private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

        /// <summary>Adds a block; <paramref name="result"/> is mixed into its hash.</summary>
        public void Add(string key, BlockKind kind, string html, ulong result = 0)
        {
            string unique = key;
            for (int copy = 2; !_taken.Add(unique); copy++)
            {
                unique = $"{key}~{copy}";
            }

            _text.Append(html);
            _ends.Add(_text.Length);
            _keys.Add(unique);
            _kinds.Add(kind);
            _results.Add(result);
        }

        public PageBlocks Build()
        {
            string text = _text.ToString();
            byte[] html = new byte[Encoding.UTF8.GetByteCount(text)];
            int[] offsets = new int[_ends.Count + 1];
            ulong[] hashes = new ulong[_ends.Count];
            for (int index = 0, start = 0; index < _ends.Count; index++)
            {
                int from = offsets[index];
                offsets[index + 1] = from + Encoding.UTF8.GetBytes(text.AsSpan(start.._ends[index]), html.AsSpan(from));
                hashes[index] = XxHash3.HashToUInt64(html.AsSpan(from..offsets[index + 1]), (long)_results[index]);
                start = _ends[index];
            }

            return new PageBlocks(html, offsets, [.. _keys], hashes, [.. _kinds]);
        }
    }
}
