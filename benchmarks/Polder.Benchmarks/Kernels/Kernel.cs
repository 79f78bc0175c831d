using System;
using System.Collections.Generic;

namespace Polder.Benchmarks.Kernels;

/// <summary>A table of small operations: each is a row, and who does it a column.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Title">What it is called in the report; says what one operation is.</param>
/// <param name="Make">Makes the rows with their inputs; called in the process that measures them.</param>
internal sealed record KernelTable(string Name, string Title, Func<IReadOnlyList<Kernel>> Make);

/// <summary>One operation and who does it, Polder first.</summary>
/// <param name="Name">What is done, to what.</param>
/// <param name="OperationCount">Operations that one call of a side does: enough for 100 µs or so.</param>
/// <param name="Sides">Who does it.</param>
/// <param name="Target">What the ratio of Polder to a peer should be at most; null = none set.</param>
/// <param name="Quantity">What the sides are compared by.</param>
internal sealed record Kernel(
    string Name,
    long OperationCount,
    IReadOnlyList<KernelSide> Sides,
    Target? Target = null,
    Quantity Quantity = Quantity.Time);

/// <summary>Who does an operation.</summary>
/// <param name="Name">Polder, or a peer.</param>
/// <param name="Run">
/// Does all operations and returns what the sides of a row must agree on (null = nothing); for
/// <see cref="Quantity.HeldBytes"/>, makes and returns what is weighed.
/// </param>
internal sealed record KernelSide(string Name, Func<object?> Run);

/// <summary>What the sides of a row are compared by.</summary>
internal enum Quantity
{
    /// <summary>Time on the clock for one operation.</summary>
    Time,

    /// <summary>The garbage-collected heap after a full collection, above what it was before.</summary>
    HeldBytes,
}

/// <summary>What was measured of a side of a row.</summary>
/// <param name="Kernel">The row.</param>
/// <param name="Side">The side.</param>
/// <param name="Quantity">What the value is.</param>
/// <param name="Value">Nanoseconds for one operation, or bytes held.</param>
/// <param name="AllocatedBytes">Bytes allocated by one operation.</param>
/// <param name="Target">The row's.</param>
internal sealed record KernelResult(
    string Kernel, string Side, Quantity Quantity, double Value, double AllocatedBytes, Target? Target);
