using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using Polder.Bytes;

namespace Polder.Tests.Bytes;

/// <summary>Listens to reports; those of tests running beside are told apart by what the stacks name.</summary>
internal sealed class Mistakes : IDisposable
{
    private readonly ConcurrentQueue<string> _reports = new();
    private readonly string _mark;

    /// <param name="mark">A name that only the reports meant have in them.</param>
    public Mistakes(string mark)
    {
        _mark = mark;
        BufferDiagnostics.MistakeReported += _reports.Enqueue;
    }

    public IReadOnlyList<string> Seen =>
        [.. _reports.Where(report => report.Contains(_mark, StringComparison.Ordinal))];

    /// <summary>Runs what leaves unreachable handles behind, then the finalizers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Collect(Action leave)
    {
        leave();
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    public void Dispose() => BufferDiagnostics.MistakeReported -= _reports.Enqueue;
}
