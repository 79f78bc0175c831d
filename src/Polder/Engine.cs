using System;
using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Polder.Bytes;

namespace Polder;

/// <summary>What an <see cref="Engine"/> is made of; anything left out takes the process's own.</summary>
public sealed class EngineOptions
{
    /// <summary>Where pooled blocks come from.</summary>
    public BufferAllocator? Allocator { get; init; }

    /// <summary>What input may ask for.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>The clock and its timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where jobs run.</summary>
    public TaskScheduler Scheduler { get; init; } = TaskScheduler.Default;

    /// <summary>Jobs at once; 0 = one per processor.</summary>
    public int Parallelism { get; init; }

    /// <summary>Seed of ids and randomness; null = unpredictable. With a seed a run can be repeated.</summary>
    public int? Seed { get; init; }

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory Loggers { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>
/// What the tables of a process share: memory, clock, ids, randomness, scheduler, limits and loggers. Thread-safe.
/// Nothing in Polder takes any of these from anywhere else, so that a test can repeat a run exactly.
/// </summary>
public sealed class Engine
{
    private readonly ConcurrentDictionary<Type, object> _shared = new();
    private readonly Lock _randomLock = new();
    private readonly Random _random;
    private readonly bool _seeded;
    private readonly ITimer _idleTrim;

    /// <summary>Makes an engine.</summary>
    public Engine(EngineOptions? options = null)
    {
        options ??= new EngineOptions();
        Allocator = options.Allocator ?? BufferAllocator.Shared;
        Limits = options.Limits;
        Time = options.Time;
        Scheduler = options.Scheduler;
        Parallelism = options.Parallelism > 0 ? options.Parallelism : Environment.ProcessorCount;
        Loggers = options.Loggers;
        _seeded = options.Seed.HasValue;
#pragma warning disable RS0030 // The one place that makes randomness and ids.
        _random = options.Seed is int seed ? new Random(seed) : new Random();
#pragma warning restore RS0030
        _idleTrim = IdleTrim.Start(Time, Allocator);
    }

    /// <summary>The engine of calls that name none.</summary>
    public static Engine Default { get; } = new();

    /// <summary>Where pooled blocks come from.</summary>
    public BufferAllocator Allocator { get; }

    /// <summary>What input may ask for.</summary>
    public Limits Limits { get; }

    /// <summary>The clock and its timers.</summary>
    public TimeProvider Time { get; }

    /// <summary>Where jobs run.</summary>
    public TaskScheduler Scheduler { get; }

    /// <summary>Jobs at once, at least 1.</summary>
    public int Parallelism { get; }

    /// <summary>Where log lines go.</summary>
    public ILoggerFactory Loggers { get; }

    /// <summary>A new unique id (reproducible where the engine has a seed).</summary>
    public Guid NextId()
    {
        if (!_seeded)
        {
#pragma warning disable RS0030
            return Guid.NewGuid();
#pragma warning restore RS0030
        }

        Span<byte> bytes = stackalloc byte[16];
        lock (_randomLock)
        {
            _random.NextBytes(bytes);
        }

        return new Guid(bytes);
    }

    /// <summary>A random number from 0 up to <paramref name="exclusiveMaximum"/>.</summary>
    public int NextRandom(int exclusiveMaximum)
    {
        lock (_randomLock)
        {
            return _random.Next(exclusiveMaximum);
        }
    }

    /// <summary>The engine's one instance of a pool or cache, made on first use. Thread-safe if the type is.</summary>
    internal T Shared<T>()
        where T : class, new() => (T)_shared.GetOrAdd(typeof(T), static _ => new T());

    /// <summary>Runs a synchronous job on the engine's scheduler.</summary>
    /// <remarks>
    /// The scheduler is hidden from the job, so that continuations run inline on the thread that completes it: with a
    /// single-threaded scheduler everything stays on that thread, in one order.
    /// </remarks>
    public Task<T> RunAsync<T>(Func<T> job, CancellationToken cancellationToken = default) => Task.Factory.StartNew(
        job, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, Scheduler);

    /// <summary>Runs an asynchronous job on the engine's scheduler.</summary>
    public Task<T> RunAsync<T>(Func<Task<T>> job, CancellationToken cancellationToken = default) =>
        Task.Factory.StartNew(
            job, cancellationToken, TaskCreationOptions.DenyChildAttach | TaskCreationOptions.HideScheduler, Scheduler)
            .Unwrap();
}
