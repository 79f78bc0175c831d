using System.Collections.Generic;

namespace Polder.Delta.Snapshots;

/// <summary>A growing column of numbers from 0 that most tables lack: no memory until the first is set.</summary>
internal sealed class SparseLongs
{
    private List<long>? _values;

    /// <summary>The number of a row, or null.</summary>
    public long? this[int row] =>
        _values is not null && row < _values.Count && _values[row] is long value and >= 0 ? value : null;

    /// <summary>Gives back what was taken for numbers to come.</summary>
    public void Trim() => _values?.TrimExcess();

    /// <summary>Gives a row its number; below 0 = none.</summary>
    public void Set(int row, long value)
    {
        if (value < 0 && _values is null)
        {
            return;
        }

        _values ??= [];
        while (_values.Count <= row)
        {
            _values.Add(-1);
        }

        _values[row] = value;
    }
}
