using System;
using System.Collections.Generic;
using System.Text;

namespace Polder.Delta.Snapshots;

/// <summary>
/// A growing column of texts that repeat: one small number per row, each distinct text once. Rows that were not given
/// are null.
/// </summary>
internal sealed class DictionaryColumn
{
    private const int MaximumStackBytes = 512;

    private readonly List<int> _codes = [];
    private readonly List<string?> _texts = [null];
    private readonly Dictionary<string, int> _codeByText = [];
    private readonly List<byte[]> _utf8 = [[]];
    private int _lastCode;

    public int Count => _codes.Count;

    /// <summary>Every text that occurs; position 0 is null.</summary>
    public IReadOnlyList<string?> Texts => _texts;

    public string? this[int index] => _texts[GetCode(index)];

    /// <summary>The position of a row's text in <see cref="Texts"/>.</summary>
    public int GetCode(int index) => index < _codes.Count ? _codes[index] : 0;

    /// <summary>A row's text in UTF-8; empty for null.</summary>
    public ReadOnlySpan<byte> GetUtf8(int index) => _utf8[GetCode(index)];

    public void Append(string? text) => _codes.Add(text is null ? 0 : FindCode(text));

    /// <summary>Appends a text in UTF-8; nothing is allocated where it is known.</summary>
    public void Append(ReadOnlySpan<byte> utf8)
    {
        // Files of one partition tend to follow each other.
        if (_lastCode == 0 || !utf8.SequenceEqual(_utf8[_lastCode]))
        {
            Span<char> characters = utf8.Length <= MaximumStackBytes
                ? stackalloc char[MaximumStackBytes]
                : new char[utf8.Length];
            _lastCode = FindCode(characters[..Encoding.UTF8.GetChars(utf8, characters)]);
        }

        _codes.Add(_lastCode);
    }

    /// <summary>Appends nulls up to a length.</summary>
    public void PadTo(int count)
    {
        while (_codes.Count < count)
        {
            _codes.Add(0);
        }
    }

    /// <summary>Gives back what was taken for values to come.</summary>
    public void Trim() => _codes.TrimExcess();

    private int FindCode(ReadOnlySpan<char> text)
    {
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> lookup =
            _codeByText.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!lookup.TryGetValue(text, out int code))
        {
            code = _texts.Count;
            string kept = text.ToString();
            _texts.Add(kept);
            _utf8.Add(Encoding.UTF8.GetBytes(kept));
            lookup[text] = code;
        }

        return code;
    }
}
