using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Aggregates;

/// <summary>An aggregate of one argument whose state per group is a struct.</summary>
/// <param name="stateBytes">Bytes of a state.</param>
/// <param name="span">Where the call stands in the text.</param>
/// <param name="build">Makes results of a run of states.</param>
internal sealed class FoldAccumulator<TState, TValue, TFold>(
    int stateBytes, TextSpan span, Func<ReadOnlyMemory<TState>, IArrowArray> build) : Accumulator
    where TState : struct
    where TValue : unmanaged
    where TFold : struct, IFold<TState, TValue>
{
    private TState[] _states = [];

    public override long SizeBytes => (long)stateBytes * _states.Length;

    public override void Resize(int groupCount)
    {
        if (groupCount > _states.Length)
        {
            System.Array.Resize(ref _states, int.Max(groupCount, groupCount < 16 ? groupCount : 2 * _states.Length));
        }
    }

    public override void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
        IArrowArray argument = arguments[0];
        ReadOnlySpan<TValue> values = argument is BooleanArray booleans
            ? ByteCast.As<TValue>(Unpack(booleans))
            : ColumnValues.Fixed<TValue>(argument);
        Validity validity = Validity.Of(argument);
        try
        {
            if (groups.IsSingle)
            {
                AddSingle(values, validity);
            }
            else if (validity.HasNulls)
            {
                AddNullable(values, validity, groups.Ids);
            }
            else
            {
                AddAll(values, groups.Ids);
            }
        }
        catch (OverflowException)
        {
            throw Failures.ArithmeticOverflow("sum", span, "long overflow");
        }
    }

    public override void Merge(Accumulator other, ReadOnlySpan<int> groups)
    {
        TState[] others = ((FoldAccumulator<TState, TValue, TFold>)other)._states;
        try
        {
            for (int group = 0; group < groups.Length; group++)
            {
                TFold.Merge(ref _states[groups[group]], others[group]);
            }
        }
        catch (OverflowException)
        {
            throw Failures.ArithmeticOverflow("sum", span, "long overflow");
        }
    }

    public override IArrowArray Build(int start, int count) => build(_states.AsMemory(start, count));

    private void AddSingle(ReadOnlySpan<TValue> values, Validity validity)
    {
        // A local, so that the state stays in registers.
        TState state = _states[0];
        if (!validity.HasNulls)
        {
            foreach (TValue value in values)
            {
                TFold.Add(ref state, value);
            }
        }
        else
        {
            for (int row = 0; row < values.Length; row++)
            {
                if (validity.IsValid(row))
                {
                    TFold.Add(ref state, values[row]);
                }
            }
        }

        _states[0] = state;
    }

    private void AddAll(ReadOnlySpan<TValue> values, ReadOnlySpan<int> ids)
    {
        TState[] states = _states;
        values = values[..ids.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            TFold.Add(ref states[ids[row]], values[row]);
        }
    }

    private void AddNullable(ReadOnlySpan<TValue> values, Validity validity, ReadOnlySpan<int> ids)
    {
        TState[] states = _states;
        values = values[..ids.Length];
        for (int row = 0; row < ids.Length; row++)
        {
            if (validity.IsValid(row))
            {
                TFold.Add(ref states[ids[row]], values[row]);
            }
        }
    }

    private static byte[] Unpack(BooleanArray booleans)
    {
        byte[] flags = new byte[booleans.Length];
        for (int row = 0; row < flags.Length; row++)
        {
            flags[row] = ColumnValues.Boolean(booleans, row) ? (byte)1 : (byte)0;
        }

        return flags;
    }
}
