using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Fuzz.Targets;

namespace Polder.Fuzz;

/// <summary>All targets. What is not here is not fuzzed.</summary>
internal static class Registry
{
    /// <summary>All targets that must never break the contract.</summary>
    public static IReadOnlyList<FuzzTarget> Targets { get; } =
    [
        new FooterTarget(),
        new PageHeaderTarget(),
        new PageIndexTarget(),
        new BloomFilterTarget(),
        .. PageTarget.All(),
        .. CodecTarget.All(),
        new VariantTarget(),
        new FileTarget(),
        new FileSurgeryTarget(),
        new CommitTarget(),
        new CheckpointTarget(),
        new CheckpointSurgeryTarget(),
        new LastCheckpointTarget(),
        new DeletionVectorTarget(),
        new PathTarget(),
        new SchemaJsonTarget(),
        new PartitionValueTarget(),
        new ExpressionTarget(),
        new SqlTarget(),
    ];

    /// <summary>The target that is broken on purpose: a harness that passes it finds nothing.</summary>
    public static FuzzTarget Canary { get; } = new CanaryTarget();

    /// <summary>The target of a name.</summary>
    public static FuzzTarget Find(string name) =>
        Targets.Append(Canary).FirstOrDefault(target => target.Name == name) ??
        throw new ArgumentException(
            $"no target '{name}'; there are: {string.Join(", ", Targets.Select(target => target.Name))}");
}
