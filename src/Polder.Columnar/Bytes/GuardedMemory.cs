using System;
using System.Buffers;
using System.Runtime.InteropServices;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// A mapping that ends at a page nobody may touch. For finding mistakes: two system calls each way, no finalizer.
/// </summary>
internal sealed unsafe partial class GuardedMemory : MemoryManager<byte>
{
    private readonly byte* _mapping;
    private readonly nuint _mappedBytes;
    private readonly byte* _start;
    private readonly int _length;
    private int _isClosed;

    public GuardedMemory(int length)
    {
        nuint page = (nuint)Environment.SystemPageSize;
        nuint body = ((nuint)length + page - 1) / page * page;
        _length = length;
        _mappedBytes = body + page;
        _mapping = (byte*)Map(_mappedBytes);
        _start = _mapping + body - (nuint)length;
        Forbid(_mapping + body, page);
    }

    /// <summary>Bytes of address space, the guard page included.</summary>
    public long MappedBytes => (long)_mappedBytes;

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
        // Never moves.
    }

    /// <summary>From here on every access ends the process.</summary>
    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            Forbid(_mapping, _mappedBytes);
        }
    }

    /// <summary>Gives the addresses back: they may be mapped again, and stale accesses go unnoticed.</summary>
    public void Unmap()
    {
        if (OperatingSystem.IsWindows())
        {
            _ = VirtualFree((nint)_mapping, 0, 0x8000 /* MEM_RELEASE */);
        }
        else
        {
            _ = UnmapPages((nint)_mapping, _mappedBytes);
        }
    }

    protected override void Dispose(bool disposing) => Close();

    private static nint Map(nuint bytes)
    {
        nint address = OperatingSystem.IsWindows()
            ? VirtualAlloc(0, bytes, 0x3000 /* MEM_COMMIT | MEM_RESERVE */, 4 /* PAGE_READWRITE */)
            : MapPages(
                0, bytes, 3 /* PROT_READ | PROT_WRITE */,
                OperatingSystem.IsMacOS() ? 0x1002 : 0x22 /* MAP_PRIVATE | MAP_ANONYMOUS */, -1, 0);
        return address is 0 or -1 ? throw new InsufficientMemoryException("no room for a guarded block") : address;
    }

    private static void Forbid(byte* address, nuint bytes)
    {
        bool done = OperatingSystem.IsWindows()
            ? VirtualProtect((nint)address, bytes, 1 /* PAGE_NOACCESS */, out _) != 0
            : ProtectPages((nint)address, bytes, 0 /* PROT_NONE */) == 0;
        Invariant.Holds(done, "a guard page could not be made");
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint MapPages(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int ProtectPages(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int UnmapPages(nint address, nuint length);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint size, uint kind, uint protection);

    [LibraryImport("kernel32")]
    private static partial int VirtualProtect(nint address, nuint size, uint protection, out uint before);

    [LibraryImport("kernel32")]
    private static partial int VirtualFree(nint address, nuint size, uint kind);
}
