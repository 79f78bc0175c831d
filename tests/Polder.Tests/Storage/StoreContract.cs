using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Polder.Bytes;
using Polder.Storage;
using Xunit;

namespace Polder.Tests.Storage;

/// <summary>What every store must do; run over each of them.</summary>
public abstract class StoreContract
{
    private static readonly StorePath Commit = new("_delta_log/00000000000000000000.json");

    protected abstract IObjectStore Open();

    [Fact]
    public async Task A_missing_object_has_no_head_and_cannot_be_read()
    {
        IObjectStore store = Open();
        Assert.Null(await store.HeadAsync(Commit));
        StoreException error = await Assert.ThrowsAsync<StoreException>(async () => await store.ReadAsync(Commit));
        Assert.Equal(StoreFailure.NotFound, error.Failure);
        Assert.Contains(Commit.Value, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_put_is_read_back_whole_and_in_ranges()
    {
        IObjectStore store = Open();
        byte[] body = Encoding.UTF8.GetBytes("0123456789");
        Assert.Equal(PutOutcome.Created, await store.PutAsync(Commit, body, PutMode.Create));
        Assert.Equal("0123456789", await ReadAsync(store, Commit, null));
        Assert.Equal("345", await ReadAsync(store, Commit, new ByteRange(3, 3)));
        Assert.Equal("89", await ReadAsync(store, Commit, new ByteRange(8, 100)));
        Assert.Equal("", await ReadAsync(store, Commit, new ByteRange(50, 4)));
        Assert.Equal(10, (await store.HeadAsync(Commit))!.Value.SizeBytes);
    }

    [Fact]
    public async Task A_second_create_changes_nothing_and_an_overwrite_everything()
    {
        IObjectStore store = Open();
        await store.PutAsync(Commit, "first"u8.ToArray(), PutMode.Create);
        Assert.Equal(PutOutcome.AlreadyExists, await store.PutAsync(Commit, "second"u8.ToArray(), PutMode.Create));
        Assert.Equal("first", await ReadAsync(store, Commit, null));
        Assert.Equal(PutOutcome.Created, await store.PutAsync(Commit, "third"u8.ToArray(), PutMode.Overwrite));
        Assert.Equal("third", await ReadAsync(store, Commit, null));
    }

    [Fact]
    public async Task Of_many_creators_of_one_name_exactly_one_wins()
    {
        IObjectStore store = Open();
        for (int round = 0; round < 20; round++)
        {
            StorePath path = new($"_delta_log/{round:D20}.json");
            using Barrier start = new(4);
            Task<PutOutcome>[] rivals = [.. Enumerable.Range(0, 4).Select(rival => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    byte[] body = [(byte)rival];
                    return store.PutAsync(path, body, PutMode.Create).AsTask().GetAwaiter().GetResult();
                },
                TaskCreationOptions.LongRunning))];
            PutOutcome[] outcomes = await Task.WhenAll(rivals);
            int winner = Array.IndexOf(outcomes, PutOutcome.Created);
            Assert.Single(outcomes, PutOutcome.Created);
            using BufferSlice found = await store.ReadAsync(path);
            Assert.Equal(new[] { (byte)winner }, found.Span.ToArray());
        }
    }

    [Fact]
    public async Task A_listing_is_recursive_in_ordinal_order_and_starts_after_a_name()
    {
        IObjectStore store = Open();
        foreach (string path in new[] { "b", "a/2", "a/10", "a/1", "a!", "a/b/c", "ab", "z/ä%20 b" })
        {
            await store.PutAsync(new StorePath(path), "x"u8.ToArray(), PutMode.Create);
        }

        Assert.Equal(["a!", "a/1", "a/10", "a/2", "a/b/c", "ab", "b", "z/ä%20 b"], await ListAsync(store, "", null));
        Assert.Equal(["a/1", "a/10", "a/2", "a/b/c"], await ListAsync(store, "a/", null));
        Assert.Equal(["a/2", "a/b/c"], await ListAsync(store, "a/", "a/10"));
        Assert.Equal(["a/1", "a/10"], await ListAsync(store, "a/1", null));
        Assert.Empty(await ListAsync(store, "missing/", null));
    }

    [Fact]
    public async Task An_object_being_written_is_invisible_until_it_is_complete()
    {
        IObjectStore store = Open();
        StorePath path = new("part-0.parquet");
        await using (ObjectWriter dropped = await store.OpenWriteAsync(path))
        {
            await dropped.WriteAsync("half"u8.ToArray());
            Assert.Null(await store.HeadAsync(path));
            Assert.Empty(await ListAsync(store, "", null));
        }

        Assert.Empty(await ListAsync(store, "", null));
        await using ObjectWriter writer = await store.OpenWriteAsync(path);
        await writer.WriteAsync("who"u8.ToArray());
        await writer.WriteAsync("le"u8.ToArray());
        Assert.Equal(5, writer.Position);
        await writer.CompleteAsync();
        Assert.Equal("whole", await ReadAsync(store, path, null));
    }

    [Fact]
    public async Task Deleting_works_once_and_a_second_time_does_nothing()
    {
        IObjectStore store = Open();
        await store.PutAsync(Commit, "x"u8.ToArray(), PutMode.Create);
        await store.DeleteAsync(Commit);
        await store.DeleteAsync(Commit);
        await store.DeleteAsync(new StorePath("no/such/folder/file"));
        Assert.Null(await store.HeadAsync(Commit));
        Assert.Equal(PutOutcome.Created, await store.PutAsync(Commit, "y"u8.ToArray(), PutMode.Create));
    }

    [Fact]
    public async Task A_cancelled_call_does_nothing()
    {
        IObjectStore store = Open();
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            async () => await store.PutAsync(Commit, new byte[100_000], PutMode.Create, cancelled.Token));
        Assert.Empty(await ListAsync(store, "", null));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../other")]
    [InlineData("a/../../b")]
    [InlineData("./a")]
    public void A_path_that_may_leave_the_root_is_misuse(string path) =>
        Assert.Throws<ArgumentException>(() => new StorePath(path));

    private static async Task<string> ReadAsync(IObjectStore store, StorePath path, ByteRange? range)
    {
        using BufferSlice body = await store.ReadAsync(path, range);
        return Encoding.UTF8.GetString(body.Span);
    }

    private static async Task<List<string>> ListAsync(IObjectStore store, string prefix, string? startAfter)
    {
        List<string> found = [];
        await foreach (StoreObject item in store.ListAsync(
            new StorePath(prefix), startAfter is null ? null : new StorePath(startAfter)))
        {
            found.Add(item.Path.Value);
        }

        return found;
    }
}
