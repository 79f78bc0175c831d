using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Polder;

/// <summary>Assertions that stay on in release builds: a failure is a bug of ours, never bad input.</summary>
internal static class Invariant
{
    /// <summary>Throws <see cref="UnreachableException"/> unless <paramref name="condition"/> holds.</summary>
    public static void Holds([DoesNotReturnIf(false)] bool condition, string what)
    {
        if (!condition)
        {
            throw new UnreachableException($"Polder's own bug: {what}. Please report it.");
        }
    }
}
