using System;
using System.Buffers;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>What is known of one watched handle: what it held at first, and where it ended.</summary>
internal sealed class HandleChecks
{
    private readonly StackTrace _madeAt = BufferDiagnostics.CaptureStack();
    private readonly ulong _hash;
    private readonly bool _isFrozen;
    private StackTrace? _endedAt;

    /// <summary>Watches a handle that may be written through.</summary>
    public HandleChecks()
    {
    }

    /// <summary>Watches an immutable handle.</summary>
    public HandleChecks(ReadOnlySpan<byte> frozen)
    {
        _hash = Hash64.Bytes(frozen);
        _isFrozen = true;
    }

    /// <summary>A borrow that throws once the handle is gone.</summary>
    public Memory<byte> Guard(ReadOnlyMemory<byte> memory) =>
        new CheckedMemory(this, MemoryMarshal.AsMemory(memory)).Memory;

    /// <summary>Whose borrow some memory is; null = nobody's who is watched.</summary>
    /// <param name="borrow">A borrow, or a part of one.</param>
    /// <param name="plain">The memory behind it.</param>
    public static HandleChecks? Of(ReadOnlyMemory<byte> borrow, out ReadOnlyMemory<byte> plain)
    {
        if (MemoryMarshal.TryGetMemoryManager(borrow, out CheckedMemory? guard, out int start, out int length))
        {
            plain = guard.Plain.Slice(start, length);
            return guard.Handle;
        }

        plain = borrow;
        return null;
    }

    /// <summary>The handle is disposed or consumed; its bytes must be what they were.</summary>
    public void End(ReadOnlySpan<byte> bytes)
    {
        Interlocked.CompareExchange(ref _endedAt, BufferDiagnostics.CaptureStack(), null);
        if (_isFrozen && Hash64.Bytes(bytes) != _hash)
        {
            BufferDiagnostics.Report($"Frozen bytes were written to. The slice was made at:\n{_madeAt}");
        }
    }

    /// <summary>The handle is disposed although it was disposed before.</summary>
    public void ReportSecondDispose() => BufferDiagnostics.Report(
        $"A handle was disposed twice, first at:\n{_endedAt}then at:\n{BufferDiagnostics.CaptureStack()}");

    /// <summary>The handle is used although it is gone.</summary>
    public void ReportUse() => BufferDiagnostics.Report(
        $"A handle was used after it was gone. It ended at:\n{_endedAt}used at:\n{BufferDiagnostics.CaptureStack()}");

    private sealed class CheckedMemory : MemoryManager<byte>
    {
        public CheckedMemory(HandleChecks handle, Memory<byte> memory)
        {
            Handle = handle;
            Plain = memory;
        }

        public HandleChecks Handle { get; }

        public Memory<byte> Plain { get; }

        public override Memory<byte> Memory => CreateMemory(Plain.Length);

        public override Span<byte> GetSpan()
        {
            ThrowIfGone();
            return Plain.Span;
        }

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ThrowIfGone();
            return Plain[elementIndex..].Pin();
        }

        public override void Unpin()
        {
            // The inner handle pins and unpins.
        }

        protected override void Dispose(bool disposing)
        {
            // A borrow owns nothing.
        }

        private void ThrowIfGone()
        {
            if (Volatile.Read(ref Handle._endedAt) is not null)
            {
                Handle.ReportUse();
                throw new ObjectDisposedException(nameof(Memory), "The handle this memory was borrowed from is gone.");
            }
        }
    }
}
