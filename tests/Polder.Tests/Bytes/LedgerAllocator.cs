using System;
using System.Buffers;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Polder.Bytes;
using Xunit;

namespace Polder.Tests.Bytes;

/// <summary>
/// Writes down every block rented and how often it came back. Its blocks are foreign: never written again.
/// </summary>
internal sealed class LedgerAllocator : BufferAllocator
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];

    public int RentCount => _entries.Count;

    public override BufferChecks Checks => BufferChecks.None;

    public override long RentedBytes
    {
        get
        {
            lock (_lock)
            {
                return _entries.Where(entry => entry.ReturnCount == 0).Sum(entry => (long)entry.Memory.Length);
            }
        }
    }

    public override long RetainedBytes => 0;

    public override void Trim()
    {
    }

    public override void Trim(TimeSpan idleFor)
    {
    }

    public void AssertEachCameBackOnce() => Assert.All(_entries, entry => Assert.Equal(1, entry.ReturnCount));

    internal override BufferBlock Rent(int minimumLength)
    {
        Entry entry = new(minimumLength);
        lock (_lock)
        {
            _entries.Add(entry);
        }

        return new OwnedBlock(entry);
    }

    private sealed class Entry : IMemoryOwner<byte>
    {
        private int _returnCount;

        public Entry(int length)
        {
            Memory = new byte[length];
        }

        public Memory<byte> Memory { get; }

        public int ReturnCount => _returnCount;

        public void Dispose() => Interlocked.Increment(ref _returnCount);
    }
}
