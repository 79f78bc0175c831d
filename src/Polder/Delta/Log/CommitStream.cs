using System.Collections.Generic;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Polder.Storage;

namespace Polder.Delta.Log;

/// <summary>Reads many commits in a given order, the next ones already on their way.</summary>
internal static class CommitStream
{
    /// <exception cref="CorruptLogException">A commit is broken, or gone.</exception>
    public static async IAsyncEnumerable<CommitFile> ReadAsync(
        Engine engine,
        IObjectStore store,
        IEnumerable<long> versions,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Queue<(long Version, Task<CommitFile?> Commit)> pending = [];
        using IEnumerator<long> next = versions.GetEnumerator();
        bool hasNext = next.MoveNext();
        while (hasNext || pending.Count > 0)
        {
            while (hasNext && pending.Count < 2 * engine.Parallelism)
            {
                long version = next.Current;
                pending.Enqueue((version, engine.RunAsync(
                    () => CommitFile.LoadAsync(engine, store, version, cancellationToken).AsTask(),
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
