using System;
using System.Net;

namespace Polder.Server.Supervisor;

/// <summary>What a <see cref="SocketSupervisor"/> holds, starts and tells.</summary>
internal sealed class SupervisorOptions
{
    /// <summary>The worker, where it takes the passed socket.</summary>
    public required WorkerCommand Command { get; init; }

    /// <summary>
    /// The worker for a port that the supervisor chose (behind the pump); null = <see cref="Command"/> with the port in
    /// PORT and ASPNETCORE_URLS.
    /// </summary>
    public Func<int, WorkerCommand>? CommandAtPort { get; init; }

    /// <summary>What serves the reason while nothing else can; null = connections wait in the queue.</summary>
    public WorkerCommand? StandIn { get; init; }

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 = any free one.</summary>
    public int Port { get; init; }

    /// <summary>Whether the supervisor accepts and copies bytes, instead of passing the socket.</summary>
    public bool Pumps { get; init; }

    /// <summary>Whether a new worker is ready before the old one drains; else the old one goes first.</summary>
    public bool Overlaps { get; init; } = true;

    /// <summary>How long a worker may drain before it is killed.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(7);

    /// <summary>
    /// After how long a program of somebody else that never said READY=1 is taken as ready. Once the program has said
    /// it, it is always waited for.
    /// </summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Called with each line for a person: the supervisor's own, and what workers write.</summary>
    public Action<string> Log { get; init; } = _ => { };

    /// <summary>Called with the address when the first worker is ready.</summary>
    public Action<string> Announce { get; init; } = _ => { };

    /// <summary>Clock, ids.</summary>
    public Engine Engine { get; init; } = Engine.Default;
}
