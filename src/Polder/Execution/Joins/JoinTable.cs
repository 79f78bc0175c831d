using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>
/// The rows of the build side, found by key. Rows with equal keys lie side by side in one list, in their order of
/// arrival. Without keys every row is a candidate for every probe row. Read by many threads at once.
/// </summary>
internal sealed class JoinTable
{
    private readonly KeyTable? _keys;
    private readonly IReadOnlyList<bool> _nullSafe;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly byte[] _isMatched;

    /// <summary>Makes the table.</summary>
    /// <param name="plan">The join.</param>
    /// <param name="columns">The build rows; columns that are not held are placeholders.</param>
    /// <param name="keys">The distinct keys, null where the join has none.</param>
    /// <param name="groups">For each row the key's number, -1 where a null keeps it from matching.</param>
    public JoinTable(JoinPlan plan, RecordBatch columns, KeyTable? keys, int[] groups)
    {
        _keys = keys;
        _nullSafe = plan.Node.NullSafe;
        Columns = columns;
        int keyCount = keys?.Count ?? 1;
        _starts = new int[keyCount + 1];
        List<int> nullKeyRows = [];
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] < 0)
            {
                nullKeyRows.Add(row);
            }
            else
            {
                _starts[groups[row] + 1]++;
            }
        }

        // A key whose only rows have a null in another key has none here.
        IsUnique = true;
        for (int key = 0; key < keyCount; key++)
        {
            IsUnique &= _starts[key + 1] == 1;
            _starts[key + 1] += _starts[key];
        }

        _rows = new int[groups.Length - nullKeyRows.Count];
        int[] places = _starts[..keyCount];
        for (int row = 0; row < groups.Length; row++)
        {
            if (groups[row] >= 0)
            {
                _rows[places[groups[row]]++] = row;
            }
        }

        NullKeyRows = [.. nullKeyRows];
        _isMatched = plan.Kind == JoinKind.Full ? new byte[groups.Length] : [];
    }

    /// <summary>The build rows, in order of arrival.</summary>
    public RecordBatch Columns { get; }

    /// <summary>Number of build rows.</summary>
    public int RowCount => Columns.Length;

    /// <summary>Rows that a null in a key keeps from matching.</summary>
    public int[] NullKeyRows { get; }

    /// <summary>Whether no key has two rows.</summary>
    public bool IsUnique { get; }

    /// <summary>The build row of each key, where keys are unique.</summary>
    public ReadOnlySpan<int> UniqueRows => _rows;

    /// <summary>Bytes held.</summary>
    public long SizeBytes => ArraySize.Of(Columns) + (_keys?.SizeBytes ?? 0) +
        (sizeof(int) * ((long)_starts.Length + _rows.Length + NullKeyRows.Length)) + _isMatched.Length;

    /// <summary>The number of each row's key; -1 where no build row matches.</summary>
    public void Find(IReadOnlyList<IArrowArray> keys, Span<int> groups, KeyScratch scratch)
    {
        if (_keys is null)
        {
            groups.Fill(_rows.Length == 0 ? -1 : 0);
            return;
        }

        _keys.Find(keys, groups, scratch);
        ExcludeNulls(keys, _nullSafe, groups);
    }

    /// <summary>The build rows of a key.</summary>
    public ReadOnlySpan<int> RowsOf(int group) => _rows.AsSpan(_starts[group].._starts[group + 1]);

    /// <summary>Notes that a build row has found a match.</summary>
    /// <remarks>Many threads may write the same byte, all of them the same value.</remarks>
    public void MarkMatched(int row) => _isMatched[row] = 1;

    /// <summary>The build rows that found no match.</summary>
    public int[] UnmatchedRows() =>
        [.. Enumerable.Range(0, _isMatched.Length).Where(row => _isMatched[row] == 0)];

    /// <summary>Sets the group of rows with a null in a key that is not null-safe to -1.</summary>
    public static void ExcludeNulls(
        IReadOnlyList<IArrowArray> keys, IReadOnlyList<bool> nullSafe, Span<int> groups)
    {
        for (int key = 0; key < keys.Count; key++)
        {
            Validity validity = Validity.Of(keys[key]);
            for (int row = 0; validity.HasNulls && !nullSafe[key] && row < groups.Length; row++)
            {
                groups[row] = validity.IsNull(row) ? -1 : groups[row];
            }
        }
    }
}
