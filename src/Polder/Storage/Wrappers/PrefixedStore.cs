using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage.Wrappers;

/// <summary>A folder of a store as a store of its own: a table inside a warehouse.</summary>
internal sealed class PrefixedStore : IObjectStore
{
    private readonly IObjectStore _store;
    private readonly StorePath _folder;

    /// <summary>Makes the view.</summary>
    /// <param name="store">The store; it must outlive the view.</param>
    /// <param name="folder">The folder that becomes the root, without a closing slash.</param>
    public PrefixedStore(IObjectStore store, StorePath folder)
    {
        _store = store;
        _folder = folder;
    }

    /// <inheritdoc />
    public string Root => $"{_store.Root.TrimEnd('/')}/{_folder.Value}";

    /// <inheritdoc />
    public async ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        StoreObject? found = await _store.HeadAsync(Outer(path), cancellationToken).ConfigureAwait(false);
        return found is null ? null : found.Value with { Path = path };
    }

    /// <inheritdoc />
    public ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default) =>
        _store.ReadAsync(Outer(path), range, allocator, cancellationToken);

    /// <inheritdoc />
    public ValueTask<PutOutcome> PutAsync(
        StorePath path, ReadOnlyMemory<byte> body, PutMode mode, CancellationToken cancellationToken = default) =>
        _store.PutAsync(Outer(path), body, mode, cancellationToken);

    /// <inheritdoc />
    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        _store.OpenWriteAsync(Outer(path), cancellationToken);

    /// <inheritdoc />
    public async IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix,
        StorePath? startAfter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        StorePath? after = startAfter is StorePath path ? Outer(path) : null;
        await foreach (StoreObject found in _store.ListAsync(Outer(prefix), after, cancellationToken)
            .ConfigureAwait(false))
        {
            yield return found with { Path = new StorePath(found.Path.Value[(_folder.Value.Length + 1)..]) };
        }
    }

    /// <inheritdoc />
    public ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default) =>
        _store.DeleteAsync(Outer(path), cancellationToken);

    private StorePath Outer(StorePath path) => new(_folder.Value + "/" + path.Value);
}
