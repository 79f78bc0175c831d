using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using Polder.Fuzz.Forge;
using Polder.Storage.Memory;

namespace Polder.Fuzz.Targets;

/// <summary>A commit: JSON actions, one a line.</summary>
internal sealed class CommitTarget() : FuzzTarget("commit")
{
    private static readonly byte[] First = Encoding.UTF8.GetBytes(TableLog.FirstLines);

    public override IEnumerable<byte[]> Seeds() =>
        SharedCommits().Prepend(First);

    public override void Run(ReadOnlySpan<byte> input)
    {
        MemoryStore store = TableLog.Store(TableLog.File(0, "json"), First);
        TableLog.Put(store, TableLog.File(1, "json"), input.ToArray());
        TableLog.Open(store);
    }

    private static IEnumerable<byte[]> SharedCommits()
    {
        string? folder = Corpus.Shared is null ? null : Path.Combine(Corpus.Shared, "corpus", "delta", "spark4");
        return folder is null || !Directory.Exists(folder)
            ? []
            : Directory.EnumerateFiles(folder, "*.json", SearchOption.AllDirectories)
                .Where(file => file.Contains("_delta_log", StringComparison.Ordinal))
                .Where(file => new FileInfo(file).Length < 6_000)
                .Order(StringComparer.Ordinal)
                .Take(60)
                .Select(File.ReadAllBytes);
    }
}
