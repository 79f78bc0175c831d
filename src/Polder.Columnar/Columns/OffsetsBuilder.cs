using System;
using Apache.Arrow;
using Polder.Bytes;

namespace Polder.Columns;

/// <summary>Collects where the rows of a variable-length column end. Mutable: never copy it.</summary>
internal struct OffsetsBuilder
{
    private ValueBuffer _offsets;

    public OffsetsBuilder(int capacity)
    {
        _offsets = new ValueBuffer(capacity == 0 ? 0 : ((long)capacity + 1) * sizeof(int));
    }

    /// <summary>The end of the last row.</summary>
    public readonly int End => _offsets.Length == 0 ? 0 : ByteCast.As<int>(_offsets.Span)[^1];

    /// <summary>Appends rows that all end at one place.</summary>
    public void Append(int end, int rowCount = 1) => AppendSpan(rowCount).Fill(end);

    /// <summary>Appends rows whose ends the caller fills in.</summary>
    public Span<int> AppendSpan(int rowCount)
    {
        if (_offsets.Length == 0)
        {
            _offsets.Append(sizeof(int)).Clear();
        }

        return ByteCast.As<int>(_offsets.Append(checked(rowCount * sizeof(int))));
    }

    /// <summary>The offsets, one more than rows, as an Arrow buffer; starts anew.</summary>
    /// <param name="slackShift">See <see cref="ValueBuffer.Build"/>.</param>
    public ArrowBuffer Build(int slackShift = 3)
    {
        if (_offsets.Length == 0)
        {
            _offsets.Append(sizeof(int)).Clear();
        }

        return _offsets.Build(slackShift);
    }
}
