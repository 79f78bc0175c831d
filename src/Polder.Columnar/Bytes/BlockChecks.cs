using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// Hangs on a watched block: if the block dies with handles outstanding, the finalizer says where they came from. It
/// reports and never recycles, since a span may still point into the block.
/// </summary>
internal sealed class BlockChecks
{
    private const int MaxTouches = 8;

    private readonly Lock _lock = new();
    private readonly StackTrace _rentedAt = BufferDiagnostics.CaptureStack();
    private readonly List<StackTrace> _retainedAt = [];
    private readonly int _length;

    public BlockChecks(int length, bool isFull)
    {
        _length = length;
        IsFull = isFull;
    }

    ~BlockChecks()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"A block of {_length} bytes was never given back. Rented at:\n");
        text.Append(_rentedAt);
        foreach (StackTrace touch in _retainedAt)
        {
            text.Append("Retained at:\n").Append(touch);
        }

        BufferDiagnostics.Report(text.ToString());
    }

    /// <summary>Whether handles are watched too.</summary>
    public bool IsFull { get; }

    /// <summary>Notes another handle; the first few are kept.</summary>
    public void Retained()
    {
        if (IsFull)
        {
            lock (_lock)
            {
                if (_retainedAt.Count < MaxTouches)
                {
                    _retainedAt.Add(BufferDiagnostics.CaptureStack());
                }
            }
        }
    }

    /// <summary>The block went back, or left for the garbage collector: no leak.</summary>
#pragma warning disable CA1816 // Not Dispose: the finalizer exists only to report what this call makes untrue.
    public void Released() => GC.SuppressFinalize(this);
#pragma warning restore CA1816
}
