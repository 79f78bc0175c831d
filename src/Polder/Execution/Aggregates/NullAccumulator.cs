using System;
using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Execution.Aggregates;

/// <summary>Any aggregate of NULL but count: NULL.</summary>
internal sealed class NullAccumulator(DataType type) : Accumulator
{
    public override long SizeBytes => 0;

    public override void Resize(int groupCount)
    {
    }

    public override void Add(IReadOnlyList<IArrowArray> arguments, RowGroups groups)
    {
    }

    public override void Merge(Accumulator other, ReadOnlySpan<int> groups)
    {
    }

    public override IArrowArray Build(int start, int count) => Constants.Repeat(null, type, count);
}
