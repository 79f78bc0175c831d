using System;
using System.Collections.Generic;
using System.Threading;

namespace Polder.Bytes;

/// <summary>
/// Keeps released memory out of use for a while, so that stale writes show. Only behind <see cref="BufferChecks.Full"/>
/// and <see cref="BufferChecks.Paranoid"/>.
/// </summary>
internal sealed class Quarantine
{
    private const byte Poison = 0xDD;
    private const int MaxBlocks = 16;
    private const int MaxMappings = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PooledBlock> _blocks = [];
    private readonly Queue<GuardedMemory> _mappings = [];
    private long _heldBytes;

    /// <summary>Bytes of the blocks in here.</summary>
    public long HeldBytes
    {
        get
        {
            lock (_lock)
            {
                return _heldBytes;
            }
        }
    }

    /// <summary>Takes a block in; gives back the one that has been here longest, if there are enough.</summary>
    public PooledBlock? Exchange(PooledBlock block)
    {
        block.Span.Fill(Poison);
        lock (_lock)
        {
            _blocks.Enqueue(block);
            _heldBytes += block.HeldBytes;
            PooledBlock? oldest = _blocks.Count > MaxBlocks ? _blocks.Dequeue() : null;
            _heldBytes -= oldest?.HeldBytes ?? 0;
            return oldest;
        }
    }

    /// <summary>Closes a mapping and gives the addresses of an old one back.</summary>
    public void Add(GuardedMemory mapping)
    {
        mapping.Close();
        GuardedMemory? oldest;
        lock (_lock)
        {
            _mappings.Enqueue(mapping);
            oldest = _mappings.Count > MaxMappings ? _mappings.Dequeue() : null;
        }

        oldest?.Unmap();
    }

    /// <summary>Drops everything; gives the bytes of the blocks that were here.</summary>
    public long Empty()
    {
        PooledBlock[] blocks;
        GuardedMemory[] mappings;
        long heldBytes;
        lock (_lock)
        {
            blocks = [.. _blocks];
            _blocks.Clear();
            heldBytes = _heldBytes;
            _heldBytes = 0;
            mappings = [.. _mappings];
            _mappings.Clear();
        }

        Array.ForEach(blocks, Verify);
        foreach (GuardedMemory mapping in mappings)
        {
            mapping.Unmap();
        }

        return heldBytes;
    }

    /// <summary>Reports if somebody wrote to a block since it went back.</summary>
    public static void Verify(PooledBlock block)
    {
        int changed = block.Span.IndexOfAnyExcept(Poison);
        if (changed >= 0)
        {
            BufferDiagnostics.Report(FormattableString.Invariant(
                $"Byte {changed} of a block of {block.Length} bytes was written to after the block was given back."));
        }
    }
}
