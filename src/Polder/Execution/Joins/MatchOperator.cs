using System;
using System.Linq;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>The joins that ask only whether there is a match: semi, anti (NOT IN too) and mark.</summary>
internal sealed class MatchOperator : Operator
{
    private readonly JoinPlan _plan;
    private readonly JoinTable _table;
    private readonly ProbeBatch _batch;
    private readonly PairCondition? _residual;
    private readonly PairCondition? _mayEqual;
    private readonly int[] _allBuildRows;
    private Chunk? _output;

    public MatchOperator(JoinPlan plan, JoinTable table)
    {
        _plan = plan;
        _table = table;
        _batch = new ProbeBatch(plan, table);
        _residual = plan.Residual;
        _mayEqual = plan.MayEqual;
        _allBuildRows = _mayEqual is null ? [] : [.. Enumerable.Range(0, table.RowCount)];
    }

    public override void Push(Chunk input)
    {
        _batch.Start(input);
        bool[] isMatched = new bool[input.RowCount];
        if (_residual is null)
        {
            for (int row = 0; row < isMatched.Length; row++)
            {
                isMatched[row] = _batch.Groups[row] >= 0;
            }
        }
        else
        {
            while (_batch.NextPairs(false))
            {
                Selection kept = _batch.PairCount == 0
                    ? Selection.None
                    : _residual.Filter(input.Batch, _batch.ProbeRows, _table.Columns, _batch.BuildRows);
                foreach (int pair in kept.Rows)
                {
                    isMatched[_batch.Positions[pair]] = true;
                }
            }
        }

        if (_plan.Node.IsNullAware && _table.RowCount > 0)
        {
            MatchNulls(input, isMatched);
        }

        _output = _plan.Kind == JoinKind.LeftMark
            ? Mark(input, isMatched)
            : Select(input, isMatched, _plan.Kind == JoinKind.LeftSemi);
    }

    public override Chunk? Pull()
    {
        Chunk? output = _output;
        _output = null;
        return output;
    }

    private void MatchNulls(Chunk input, bool[] isMatched)
    {
        bool[] hasNull = new bool[isMatched.Length];
        foreach (IArrowArray key in _batch.Keys)
        {
            Validity validity = Validity.Of(key);
            for (int row = 0; validity.HasNulls && row < hasNull.Length; row++)
            {
                hasNull[row] |= validity.IsNull(row);
            }
        }

        for (int row = 0; row < isMatched.Length; row++)
        {
            if (isMatched[row])
            {
                continue;
            }

            isMatched[row] = _mayEqual is null
                ? hasNull[row] || _table.NullKeyRows.Length > 0
                : MayMatch(input, row, hasNull[row] ? _allBuildRows : _table.NullKeyRows);
        }
    }

    private bool MayMatch(Chunk input, int row, ReadOnlySpan<int> candidates)
    {
        int[] probeRows = new int[int.Min(Chunk.MaxRows, candidates.Length)];
        probeRows.AsSpan().Fill(input.IsWhole ? row : input.Rows.Rows[row]);
        for (int start = 0; start < candidates.Length; start += Chunk.MaxRows)
        {
            ReadOnlySpan<int> buildRows = candidates.Slice(start, int.Min(Chunk.MaxRows, candidates.Length - start));
            Selection kept = _mayEqual!.Filter(
                input.Batch, probeRows.AsSpan(0, buildRows.Length), _table.Columns, buildRows);
            if (kept.Count > 0)
            {
                return true;
            }
        }

        return false;
    }

    private static Chunk Select(Chunk input, bool[] isMatched, bool wanted)
    {
        int[] rows = new int[isMatched.Length];
        ReadOnlySpan<int> all = input.IsWhole ? [] : input.Rows.Rows;
        int count = 0;
        for (int row = 0; row < isMatched.Length; row++)
        {
            rows[count] = all.IsEmpty ? row : all[row];
            count += isMatched[row] == wanted ? 1 : 0;
        }

        return new Chunk(input.Batch, Selection.From(rows, count, input.Batch.Length));
    }

    private Chunk Mark(Chunk input, bool[] isMatched)
    {
        RecordBatch batch = input.ToBatch();
        byte[] bits = new byte[Bitmap.SizeBytes(isMatched.Length)];
        for (int row = 0; row < isMatched.Length; row++)
        {
            bits[row >> 3] |= (byte)(isMatched[row] ? 1 << (row & 7) : 0);
        }

        IArrowArray mark = new BooleanArray(new ArrowBuffer(bits), ArrowBuffer.Empty, isMatched.Length, 0, 0);
        return new Chunk(new RecordBatch(_plan.Schema, batch.Arrays.Append(mark), batch.Length));
    }
}
