using System;

namespace Polder;

/// <summary>
/// The input is well formed and uses something Polder does not honour (yet). Thrown before anything is written,
/// and names the feature.
/// </summary>
public sealed class UnsupportedFeatureException : NotSupportedException
{
    /// <summary>Makes the exception.</summary>
    /// <param name="feature">The feature's name as its specification spells it.</param>
    /// <param name="detail">Where it was met and what to do about it.</param>
    public UnsupportedFeatureException(string feature, string detail)
        : base($"{feature} is not supported: {detail}")
    {
        Feature = feature;
    }

    /// <summary>The feature's name as its specification spells it.</summary>
    public string Feature { get; }
}
