using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;

namespace Polder.Storage;

/// <summary>
/// The contract of an object store, rooted at a folder or prefix. Operations are atomic: a reader sees an object whole
/// or not at all. Nothing but <see cref="PutAsync"/> with <see cref="PutMode.Create"/> decides who won.
/// </summary>
/// <remarks>
/// Every method throws <see cref="StoreException"/> for a failure of the store (with its kind: not found, no
/// permission, full, unavailable) and <see cref="OperationCanceledException"/> when cancelled. Conveniences are
/// extension methods.
/// </remarks>
public interface IObjectStore
{
    /// <summary>What names this store's root in messages: a folder path or a URL.</summary>
    string Root { get; }

    /// <summary>Size and time of an object, or null where there is none.</summary>
    ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default);

    /// <summary>Reads a range of an object. The caller owns the slice.</summary>
    /// <param name="path">The object.</param>
    /// <param name="range">The bytes wanted; null = all. Fewer come back only where the object ends.</param>
    /// <param name="allocator">Where the bytes are put; null = plain GC memory.</param>
    /// <param name="cancellationToken">Cancels the read; nothing stays rented.</param>
    ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default);

    /// <summary>Writes a whole object.</summary>
    /// <returns>Created, or AlreadyExists (only with <see cref="PutMode.Create"/>): an outcome, not an error.</returns>
    ValueTask<PutOutcome> PutAsync(
        StorePath path,
        ReadOnlyMemory<byte> body,
        PutMode mode,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Opens a large object for writing; it becomes visible, durable and whole on
    /// <see cref="ObjectWriter.CompleteAsync"/>, and leaves nothing when disposed without it.
    /// </summary>
    ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default);

    /// <summary>
    /// Lists objects whose path starts with <paramref name="prefix"/> (a folder: with its closing slash), recursively,
    /// in ordinal order of the path, after <paramref name="startAfter"/> (exclusive). A missing folder lists nothing.
    /// </summary>
    IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix, StorePath? startAfter = null, CancellationToken cancellationToken = default);

    /// <summary>Deletes an object; a missing one is no error.</summary>
    ValueTask DeleteAsync(StorePath path, CancellationToken cancellationToken = default);
}

/// <summary>When a put may land.</summary>
public enum PutMode
{
    /// <summary>Only where there is no object of that name: put-if-absent.</summary>
    Create,

    /// <summary>Always.</summary>
    Overwrite,
}

/// <summary>How a put ended.</summary>
public enum PutOutcome
{
    /// <summary>The object is there, whole and durable.</summary>
    Created,

    /// <summary>An object of that name was there before; nothing was written.</summary>
    AlreadyExists,
}

/// <summary>A range of bytes.</summary>
/// <param name="Offset">Bytes from the start of the object.</param>
/// <param name="Length">Number of bytes.</param>
public readonly record struct ByteRange(long Offset, int Length)
{
    /// <summary>The offset after the last byte.</summary>
    public long End => Offset + Length;
}

/// <summary>An object of a store.</summary>
/// <param name="Path">Its path below the store's root.</param>
/// <param name="SizeBytes">Its size.</param>
/// <param name="LastModified">When it was last written, by the store's clock.</param>
public readonly record struct StoreObject(StorePath Path, long SizeBytes, DateTimeOffset LastModified);

/// <summary>An object being written. One thread at a time.</summary>
public abstract class ObjectWriter : IAsyncDisposable
{
    /// <summary>Bytes written so far.</summary>
    public abstract long Position { get; }

    /// <summary>Appends bytes; the memory may be reused once the task has completed.</summary>
    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default);

    /// <summary>Makes the object visible and durable.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken = default);

    /// <summary>Drops what was not completed.</summary>
    public abstract ValueTask DisposeAsync();
}
