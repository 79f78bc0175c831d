using System;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;
using Polder.Storage;
using Polder.Storage.Local;
using Xunit;

namespace Polder.Tests.Storage;

public sealed class LocalStoreTests : StoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_folder_without_permission_is_named_and_left_alone()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
        {
            Assert.Skip("needs POSIX permissions and a user whom they bind");
            return;
        }

        string folder = Directory.CreateDirectory(_folder["locked"]).FullName;
        File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        StoreException error = await Assert.ThrowsAsync<StoreException>(async () =>
            await new LocalStore(folder).PutAsync(new StorePath("a"), new byte[1], PutMode.Create));
        Assert.Equal(StoreFailure.NoPermission, error.Failure);
        Assert.Contains(folder, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    [Fact]
    public async Task A_symbolic_link_has_the_size_of_its_target()
    {
        Directory.CreateDirectory(_folder["store"]);
        await File.WriteAllTextAsync(_folder["elsewhere"], "0123456789");
        File.CreateSymbolicLink(_folder["store/link"], _folder["elsewhere"]);
        Assert.Equal(10, (await Open().HeadAsync(new StorePath("link")))!.Value.SizeBytes);
        await foreach (StoreObject item in Open().ListAsync(StorePath.Root))
        {
            Assert.Equal(10, item.SizeBytes);
        }
    }

    [Fact]
    public async Task A_folder_where_a_file_should_be_is_an_error_that_names_it()
    {
        Directory.CreateDirectory(_folder["store/name"]);
        StoreException error = await Assert.ThrowsAsync<StoreException>(async () =>
            await Open().PutAsync(new StorePath("name"), new byte[1], PutMode.Overwrite));
        Assert.Contains("name", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["store"]));
    }

    [Fact]
    public async Task A_full_disk_is_told_apart_and_leaves_no_file()
    {
        using SmallDisk? disk = SmallDisk.TryMount(_folder["disk"]);
        Assert.SkipWhen(disk is null, "needs mount (root and util-linux)");
        LocalStore store = new(_folder["disk"]);
        StoreException error = await Assert.ThrowsAsync<StoreException>(async () =>
            await store.PutAsync(new StorePath("big"), new byte[3 << 20], PutMode.Create));
        Assert.Equal(StoreFailure.Full, error.Failure);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["disk"]));
        Assert.Equal(PutOutcome.Created, await store.PutAsync(new StorePath("small"), new byte[9], PutMode.Create));
    }

    protected override IObjectStore Open() => new LocalStore(_folder["store"]);
}

/// <summary>A tmpfs of 2 MB; needs root.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string _path;

    private SmallDisk(string path)
    {
        _path = path;
    }

    public static SmallDisk? TryMount(string path)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        Directory.CreateDirectory(path);
        return Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", path) == 0 ? new SmallDisk(path) : null;
    }

    public void Dispose() => Run("umount", _path);

    private static int Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true,
        })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
