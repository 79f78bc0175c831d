using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Benchmarks.Kernels;

/// <summary>Every table of small operations, in the report's order.</summary>
internal static class AllKernels
{
    public static IReadOnlyList<KernelTable> List { get; } =
    [
        BlockKernels.Table, SliceKernels.Table, FlatKernels.Table, DecodeKernels.Table, ValueKernels.Table,
        ColumnKernels.Table,
    ];

    public static KernelTable Find(string name) =>
        List.FirstOrDefault(table => table.Name == name) ??
        throw new ArgumentException($"no table '{name}'; there are {string.Join(", ", List.Select(one => one.Name))}");
}
