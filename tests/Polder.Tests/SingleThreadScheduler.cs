using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace Polder.Tests;

/// <summary>
/// Runs every job of an engine on the thread that calls <see cref="Run"/>, in the order they were queued. Work that
/// leaves the thread makes the run fail.
/// </summary>
internal sealed class SingleThreadScheduler : TaskScheduler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Queue<Task> _queue = new();
    private int _threadId = -1;
    private int _idleRounds;

    /// <summary>Jobs run so far.</summary>
    public int JobCount { get; private set; }

    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <summary>Runs an asynchronous job to its end on this thread.</summary>
    public void Run(Func<Task> job)
    {
        _threadId = Environment.CurrentManagedThreadId;
        Task running = job();
        while (!running.IsCompleted)
        {
            Task? next = Next(running);
            if (next is not null)
            {
                JobCount++;
                TryExecuteTask(next);
            }
        }

        running.GetAwaiter().GetResult();
    }

    /// <summary>Fails where the caller is not on the thread of the run.</summary>
    public void AssertOnThread()
    {
        if (Environment.CurrentManagedThreadId != _threadId)
        {
            throw new InvalidOperationException("work left the single thread: " + Environment.StackTrace);
        }
    }

    /// <inheritdoc />
    protected override void QueueTask(Task task)
    {
        lock (_queue)
        {
            _queue.Enqueue(task);
            Monitor.PulseAll(_queue);
        }
    }

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks()
    {
        lock (_queue)
        {
            return _queue.ToArray();
        }
    }

    private Task? Next(Task running)
    {
        lock (_queue)
        {
            if (_queue.Count == 0 && !Monitor.Wait(_queue, TimeSpan.FromMilliseconds(50)))
            {
                return running.IsCompleted || _idleRounds++ < Patience.TotalMilliseconds / 50
                    ? null
                    : throw new InvalidOperationException("nothing is queued and the job is not over: work left it");
            }

            _idleRounds = 0;
            return _queue.TryDequeue(out Task? next) ? next : null;
        }
    }
}
