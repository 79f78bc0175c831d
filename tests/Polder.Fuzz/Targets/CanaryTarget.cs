using System;
using System.Collections.Generic;

namespace Polder.Fuzz.Targets;

/// <summary>Reads beyond its input where a length lies, as careless decoders do.</summary>
internal sealed class CanaryTarget() : FuzzTarget("canary")
{
    public override IEnumerable<byte[]> Seeds() => [[3, 1, 2, 3]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        int sum = 0;
        for (int index = 1; input.Length > 0 && index <= input[0]; index++)
        {
            sum += input[index];
        }
    }
}
