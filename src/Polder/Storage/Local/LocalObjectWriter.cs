using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Win32.SafeHandles;
using Polder.Storage.Local.Native;

namespace Polder.Storage.Local;

/// <summary>
/// An object on its way: a hidden temporary file beside its final name. Publishing is fsync of the file, one atomic
/// naming, fsync of the folder.
/// </summary>
internal sealed class LocalObjectWriter : ObjectWriter
{
    private readonly string _location;
    private readonly string _temporary;
    private readonly SafeFileHandle _file;
    private bool _isTemporaryThere = true;
    private long _position;

    public LocalObjectWriter(string location)
    {
        _location = location;
        string folder = Path.GetDirectoryName(location)!;

        // A random name, not the engine's ids: it must differ between processes even where a run is repeated.
        _temporary = Path.Combine(folder, LocalStore.TemporaryPrefix + Path.GetRandomFileName());
        _file = File.OpenHandle(
            _temporary, FileMode.CreateNew, FileAccess.Write, FileShare.Read, FileOptions.Asynchronous);
    }

    public override long Position => _position;

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken = default)
    {
        try
        {
            await RandomAccess.WriteAsync(_file, bytes, _position, cancellationToken).ConfigureAwait(false);
            _position += bytes.Length;
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, _location, "write");
        }
    }

    public override ValueTask CompleteAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Publish(PutMode.Overwrite);
        return ValueTask.CompletedTask;
    }

    /// <summary>Gives the file its name.</summary>
    /// <exception cref="StoreException">
    /// Definite until the name is given; <see cref="StoreFailure.Unknown"/> where the name is there and may not be
    /// durable.
    /// </exception>
    public PutOutcome Publish(PutMode mode)
    {
        try
        {
            Sync();
            _file.Dispose();
            if (!TryName(mode))
            {
                return PutOutcome.AlreadyExists;
            }
        }
        catch (Exception error) when (LocalFailure.IsStoreError(error))
        {
            throw LocalFailure.From(error, _location, "write");
        }

        try
        {
            LocalFolders.Sync(Path.GetDirectoryName(_location)!);
        }
        catch (StoreException error)
        {
            throw new StoreException(
                StoreFailure.Unknown, _location, $"{_location} is written but may not be durable", error);
        }

        return PutOutcome.Created;
    }

    public override ValueTask DisposeAsync()
    {
        _file.Dispose();
        if (_isTemporaryThere)
        {
            _isTemporaryThere = false;
            try
            {
                File.Delete(_temporary);
            }
            catch (Exception error) when (LocalFailure.IsStoreError(error))
            {
                // Hidden from readers; left for the next clean-up.
            }
        }

        return ValueTask.CompletedTask;
    }

    private void Sync()
    {
        if (OperatingSystem.IsWindows())
        {
            RandomAccess.FlushToDisk(_file);
        }
        else if (Libc.TrySync(_file) is int error and not 0)
        {
            // Never tried again: after a failed fsync the kernel may have dropped the pages and report success.
            throw LocalFailure.From(error, _location, "make durable");
        }
    }

    private bool TryName(PutMode mode)
    {
        if (mode == PutMode.Overwrite)
        {
            File.Move(_temporary, _location, overwrite: true);
            _isTemporaryThere = false;
            return true;
        }

        return OperatingSystem.IsWindows() ? TryMoveExclusively() : TryLink();
    }

    // MoveFileEx without MOVEFILE_REPLACE_EXISTING is one atomic step on NTFS.
    private bool TryMoveExclusively()
    {
        try
        {
            File.Move(_temporary, _location, overwrite: false);
            _isTemporaryThere = false;
            return true;
        }
        catch (IOException) when (File.Exists(_location))
        {
            return false;
        }
    }

    private bool TryLink()
    {
        int error = Libc.TryLink(_temporary, _location);
        if (error == Libc.AlreadyExists)
        {
            return false;
        }

        if (Libc.HasNoLinks(error))
        {
            throw new StoreException(
                StoreFailure.Failed,
                _location,
                $"cannot create {_location}: this file system has no hard links, so two writers could overwrite each " +
                "other; put the table on another file system");
        }

        return error == 0 ? true : throw LocalFailure.From(error, _location, "create");
    }
}
