using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Server.Queries;

/// <summary>
/// Results by what they are results of, those used last, within <see cref="Limits.ResultCacheMemory"/>. A result that
/// is being computed is waited for and not computed twice; it is given up when nobody waits for it any more, and
/// stopped at <see cref="Limits.QueryTime"/>. Failures are not kept. Thread-safe.
/// </summary>
internal sealed class ResultCache(Engine engine)
{
    // What an entry takes besides its rows.
    private const int EntryBytes = 1024;

    private readonly Dictionary<string, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _order = [];
    private readonly Dictionary<string, Run> _running = [];
    private readonly Lock _lock = new();
    private long _sizeBytes;

    /// <summary>Bytes that are kept.</summary>
    public long SizeBytes
    {
        get
        {
            lock (_lock)
            {
                return _sizeBytes;
            }
        }
    }

    /// <summary>Queries that run.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock)
            {
                return _running.Count;
            }
        }
    }

    /// <summary>Queries that were begun so far.</summary>
    public long RunCount { get; private set; }

    /// <summary>The result of that key.</summary>
    /// <param name="key">What decides the result, whole.</param>
    /// <param name="query">Computes it.</param>
    /// <param name="cancellationToken">Ends the waiting; the last to wait ends the query.</param>
    /// <exception cref="QueryTimeException">It took longer than it may.</exception>
    public async Task<QueryRows> GetAsync(
        string key, Func<CancellationToken, Task<QueryRows>> query, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Run? run;
        lock (_lock)
        {
            if (_entries.TryGetValue(key, out LinkedListNode<Entry>? found))
            {
                _order.Remove(found);
                _order.AddFirst(found);
                return found.Value.Rows;
            }

            if (!_running.TryGetValue(key, out run))
            {
                run = new Run(engine);
                RunCount++;
                _running.Add(key, run);
                run.Task = RunAsync(key, run, query);
            }

            run.WaitingCount++;
        }

        try
        {
            return await run.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Leave(key, run);
        }
    }

    private async Task<QueryRows> RunAsync(string key, Run run, Func<CancellationToken, Task<QueryRows>> query)
    {
        try
        {
            QueryRows rows = await engine.RunAsync(() => query(run.Token), run.Token).ConfigureAwait(false);
            Keep(key, run, rows);
            return rows;
        }
        catch (OperationCanceledException) when (run.IsOverTime)
        {
            throw new QueryTimeException(engine.Limits.QueryTime);
        }
        finally
        {
            Remove(key, run);
        }
    }

    private void Keep(string key, Run run, QueryRows rows)
    {
        long size = rows.SizeBytes + (2 * key.Length) + EntryBytes;
        lock (_lock)
        {
            Remove(key, run);
            if (size > engine.Limits.ResultCacheMemory || _entries.ContainsKey(key))
            {
                return;
            }

            _entries.Add(key, _order.AddFirst(new Entry(key, rows, size)));
            _sizeBytes += size;
            while (_sizeBytes > engine.Limits.ResultCacheMemory)
            {
                Entry last = _order.Last!.Value;
                _order.RemoveLast();
                _entries.Remove(last.Key);
                _sizeBytes -= last.SizeBytes;
            }
        }
    }

    private void Remove(string key, Run run)
    {
        lock (_lock)
        {
            if (_running.TryGetValue(key, out Run? current) && ReferenceEquals(current, run))
            {
                _running.Remove(key);
            }
        }
    }

    private void Leave(string key, Run run)
    {
        lock (_lock)
        {
            if (--run.WaitingCount > 0)
            {
                return;
            }

            Remove(key, run);
        }

        run.End();
    }

    private sealed record Entry(string Key, QueryRows Rows, long SizeBytes);

    private sealed class Run : IDisposable
    {
        private readonly CancellationTokenSource _abandoned = new();
        private readonly CancellationTokenSource _time;
        private readonly CancellationTokenSource _either;

        public Run(Engine engine)
        {
            _time = new CancellationTokenSource(engine.Limits.QueryTime, engine.Time);
            _either = CancellationTokenSource.CreateLinkedTokenSource(_abandoned.Token, _time.Token);
            Token = _either.Token;
        }

        public CancellationToken Token { get; }

        public int WaitingCount { get; set; }

        public bool IsOverTime => _time.IsCancellationRequested && !_abandoned.IsCancellationRequested;

        public Task<QueryRows> Task { get; set; } = null!;

        /// <summary>Nobody waits any more.</summary>
        public void End()
        {
            _abandoned.Cancel();

            // The query may still look at its token on its way out.
            _ = Task.ContinueWith(
                (task, state) =>
                {
                    _ = task.Exception;
                    ((Run)state!).Dispose();
                },
                this,
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
        }

        public void Dispose()
        {
            _either.Dispose();
            _time.Dispose();
            _abandoned.Dispose();
        }
    }
}

/// <summary>A query that took longer than queries may.</summary>
internal sealed class QueryTimeException(TimeSpan limit) : Exception(FormattableString.Invariant(
    $"the query was stopped after {limit.TotalSeconds:0.#} s (Limits.QueryTime); let it read less"));
