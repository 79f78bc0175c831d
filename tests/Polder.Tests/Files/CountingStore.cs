using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;

namespace Polder.Tests.Files;

/// <summary>One file in memory; counts what is read of it, and may fail a read.</summary>
internal sealed class CountingStore(byte[] file) : IObjectStore
{
    private readonly Lock _lock = new();

    public static StorePath Path { get; } = new("file.parquet");

    public string Root => "memory://test";

    /// <summary>Reads so far.</summary>
    public List<ByteRange> Reads { get; } = [];

    /// <summary>Fails the read of that number.</summary>
    public int FailingRead { get; init; } = -1;

    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<StoreObject?>(new StoreObject(path, file.Length, default));

    public async ValueTask<BufferSlice> ReadAsync(
        StorePath path, ByteRange? range = null, BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        ByteRange wanted = range ?? new ByteRange(0, file.Length);
        lock (_lock)
        {
            Reads.Add(wanted);
            if (Reads.Count - 1 == FailingRead)
            {
                throw new StoreException(StoreFailure.Failed, Root, "the disk is on fire");
            }
        }

        return BufferSlice.CopyFrom(file.AsSpan((int)wanted.Offset, wanted.Length), allocator);
    }

    public ValueTask<PutOutcome> PutAsync(
        StorePath path, ReadOnlyMemory<byte> body, PutMode mode, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix, StorePath? startAfter = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();
}
