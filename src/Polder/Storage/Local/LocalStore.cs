using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Polder.Bytes;

namespace Polder.Storage.Local;

/// <summary>
/// A folder as an object store. Writes go to a hidden temporary file, are made durable, and get their name at the end:
/// a reader never sees half an object, and of many writers that create one name exactly one wins, over any number of
/// processes.
/// </summary>
public sealed class LocalStore : IObjectStore
{
    /// <summary>How temporary files are named: hidden from readers and from listings.</summary>
    internal const string TemporaryPrefix = ".polder-";

    private readonly string _root;

    /// <summary>Makes a store; the folder need not exist, the first write makes it.</summary>
    public LocalStore(string folder)
    {
        _root = Path.GetFullPath(folder);
        Root = _root;
    }

    /// <inheritdoc />
    public string Root { get; }

    /// <inheritdoc />
    public ValueTask<StoreObject?> HeadAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        string location = Locate(path);
        try
        {
            FileInfo file = Resolve(new FileInfo(location));
            return ValueTask.FromResult<StoreObject?>(
                file.Exists ? new StoreObject(path, file.Length, new DateTimeOffset(file.LastWriteTimeUtc)) : null);
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, location, "look up");
        }
    }

    /// <inheritdoc />
    public async ValueTask<BufferSlice> ReadAsync(
        StorePath path,
        ByteRange? range = null,
        BufferAllocator? allocator = null,
        CancellationToken cancellationToken = default)
    {
        string location = Locate(path);
        try
        {
            using SafeFileHandle file = File.OpenHandle(
                location, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete,
                FileOptions.Asynchronous);
            long offset = range?.Offset ?? 0;
            long available = long.Max(0, RandomAccess.GetLength(file) - offset);
            long wanted = range is ByteRange asked ? long.Min(asked.Length, available) : available;
            if (wanted > Array.MaxLength)
            {
                throw new StoreException(
                    StoreFailure.Failed, location, $"{location} has {wanted} bytes, too many to read at once");
            }

            return await ReadAsync(file, offset, (int)wanted, allocator, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, location, "read");
        }
    }

    /// <inheritdoc />
    public async ValueTask<PutOutcome> PutAsync(
        StorePath path,
        ReadOnlyMemory<byte> body,
        PutMode mode,
        CancellationToken cancellationToken = default)
    {
        LocalObjectWriter writer = OpenWrite(path);
        await using (writer.ConfigureAwait(false))
        {
            await writer.WriteAsync(body, cancellationToken).ConfigureAwait(false);
            return writer.Publish(mode);
        }
    }

    /// <inheritdoc />
    public ValueTask<ObjectWriter> OpenWriteAsync(StorePath path, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return ValueTask.FromResult<ObjectWriter>(OpenWrite(path));
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<StoreObject> ListAsync(
        StorePath prefix,
        StorePath? startAfter = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        int slash = prefix.Value.LastIndexOf('/');
        string folder = slash < 0 ? _root : Locate(new StorePath(prefix.Value[..slash]));
        List<StoreObject> found = [];
        try
        {
            if (Directory.Exists(folder))
            {
                Collect(new DirectoryInfo(folder), slash < 0 ? "" : prefix.Value[..(slash + 1)], found);
            }
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, folder, "list");
        }

        found.Sort(static (left, right) => left.Path.CompareTo(right.Path));
        foreach (StoreObject item in found.Where(item =>
            item.Path.Value.StartsWith(prefix.Value, StringComparison.Ordinal) &&
            (startAfter is not StorePath after || item.Path > after)))
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
        string location = Locate(path);
        try
        {
            File.Delete(location);
        }
        catch (DirectoryNotFoundException)
        {
            // A missing object is no error.
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, location, "delete");
        }

        return ValueTask.CompletedTask;
    }

    private static async ValueTask<BufferSlice> ReadAsync(
        SafeFileHandle file,
        long offset,
        int length,
        BufferAllocator? allocator,
        CancellationToken cancellationToken)
    {
        BufferBuilder buffer = new(length, allocator);
        try
        {
            while (buffer.Length < length)
            {
                int count = await RandomAccess.ReadAsync(
                    file,
                    buffer.GetMemory(length - buffer.Length)[..(length - buffer.Length)],
                    offset + buffer.Length,
                    cancellationToken).ConfigureAwait(false);
                if (count == 0)
                {
                    break;
                }

                buffer.Advance(count);
            }

            return buffer.Freeze();
        }
        finally
        {
            buffer.Dispose();
        }
    }

    private static void Collect(DirectoryInfo folder, string prefix, List<StoreObject> found)
    {
        foreach (FileSystemInfo entry in folder.EnumerateFileSystemInfos())
        {
            if (entry.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal))
            {
                continue;
            }

            if (entry is DirectoryInfo child)
            {
                Collect(child, $"{prefix}{child.Name}/", found);
            }
            else if (entry is FileInfo { Exists: true } file)
            {
                FileInfo target = Resolve(file);
                found.Add(new StoreObject(
                    new StorePath(prefix + file.Name), target.Length, new DateTimeOffset(target.LastWriteTimeUtc)));
            }
        }
    }

    // The size and time of a symbolic link are its own, not those of the file that a reader gets.
    private static FileInfo Resolve(FileInfo file) =>
        file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;

    private LocalObjectWriter OpenWrite(StorePath path)
    {
        string location = Locate(path);
        try
        {
            LocalFolders.CreateDurably(Path.GetDirectoryName(location)!);
            return new LocalObjectWriter(location);
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, location, "write");
        }
    }

    private string Locate(StorePath path) => Path.Combine(_root, path.Value.Replace('/', Path.DirectorySeparatorChar));
}
