using System;
using System.Threading;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// Two threads, this one and one that stays, so that what a pool keeps for a thread is kept from call to call.
/// </summary>
internal static class Crew
{
    private static readonly SemaphoreSlim Begun = new(0);
    private static readonly SemaphoreSlim Ended = new(0);
    private static Action _work = () => { };
    private static Thread? _second;

    /// <summary>Does the work on one thread, or on both at once; returns when it is done.</summary>
    public static void Run(int threadCount, Action work)
    {
        if (threadCount == 1)
        {
            work();
            return;
        }

        if (_second is null)
        {
            _second = new Thread(WorkForEver) { IsBackground = true };
            _second.Start();
        }

        _work = work;
        Begun.Release();
        work();
        Ended.Wait();
    }

    private static void WorkForEver()
    {
        while (true)
        {
            Begun.Wait();
            _work();
            Ended.Release();
        }
    }
}
