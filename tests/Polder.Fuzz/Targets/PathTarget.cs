using System;
using System.Collections.Generic;
using System.Text;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Fuzz.Forge;
using Polder.Storage;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Targets;

/// <summary>The path of an add: whatever it says, it stays in the table.</summary>
internal sealed class PathTarget() : FuzzTarget("path")
{
    private readonly FileLocator _locator = new(new MemoryStore(), mayLeaveTable: false);

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (string path in (string[])
            [
                "a.parquet", "p=x%20y/a.parquet", "%2e%2e/a", "../a", "a/%2E%2E/%2e%2e/b", "file:///etc/passwd",
                "s3a://b/c", "%2Fetc%2Fpasswd", "a%00b", "p=%252F/a", "C:\\a", "a//b", "./a", "%", "%4", "%zz",
            ])
        {
            yield return Encoding.UTF8.GetBytes(path);
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        string path = TableLog.Text(input);
        if (FilePath.Decode(FilePath.Encode(path)) != path)
        {
            throw new BrokenContractException("what is encoded is not decoded to itself");
        }

        StorePath located = _locator.Locate(path).Path;
        foreach (string segment in located.Value.Split('/'))
        {
            if (segment is "." or ".." || segment.Contains('\0'))
            {
                throw new BrokenContractException($"'{path}' is looked for at '{located}'");
            }
        }
    }
}
