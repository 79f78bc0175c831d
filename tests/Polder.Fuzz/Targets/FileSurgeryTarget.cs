using System;
using System.Collections.Generic;
using Polder.Fuzz.Forge;

namespace Polder.Fuzz.Targets;

/// <summary>A file changed in its structure, lengths and checksums mended: the input says which file and how.</summary>
internal sealed class FileSurgeryTarget() : FuzzTarget("file-surgery")
{
    private readonly Lazy<byte[][]> _files = new(() => [.. SampleFiles.All()]);

    public override IEnumerable<byte[]> Seeds()
    {
        for (int file = 0; file < _files.Value.Length; file++)
        {
            for (int operation = 0; operation < Surgery.Operations; operation++)
            {
                yield return [(byte)file, (byte)operation, 0, 3, 1, 9, 0, 0, 0, 200];
            }
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        Cursor cursor = new(input);
        byte[] file = _files.Value[cursor.Below(_files.Value.Length)];
        Reading.ReadAll(Surgery.Operate(ForgedFile.TakeApart(file), cursor));
    }
}
