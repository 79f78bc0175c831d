using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Storage;

namespace Polder.Delta.Log;

/// <summary>Reads many commits in a given order, the next ones already on their way.</summary>
internal static class CommitStream
{
    /// <exception cref="CorruptLogException">A commit is broken, or gone.</exception>
    public static IAsyncEnumerable<CommitFile> ReadAsync(
        Engine engine, IObjectStore store, IEnumerable<long> versions, CancellationToken cancellationToken) =>
        ReadAsync(
            engine,
            store,
            versions.Select(version => (version, LogPath.ForCommit(version))),
            cancellationToken);

    /// <param name="engine">Scheduler and memory.</param>
    /// <param name="store">The table's store.</param>
    /// <param name="files">Commits, or compactions by their last version.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    /// <exception cref="CorruptLogException">A file is broken, or gone.</exception>
    public static async IAsyncEnumerable<CommitFile> ReadAsync(
        Engine engine,
        IObjectStore store,
        IEnumerable<(long Version, StorePath Path)> files,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Queue<(long Version, Task<CommitFile?> Commit)> pending = [];
        using IEnumerator<(long Version, StorePath Path)> next = files.GetEnumerator();
        bool hasNext = next.MoveNext();
        while (hasNext || pending.Count > 0)
        {
            while (hasNext && pending.Count < 2 * engine.Parallelism)
            {
                (long version, StorePath path) = next.Current;
                pending.Enqueue((version, engine.RunAsync(
                    () => CommitFile.LoadAsync(engine, store, version, path, cancellationToken).AsTask(),
                    cancellationToken)));
                hasNext = next.MoveNext();
            }

            (long number, Task<CommitFile?> commit) = pending.Dequeue();
            yield return await commit.ConfigureAwait(false) ?? throw new CorruptLogException(
                string.Create(CultureInfo.InvariantCulture, $"commit {number} is needed and gone"),
                $"{store.Root}/{LogPath.Folder}");
        }
    }
}
