using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Polder.Fuzz.Forge;

namespace Polder.Fuzz.Targets;

/// <summary>A whole file.</summary>
internal sealed class FileTarget() : FuzzTarget("file")
{
    public override IEnumerable<byte[]> Seeds() =>
        SampleFiles.All().Concat(Corpus.ParquetFiles(8_000).Select(File.ReadAllBytes));

    public override void Run(ReadOnlySpan<byte> input) => Reading.ReadAll(input);
}
