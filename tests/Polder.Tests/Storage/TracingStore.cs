using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;

namespace Polder.Tests.Storage;

/// <summary>Writes down every operation on a store, and lets a test act before a put.</summary>
internal sealed class TracingStore(IObjectStore inner, Action? onOperation = null) : IObjectStore
{
    /// <summary>One line an operation, in order.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>Called before each put; what it does happens first.</summary>
    public Func<StorePath, PutMode, Task>? BeforePut { get; set; }

    public string Root => inner.Root;

    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        Note($"head {path}");
        return inner.HeadAsync(path, cancellationToken);
    }

    public ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default)
    {
        Note($"read {path} {range?.Offset}+{range?.Length}");
        return inner.ReadAsync(path, range, allocator, cancellationToken);
    }

    public async ValueTask<PutOutcome> PutAsync(
        StorePath path, ReadOnlyMemory<byte> body, PutMode mode, CancellationToken cancellationToken = default)
    {
        if (BeforePut is not null)
        {
            await BeforePut(path, mode);
        }

        PutOutcome outcome = await inner.PutAsync(path, body, mode, cancellationToken);
        Note($"put {path} {mode} {body.Length}: {outcome}");
        return outcome;
    }

    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        Note($"write {path}");
        return inner.OpenWriteAsync(path, cancellationToken);
    }

    public async IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix,
        StorePath? startAfter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Note($"list {prefix} after {startAfter}");
        await foreach (StoreObject item in inner.ListAsync(prefix, startAfter, cancellationToken))
        {
            yield return item;
        }
    }

    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        Note($"delete {path}");
        return inner.DeleteAsync(path, cancellationToken);
    }

    private void Note(string line)
    {
        onOperation?.Invoke();
        lock (Trace)
        {
            Trace.Add(line);
        }
    }
}
