using System;
using System.ComponentModel;
using System.IO;
using Polder.Storage.Local.Native;

namespace Polder.Storage.Local;

/// <summary>What the file system said, in the store's terms.</summary>
internal static class LocalFailure
{
    private const int WindowsDiskFull = unchecked((int)0x80070070);

    /// <summary>Whether an exception of the base library is a failure of the store.</summary>
    public static bool IsStoreError(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException;

    /// <summary>The failure of a base library call.</summary>
    public static StoreException From(Exception error, string location, string attempt) => error switch
    {
        FileNotFoundException or DirectoryNotFoundException => new StoreException(
            StoreFailure.NotFound, location, $"cannot {attempt} {location}: it does not exist", error),
        UnauthorizedAccessException => new StoreException(
            StoreFailure.NoPermission, location, $"cannot {attempt} {location}: no permission", error),
        IOException when IsFull(error) => new StoreException(
            StoreFailure.Full, location, $"cannot {attempt} {location}: no space left on the device", error),
        _ => new StoreException(
            StoreFailure.Failed, location, $"cannot {attempt} {location}: {error.Message}", error),
    };

    /// <summary>The failure of a native call.</summary>
    public static StoreException From(int errorNumber, string location, string attempt)
    {
        StoreFailure failure = Libc.Classify(errorNumber);
        string reason = new Win32Exception(errorNumber).Message;
        return new StoreException(failure, location, $"cannot {attempt} {location}: {reason}");
    }

    private static bool IsFull(Exception error) =>
        error.HResult == WindowsDiskFull ||
        (!OperatingSystem.IsWindows() && Libc.Classify(error.HResult & 0xffff) == StoreFailure.Full);
}
