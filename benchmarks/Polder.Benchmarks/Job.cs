using System;
using System.Collections.Generic;
using System.Threading.Tasks;

namespace Polder.Benchmarks;

/// <summary>One question, asked of Polder and its peers over the same input.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What it is called in the report.</param>
/// <param name="Measure">Process CPU for one-thread rows, wall clock for rows that use every thread.</param>
/// <param name="IsLoad">Whether the checksum is a number of rows that were loaded, so that a rate can be given.</param>
/// <param name="Target">What the ratio of Polder to the first peer should be at most; null = none set.</param>
/// <param name="Sides">Who answers; Polder first.</param>
/// <param name="Rounds">Rounds where fewer than the usual are enough.</param>
internal sealed record Job(
    string Name,
    string Title,
    Measure Measure,
    IReadOnlyList<Side> Sides,
    Target? Target = null,
    bool IsLoad = false,
    int Rounds = int.MaxValue);

/// <summary>Who answers a job, and how.</summary>
/// <param name="Name">What it is called in the report.</param>
/// <param name="RunAsync">Answers; the result is a checksum that all sides must agree on.</param>
/// <param name="IsPart">Whether it does only a part of the work, for comparison, and answers nothing.</param>
internal sealed record Side(string Name, Func<Inputs, Task<string>> RunAsync, bool IsPart = false);

/// <summary>The most that Polder may take of what a peer takes.</summary>
internal sealed record Target(string Peer, double AtMost);

/// <summary>What the sides are compared by.</summary>
internal enum Measure
{
    /// <summary>User and system time of the whole process.</summary>
    Cpu,

    /// <summary>Time on the clock.</summary>
    Wall,
}

/// <summary>What one run of one side took; <c>FirstMilliseconds</c> is the very first one of its process.</summary>
internal sealed record Run(
    double CpuMilliseconds,
    double WallMilliseconds,
    double FirstMilliseconds,
    long AllocatedBytes,
    long PeakBytes,
    string Checksum);
