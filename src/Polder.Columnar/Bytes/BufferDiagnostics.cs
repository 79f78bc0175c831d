using System;
using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Polder.Bytes;

/// <summary>Where mistakes in the use of byte blocks are reported; see <see cref="BufferChecks"/>.</summary>
public static class BufferDiagnostics
{
    /// <summary>
    /// Told each mistake, in a sentence and the call stacks that matter. Called on the thread that noticed, which for
    /// leaks is the finalizer's: return soon and do not throw. Nothing is reported while nobody listens.
    /// </summary>
#pragma warning disable CA1003 // A sentence is all there is to tell; a class for it would carry no more.
    public static event Action<string>? MistakeReported;
#pragma warning restore CA1003

    internal static void Report(string mistake) => MistakeReported?.Invoke(mistake);

    /// <summary>
    /// The stack from the caller on. No more frames are left out, since those of callers may be missing already: what
    /// the compiler makes part of its caller has none, and the place that matters must not be lost.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static StackTrace CaptureStack() => new(1, fNeedFileInfo: false);
}
