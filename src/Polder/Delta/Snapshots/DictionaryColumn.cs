using System.Collections.Generic;

namespace Polder.Delta.Snapshots;

/// <summary>A growing column of texts that repeat: one small number per row, each distinct text once.</summary>
internal sealed class DictionaryColumn
{
    private readonly List<int> _codes = [];
    private readonly List<string?> _texts = [null];
    private readonly Dictionary<string, int> _codeByText = [];

    public int Count => _codes.Count;

    /// <summary>Every text that occurs; position 0 is null.</summary>
    public IReadOnlyList<string?> Texts => _texts;

    public string? this[int index] => _texts[_codes[index]];

    /// <summary>The position of a row's text in <see cref="Texts"/>.</summary>
    public int GetCode(int index) => _codes[index];

    public void Append(string? text)
    {
        int code = 0;
        if (text is not null && !_codeByText.TryGetValue(text, out code))
        {
            code = _texts.Count;
            _texts.Add(text);
            _codeByText.Add(text, code);
        }

        _codes.Add(code);
    }

    /// <summary>Appends nulls up to a length.</summary>
    public void PadTo(int count)
    {
        while (_codes.Count < count)
        {
            _codes.Add(0);
        }
    }
}
