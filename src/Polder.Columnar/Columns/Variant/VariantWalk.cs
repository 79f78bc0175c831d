using System;

namespace Polder.Columns.Variant;

/// <summary>
/// Bounds a walk over a variant that nobody vouches for: how deep it goes, and that no byte is walked twice. In a sound
/// value each part has its own bytes, so that all of them together are no more than the whole.
/// </summary>
internal ref struct VariantWalk
{
    private readonly int _maxDepth;
    private long _bytesLeft;
    private int _depth;

    /// <summary>A walk over a value.</summary>
    public VariantWalk(Limits limits, VariantValue root)
    {
        _maxDepth = limits.VariantDepth;
        _bytesLeft = root.Value.Length;
    }

    /// <summary>Steps into a value.</summary>
    /// <exception cref="CorruptFileException">Too deep, or its bytes were walked before.</exception>
    public void Enter(VariantValue value)
    {
        if (++_depth > _maxDepth)
        {
            throw new CorruptFileException(FormattableString.Invariant(
                $"a variant nests deeper than {_maxDepth} levels"));
        }

        _bytesLeft -= value.Kind is VariantKind.Object or VariantKind.Array ? value.ValuesStart : value.Value.Length;
        if (_bytesLeft < 0)
        {
            throw new CorruptFileException("parts of a variant overlap");
        }
    }

    /// <summary>Steps out again.</summary>
    public void Leave() => _depth--;
}

/// <summary>What variants may be.</summary>
internal static class VariantLimits
{
    /// <summary>Digits of a decimal.</summary>
    public const int DecimalDigits = 38;

    private static readonly Int128 MostUnscaled = Int128.Parse(
        "99999999999999999999999999999999999999", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Whether the digits of a decimal are as few as 38.</summary>
    public static bool IsDecimal(Int128 unscaled) => unscaled >= -MostUnscaled && unscaled <= MostUnscaled;
}
