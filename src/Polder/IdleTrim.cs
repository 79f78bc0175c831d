using System;
using System.Threading;
using Polder.Bytes;

namespace Polder;

/// <summary>Gives free blocks that nobody has wanted for a while back to the system.</summary>
internal static class IdleTrim
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan IdleFor = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Trims for as long as somebody refers to the timer. The timer refers weakly to the allocator: a clock may hold
    /// its timers, and must not keep a pool alive.
    /// </summary>
    public static ITimer Start(TimeProvider time, BufferAllocator allocator) => time.CreateTimer(
        static state =>
        {
            if (((WeakReference<BufferAllocator>)state!).TryGetTarget(out BufferAllocator? allocator))
            {
                allocator.Trim(IdleFor);
            }
        },
        new WeakReference<BufferAllocator>(allocator),
        Period,
        Period);
}
