using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Pipelines;
using Polder.Expressions;

namespace Polder.Execution.Joins;

/// <summary>The joins that yield pairs: inner, left, full (its streaming half) and single.</summary>
internal sealed class PairOperator : Operator
{
    private readonly JoinPlan _plan;
    private readonly JoinTable _table;
    private readonly ProbeBatch _batch;
    private readonly PairCondition? _residual;
    private readonly bool _keepsUnmatched;
    private bool _isActive;
    private bool _openRowMatched;
    private int _doneRow;
    private int _lastMatchedRow;

    public PairOperator(JoinPlan plan, JoinTable table)
    {
        _plan = plan;
        _table = table;
        _batch = new ProbeBatch(plan, table);
        _residual = plan.Residual;
        _keepsUnmatched = plan.Kind != JoinKind.Inner;
    }

    public override void Push(Chunk input)
    {
        _batch.Start(input);
        _isActive = true;
        _openRowMatched = false;
        _doneRow = 0;
        _lastMatchedRow = -1;
    }

    public override Chunk? Pull()
    {
        if (!_isActive || !_batch.NextPairs(_keepsUnmatched && _residual is null))
        {
            _isActive = false;
            return null;
        }

        if (_residual is null)
        {
            return Emit(_batch.Positions, _batch.ProbeRows, _batch.BuildRows);
        }

        Selection kept = _batch.PairCount == 0
            ? Selection.None
            : _residual.Filter(_batch.Chunk.Batch, _batch.ProbeRows, _table.Columns, _batch.BuildRows);
        return EmitKept(kept.Rows);
    }

    // The pairs that passed the residual, and after its last candidate a row that none passed for.
    private Chunk EmitKept(ReadOnlySpan<int> kept)
    {
        List<int> positions = new(kept.Length);
        List<int> buildRows = new(kept.Length);
        int next = 0;
        for (int row = _doneRow; row <= _batch.NextRow && row < _batch.Groups.Length; row++)
        {
            bool hasMatch = row == _doneRow && _openRowMatched;
            while (next < kept.Length && _batch.Positions[kept[next]] == row)
            {
                positions.Add(row);
                buildRows.Add(_batch.BuildRows[kept[next++]]);
                hasMatch = true;
            }

            if (row == _batch.NextRow)
            {
                _openRowMatched = hasMatch;
            }
            else if (!hasMatch && _keepsUnmatched)
            {
                positions.Add(row);
                buildRows.Add(-1);
            }
        }

        if (_doneRow != _batch.NextRow && _batch.NextRow == _batch.Groups.Length)
        {
            _openRowMatched = false;
        }

        _doneRow = _batch.NextRow;
        int[] probeRows = [.. positions];
        for (int index = 0; !_batch.Chunk.IsWhole && index < probeRows.Length; index++)
        {
            probeRows[index] = _batch.Chunk.Rows.Rows[probeRows[index]];
        }

        return Emit([.. positions], probeRows, [.. buildRows]);
    }

    private Chunk Emit(ReadOnlySpan<int> positions, ReadOnlySpan<int> probeRows, ReadOnlySpan<int> buildRows)
    {
        if (_plan.Kind == JoinKind.LeftSingle)
        {
            RequireSingle(positions, buildRows);
        }
        else if (_plan.Kind == JoinKind.Full)
        {
            MarkMatched(buildRows);
        }

        Chunk chunk = _batch.Chunk;
        bool isSameRows = chunk.IsWhole && IsCountUp(probeRows, chunk.RowCount);
        IArrowArray[] probe = new IArrowArray[_plan.OutputProbe.ColumnCount];
        for (int column = 0; column < probe.Length; column++)
        {
            probe[column] = !_plan.OutputProbe.Contains(column)
                ? ColumnSet.Unneeded(probeRows.Length)
                : isSameRows ? chunk.Batch.Column(column) : Take.Rows(chunk.Batch.Column(column), probeRows);
        }

        IArrowArray[] build = new IArrowArray[_plan.OutputBuild.ColumnCount];
        for (int column = 0; column < build.Length; column++)
        {
            build[column] = _plan.OutputBuild.Contains(column)
                ? Take.Rows(_table.Columns.Column(column), buildRows)
                : ColumnSet.Unneeded(buildRows.Length);
        }

        return new Chunk(_plan.Assemble(probe, build, probeRows.Length));
    }

    private void RequireSingle(ReadOnlySpan<int> positions, ReadOnlySpan<int> buildRows)
    {
        for (int index = 0; index < positions.Length; index++)
        {
            if (buildRows[index] >= 0 && positions[index] == _lastMatchedRow)
            {
                throw new QueryException(
                    "SCALAR_SUBQUERY_TOO_MANY_ROWS",
                    "21000",
                    "more than one row returned by a subquery used as an expression");
            }

            _lastMatchedRow = positions[index];
        }
    }

    private void MarkMatched(ReadOnlySpan<int> buildRows)
    {
        foreach (int row in buildRows)
        {
            if (row >= 0)
            {
                _table.MarkMatched(row);
            }
        }
    }

    private static bool IsCountUp(ReadOnlySpan<int> rows, int count)
    {
        if (rows.Length != count)
        {
            return false;
        }

        for (int index = 0; index < rows.Length; index++)
        {
            if (rows[index] != index)
            {
                return false;
            }
        }

        return true;
    }
}
