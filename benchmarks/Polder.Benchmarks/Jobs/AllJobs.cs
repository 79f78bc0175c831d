using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Benchmarks.Jobs;

/// <summary>Every job, in the report's order.</summary>
internal static class AllJobs
{
    public static IReadOnlyList<Job> List { get; } =
    [
        ScanJobs.DecodeLineitem, ScanJobs.HashLineitem, .. ShapeJobs.List,
        SelectiveJobs.SelectiveLineitem, SelectiveJobs.FilterKeepsAll,
        ImportJobs.Flights, ImportJobs.Lineitem,
        QueryJobs.PricingSummary, QueryJobs.DelayByOrigin,
        LogJobs.Open, LogJobs.FirstPredicate, LogJobs.NextPredicate, LogJobs.Refresh,
        RowJobs.Write, RowJobs.Read,
    ];

    public static Job Find(string name) =>
        List.FirstOrDefault(job => job.Name == name) ??
        throw new ArgumentException($"no job '{name}'; there are {string.Join(", ", List.Select(job => job.Name))}");
}
