using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage.Memory;

/// <summary>
/// A store in memory, for tests and short-lived tables. Every operation is atomic and completes synchronously.
/// Thread-safe.
/// </summary>
public sealed class MemoryStore : IObjectStore
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, (byte[] Body, DateTimeOffset Time)> _objects =
        new(StringComparer.Ordinal);
    private readonly TimeProvider _time;

    /// <summary>Makes an empty store.</summary>
    /// <param name="time">The clock that stamps objects; null = the system's.</param>
    /// <param name="name">What names the store in messages.</param>
    public MemoryStore(TimeProvider? time = null, string name = "memory")
    {
        _time = time ?? TimeProvider.System;
        Root = $"memory://{name}";
    }

    /// <inheritdoc />
    public string Root { get; }

    /// <inheritdoc />
    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            return ValueTask.FromResult<StoreObject?>(
                _objects.TryGetValue(path.Value, out (byte[] Body, DateTimeOffset Time) found)
                    ? new StoreObject(path, found.Body.Length, found.Time)
                    : null);
        }
    }

    /// <inheritdoc />
    public ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] body;
        lock (_lock)
        {
            body = _objects.TryGetValue(path.Value, out (byte[] Body, DateTimeOffset Time) found)
                ? found.Body
                : throw new StoreException(
                    StoreFailure.NotFound, $"{Root}/{path}", $"{Root}/{path} does not exist");
        }

        // Bodies are never written again: handing out the array itself copies nothing.
        return ValueTask.FromResult(BufferSlice.Wrap(range is ByteRange wanted ? Clip(body, wanted) : body));
    }

    /// <inheritdoc />
    public ValueTask<PutOutcome> PutAsync(
        StorePath path,
        ReadOnlyMemory<byte> body,
        PutMode mode,
        CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        byte[] copy = body.ToArray();
        lock (_lock)
        {
            if (mode == PutMode.Create && _objects.ContainsKey(path.Value))
            {
                return ValueTask.FromResult(PutOutcome.AlreadyExists);
            }

            _objects[path.Value] = (copy, _time.GetUtcNow());
            return ValueTask.FromResult(PutOutcome.Created);
        }
    }

    /// <inheritdoc />
    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<ObjectWriter>(new MemoryObjectWriter(this, path));

    /// <inheritdoc />
    public async IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix,
        StorePath? startAfter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        List<StoreObject> found;
        lock (_lock)
        {
            found = [.. _objects
                .Where(entry => entry.Key.StartsWith(prefix.Value, StringComparison.Ordinal))
                .Where(entry => startAfter is not StorePath after || string.CompareOrdinal(entry.Key, after.Value) > 0)
                .Select(entry => new StoreObject(new StorePath(entry.Key), entry.Value.Body.Length, entry.Value.Time))];
        }

        foreach (StoreObject item in found)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return item;
        }

        await Task.CompletedTask.ConfigureAwait(false);
    }

    /// <inheritdoc />
    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            _objects.Remove(path.Value);
        }

        return ValueTask.CompletedTask;
    }

    private static ReadOnlyMemory<byte> Clip(byte[] body, ByteRange range)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(range.Offset);
        ArgumentOutOfRangeException.ThrowIfNegative(range.Length);
        int start = (int)long.Min(range.Offset, body.Length);
        return body.AsMemory(start, int.Min(range.Length, body.Length - start));
    }

    private sealed class MemoryObjectWriter(MemoryStore store, StorePath path) : ObjectWriter
    {
        private readonly BufferBuilder _body = new();

        public override long Position => _body.Length;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _body.Write(bytes.Span);
            return ValueTask.CompletedTask;
        }

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken = default) =>
            await store.PutAsync(path, _body.Span.ToArray(), PutMode.Overwrite, cancellationToken)
                .ConfigureAwait(false);

        public override ValueTask DisposeAsync()
        {
            _body.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
