using System;
using System.Collections.Generic;
using System.Text;
using Polder.Columns.Variant;

namespace Polder.Fuzz.Targets;

/// <summary>A variant's two binaries; the first byte is the length of the dictionary of keys.</summary>
internal sealed class VariantTarget() : FuzzTarget("variant")
{
    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string json in (string[])
            [
                "1", "null", "true", "-1.25", "1e300", "\"text\"", "[1, [2, null], {}]",
                "{\"a\": 1, \"b\": {\"a\": [3]}}",
                "[123456789012345, 0.00001, \"" + new string('x', 100) + "\"]",
            ])
        {
            VariantWriter writer = new();
            VariantJson.Parse(Encoding.UTF8.GetBytes(json), writer);
            yield return [(byte)writer.Metadata.Length, .. writer.Metadata, .. writer.Value];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty || input[0] > input.Length - 1)
        {
            return;
        }

        ReadOnlySpan<byte> metadata = input.Slice(1, input[0]);
        VariantValue value = new(metadata, input[(1 + input[0])..]);
        value.Check();
        VariantWriter copy = new();
        copy.Append(value);
        new VariantValue(copy.Metadata, copy.Value).Check();
    }
}
