using System;
using Apache.Arrow;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>
/// The rows of one probe chunk with the keys they found, and a cursor over their candidate pairs. Reused for chunk
/// after chunk.
/// </summary>
internal sealed class ProbeBatch(JoinPlan plan, JoinTable table)
{
    private readonly KeyScratch _scratch = new();
    private readonly int[] _positions = new int[plan.PairRows];
    private readonly int[] _probeRows = new int[plan.PairRows];
    private readonly int[] _buildRows = new int[plan.PairRows];
    private int[] _groups = [];
    private int _candidate;

    /// <summary>The rows.</summary>
    public Chunk Chunk { get; private set; } = null!;

    /// <summary>The key columns of the rows.</summary>
    public IArrowArray[] Keys { get; private set; } = [];

    /// <summary>For each row its key's number, -1 where no build row matches.</summary>
    public ReadOnlySpan<int> Groups => _groups.AsSpan(0, Chunk.RowCount);

    /// <summary>The next row to pair: rows before it are done.</summary>
    public int NextRow { get; private set; }

    /// <summary>Pairs in hand.</summary>
    public int PairCount { get; private set; }

    /// <summary>For each pair the position of the row in the chunk's selection.</summary>
    public Span<int> Positions => _positions.AsSpan(0, PairCount);

    /// <summary>For each pair the row in the chunk's batch.</summary>
    public Span<int> ProbeRows => _probeRows.AsSpan(0, PairCount);

    /// <summary>For each pair the build row.</summary>
    public Span<int> BuildRows => _buildRows.AsSpan(0, PairCount);

    /// <summary>Takes a chunk and finds the keys of its rows.</summary>
    public void Start(Chunk chunk)
    {
        Chunk = chunk;
        NextRow = 0;
        _candidate = 0;
        if (_groups.Length < chunk.RowCount)
        {
            _groups = new int[chunk.RowCount];
        }

        Keys = chunk.Evaluate(plan.ProbeKeys);
        table.Find(Keys, _groups.AsSpan(0, chunk.RowCount), _scratch);
    }

    /// <summary>Lists the next pairs, up to a batch of them; false at the end of the chunk.</summary>
    /// <param name="keepsUnmatched">Whether a row without candidates gives a pair with build row -1.</param>
    public bool NextPairs(bool keepsUnmatched)
    {
        bool hasMore = NextRow < Chunk.RowCount;
        if (table.IsUnique && Chunk.RowCount <= _buildRows.Length)
        {
            ListUniquePairs(keepsUnmatched);
        }
        else
        {
            ListPairs(keepsUnmatched);
        }

        return hasMore;
    }

    // At most one candidate a row: a whole chunk fits at once.
    private void ListUniquePairs(bool keepsUnmatched)
    {
        ReadOnlySpan<int> groups = Groups;
        ReadOnlySpan<int> rows = Chunk.IsWhole ? [] : Chunk.Rows.Rows;
        ReadOnlySpan<int> uniqueRows = table.UniqueRows;
        int count = 0;
        for (int row = NextRow; row < groups.Length; row++)
        {
            int group = groups[row];
            _positions[count] = row;
            _probeRows[count] = rows.IsEmpty ? row : rows[row];
            _buildRows[count] = group < 0 ? -1 : uniqueRows[group];
            count += group >= 0 || keepsUnmatched ? 1 : 0;
        }

        NextRow = groups.Length;
        PairCount = count;
    }

    private void ListPairs(bool keepsUnmatched)
    {
        ReadOnlySpan<int> groups = Groups;
        ReadOnlySpan<int> rows = Chunk.IsWhole ? [] : Chunk.Rows.Rows;
        int row = NextRow;
        int count = 0;
        while (row < groups.Length && count < _buildRows.Length)
        {
            int group = groups[row];
            ReadOnlySpan<int> candidates = group < 0 ? [] : table.RowsOf(group)[_candidate..];
            if (group < 0 && keepsUnmatched)
            {
                candidates = [-1];
            }

            int taken = int.Min(candidates.Length, _buildRows.Length - count);
            for (int index = 0; index < taken; index++)
            {
                _positions[count] = row;
                _probeRows[count] = rows.IsEmpty ? row : rows[row];
                _buildRows[count++] = candidates[index];
            }

            if (taken == candidates.Length)
            {
                _candidate = 0;
                row++;
            }
            else
            {
                _candidate += taken;
            }
        }

        NextRow = row;
        PairCount = count;
    }
}
