using System;
using System.Collections.Generic;
using Polder.Fuzz.Forge;

namespace Polder.Fuzz.Targets;

/// <summary>A checkpoint, as bytes.</summary>
internal sealed class CheckpointTarget() : FuzzTarget("checkpoint")
{
    public override IEnumerable<byte[]> Seeds() => [TableLog.WriteCheckpoint()];

    public override void Run(ReadOnlySpan<byte> input) =>
        TableLog.Open(TableLog.Store(TableLog.File(1, "checkpoint.parquet"), input.ToArray()));
}

/// <summary>A checkpoint changed in its structure, lengths and checksums mended: the input says how.</summary>
internal sealed class CheckpointSurgeryTarget() : FuzzTarget("checkpoint-surgery")
{
    private readonly Lazy<byte[]> _checkpoint = new(TableLog.WriteCheckpoint);

    public override IEnumerable<byte[]> Seeds()
    {
        for (int operation = 0; operation < Surgery.Operations; operation++)
        {
            for (int column = 0; column < 10; column++)
            {
                yield return [(byte)operation, (byte)column, 1, 9, 0, 0, 0, 200];
            }
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte[] changed = Surgery.Operate(ForgedFile.TakeApart(_checkpoint.Value), new Cursor(input));
        TableLog.Open(TableLog.Store(TableLog.File(1, "checkpoint.parquet"), changed));
    }
}
