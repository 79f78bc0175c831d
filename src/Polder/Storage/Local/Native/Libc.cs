using System;
using System.Runtime.InteropServices;

namespace Polder.Storage.Local.Native;

/// <summary>
/// The four calls of POSIX that commits need and the base library does not give: an exclusive name (<c>link</c>; the
/// base library's exclusive move is a check and then a rename on Linux), and <c>fsync</c> with its error, of files and
/// of folders.
/// </summary>
internal static partial class Libc
{
    public const int NotPermitted = 1;
    public const int NoSuchFile = 2;
    public const int Interrupted = 4;
    public const int AccessDenied = 13;
    public const int AlreadyExists = 17;
    public const int InvalidArgument = 22;
    public const int NoSpace = 28;
    public const int ReadOnlyFileSystem = 30;

    private const int OpenReadOnly = 0;

    private static int OpenCloseOnExec => OperatingSystem.IsMacOS() ? 0x1000000 : 0x80000;

    private static int NotSupported => OperatingSystem.IsMacOS() ? 45 : 95;

    private static int QuotaExceeded => OperatingSystem.IsMacOS() ? 69 : 122;

    /// <summary>Gives a file a second name, only if that name is free. Returns 0 or the error number.</summary>
    public static int TryLink(string existingPath, string newPath) =>
        LinkFile(existingPath, newPath) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Makes what was written to an open file durable. Returns 0 or the error number.</summary>
    public static int TrySync(SafeHandle file)
    {
        bool added = false;
        try
        {
            file.DangerousAddRef(ref added);
            return TrySync((int)file.DangerousGetHandle());
        }
        finally
        {
            if (added)
            {
                file.DangerousRelease();
            }
        }
    }

    /// <summary>Makes the names in a folder durable. Returns 0 or the error number.</summary>
    public static int TrySyncFolder(string path)
    {
        int descriptor;
        int error;
        do
        {
            descriptor = OpenFile(path, OpenReadOnly | OpenCloseOnExec);
            error = Marshal.GetLastPInvokeError();
        }
        while (descriptor < 0 && error == Interrupted);

        if (descriptor < 0)
        {
            return error;
        }

        error = TrySync(descriptor);
        _ = CloseFile(descriptor);

        // Some file systems refuse to sync a folder; they have nothing to sync.
        return error == InvalidArgument ? 0 : error;
    }

    /// <summary>What kind of failure an error number is.</summary>
    public static StoreFailure Classify(int error) => error switch
    {
        NoSuchFile => StoreFailure.NotFound,
        NotPermitted or AccessDenied or ReadOnlyFileSystem => StoreFailure.NoPermission,
        NoSpace => StoreFailure.Full,
        _ when error == QuotaExceeded => StoreFailure.Full,
        _ => StoreFailure.Failed,
    };

    /// <summary>Whether the file system has no hard links.</summary>
    public static bool HasNoLinks(int error) => error == NotPermitted || error == NotSupported || error == 38;

    private static int TrySync(int descriptor)
    {
        int error;
        do
        {
            error = SyncFile(descriptor) == 0 ? 0 : Marshal.GetLastPInvokeError();
        }
        while (error == Interrupted);

        return error;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkFile(string existingPath, string newPath);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncFile(int descriptor);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseFile(int descriptor);
}
