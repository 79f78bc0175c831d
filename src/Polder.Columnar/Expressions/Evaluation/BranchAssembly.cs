using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Columns.Kernels;

namespace Polder.Expressions.Evaluation;

/// <summary>Puts the results of branches, each for its own rows, into one column.</summary>
internal sealed class BranchAssembly
{
    private readonly DataType _type;
    private readonly Frame _frame;
    private readonly List<IArrowArray> _pieces = [];
    private readonly int[] _sources = [];
    private readonly FixedTarget? _target;
    private int[]? _openPositions;
    private int _pieceRows;

    public BranchAssembly(DataType type, Frame frame)
    {
        _type = type;
        _frame = frame;
        OpenFrame = frame;
        _target = FixedTarget.Create(type, frame.Count);
        if (_target is null)
        {
            _sources = new int[frame.Count];
            _sources.AsSpan().Fill(-1);
        }
    }

    /// <summary>The rows that no branch has taken.</summary>
    public Frame OpenFrame { get; private set; }

    /// <summary>Whether there are any.</summary>
    public bool HasOpenRows => OpenFrame.Count > 0;

    /// <summary>One bit for each open row: the condition is true, not false and not null.</summary>
    public byte[] TrueRows(Vector condition)
    {
        int count = OpenFrame.Count;
        byte[] hits = new byte[Bitmap.SizeBytes(count)];
        if (!condition.IsAllNull)
        {
            Bitmap.And(condition.ValidBits(count), 0, condition.TruthBits(count), 0, hits, count);
        }

        return hits;
    }

    /// <summary>Gives some open rows to a branch; the column itself where it takes all rows there are.</summary>
    public Vector? Take(Kernel branch, ReadOnlySpan<byte> hits)
    {
        int[] taken = OpenFrame.Positions(hits);
        if (taken.Length == 0)
        {
            return null;
        }

        bool all = taken.Length == OpenFrame.Count;
        Vector values = branch.Evaluate(all ? OpenFrame : OpenFrame.Narrow(taken));
        if (all && _openPositions is null)
        {
            return values;
        }

        Place(values, taken);
        Close(taken, hits);
        return null;
    }

    /// <summary>Takes the open rows whose value is not null; the column itself where those are all rows.</summary>
    public Vector? TakeValues(Vector values)
    {
        if (values.IsAllNull)
        {
            return null;
        }

        if (values.NullCount == 0 && _openPositions is null)
        {
            return values;
        }

        byte[] hits = values.ValidBits(OpenFrame.Count).ToArray();
        int[] taken = OpenFrame.Positions(hits);
        Place(values.Gather(taken), taken);
        Close(taken, hits);
        return null;
    }

    /// <summary>The column; open rows take the last branch, or null.</summary>
    public Vector Finish(Kernel? otherwise)
    {
        if (otherwise is not null && HasOpenRows)
        {
            byte[] rest = new byte[Bitmap.SizeBytes(OpenFrame.Count)];
            rest.AsSpan().Fill(0xFF);
            if (Take(otherwise, rest) is { } whole)
            {
                return whole;
            }
        }

        if (_target is not null)
        {
            return _target.Build();
        }

        if (_pieces.Count == 0)
        {
            return Vector.Null(_type);
        }

        IArrowArray all = _pieces.Count == 1 ? _pieces[0] : Concat.Arrays(_pieces);
        return Vector.Flat(_type, Columns.Kernels.Take.Rows(all, _sources).Data);
    }

    private void Place(Vector values, int[] taken)
    {
        if (values.IsAllNull)
        {
            return;
        }

        int[] rows = _openPositions is null ? taken : System.Array.ConvertAll(taken, taker => _openPositions[taker]);
        if (_target is not null)
        {
            _target.Write(values, rows);
            return;
        }

        for (int index = 0; index < rows.Length; index++)
        {
            _sources[rows[index]] = _pieceRows + (index * values.Step);
        }

        _pieces.Add(ArrowArrayFactory.BuildArray(values.WithType(_type).Data));
        _pieceRows += values.Length;
    }

    private void Close(int[] taken, ReadOnlySpan<byte> hits)
    {
        int[] open = new int[OpenFrame.Count - taken.Length];
        int[] narrow = new int[open.Length];
        int kept = 0;
        for (int position = 0; position < OpenFrame.Count; position++)
        {
            if (!Bitmap.Get(hits, position))
            {
                narrow[kept] = position;
                open[kept++] = _openPositions is null ? position : _openPositions[position];
            }
        }

        OpenFrame = OpenFrame.Narrow(narrow);
        _openPositions = open;
    }
}
