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
    private const int MaxArrays = 16;
    private const int MaxMappings = 64;

    private readonly Lock _lock = new();
    private readonly Queue<PooledArray> _arrays = [];
    private readonly Queue<GuardedMemory> _mappings = [];

    /// <summary>Takes an array in; gives back the one that has been here longest, if there are enough.</summary>
    public PooledArray? Exchange(PooledArray array)
    {
        array.Memory.Span.Fill(Poison);
        lock (_lock)
        {
            _arrays.Enqueue(array);
            return _arrays.Count > MaxArrays ? _arrays.Dequeue() : null;
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

    /// <summary>Moves everything out.</summary>
    public void Empty(List<PooledArray> arrays)
    {
        GuardedMemory[] mappings;
        lock (_lock)
        {
            arrays.AddRange(_arrays);
            _arrays.Clear();
            mappings = [.. _mappings];
            _mappings.Clear();
        }

        foreach (GuardedMemory mapping in mappings)
        {
            mapping.Unmap();
        }
    }

    /// <summary>Reports if somebody wrote to an array since it went back.</summary>
    public static void Verify(PooledArray array)
    {
        int changed = array.Memory.Span.IndexOfAnyExcept(Poison);
        if (changed >= 0)
        {
            BufferDiagnostics.Report(FormattableString.Invariant(
                $"Byte {changed} of a block of {array.Length} bytes was written to after the block was given back."));
        }
    }
}
