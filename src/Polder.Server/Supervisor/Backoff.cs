using System;

namespace Polder.Server.Supervisor;

/// <summary>How long to wait before the next try: a quarter of a second, doubled to 8 s.</summary>
internal sealed class Backoff
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(8);

    private TimeSpan _next = Shortest;

    /// <summary>The wait after one more failure.</summary>
    public TimeSpan Next()
    {
        TimeSpan wait = _next;
        _next = wait * 2 < Longest ? wait * 2 : Longest;
        return wait;
    }

    /// <summary>After a success.</summary>
    public void Reset() => _next = Shortest;
}
