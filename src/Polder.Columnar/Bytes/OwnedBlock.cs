using System;
using System.Buffers;

namespace Polder.Bytes;

/// <summary>Memory that somebody owns: disposed with the last handle.</summary>
internal sealed class OwnedBlock : BufferBlock
{
    private readonly IMemoryOwner<byte> _owner;
    private readonly Memory<byte> _memory;

    /// <summary>Foreign memory.</summary>
    public OwnedBlock(IMemoryOwner<byte> owner)
        : base(null, owner.Memory.Length)
    {
        _owner = owner;
        _memory = owner.Memory;
    }

    /// <summary>A guarded mapping of an allocator.</summary>
    public OwnedBlock(PooledBufferAllocator source, GuardedMemory guarded)
        : base(source, guarded.Memory.Length)
    {
        _owner = guarded;
        _memory = guarded.Memory;
    }

    private protected override Memory<byte> MemoryElsewhere => _memory;

    private protected override void TakeBack()
    {
        if (Source is not null && _owner is GuardedMemory guarded)
        {
            Source.Return(guarded);
        }
        else
        {
            _owner.Dispose();
        }
    }
}
