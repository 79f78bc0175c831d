using System;
using System.Collections.Generic;

namespace Polder.Fuzz;

/// <summary>Something that takes bytes from strangers.</summary>
/// <param name="name">What campaigns and corpus folders call it.</param>
internal abstract class FuzzTarget(string name)
{
    /// <summary>What campaigns and corpus folders call it.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// Whether an exception is an answer. By default: the input is broken, or asks for what Polder does not do.
    /// </summary>
    public virtual bool IsAnswer(Exception exception) =>
        exception is CorruptFileException or UnsupportedFeatureException;

    /// <summary>Inputs to start from.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Takes an input. Whatever it throws that is no answer is a finding.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);
}
