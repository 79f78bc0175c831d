using System;
using Polder.Bytes;

namespace Polder.Parquet.Write;

/// <summary>
/// The least and the greatest of byte arrays, bytewise, both cut at <see cref="LargestBound"/> bytes. Eight leading
/// bytes decide most comparisons without touching the rest.
/// </summary>
internal sealed class ByteBounds
{
    /// <summary>Bytes kept of a bound.</summary>
    public const int LargestBound = 256;

    private byte[] _minimum = [];
    private byte[] _maximum = [];
    private int _minimumLength;
    private int _maximumLength;
    private ulong _minimumPrefix;
    private ulong _maximumPrefix;

    /// <summary>Whether there was any value.</summary>
    public bool Any { get; private set; }

    public bool IsMinimumCut { get; private set; }

    public bool IsMaximumCut { get; private set; }

    public ReadOnlySpan<byte> Minimum => _minimum.AsSpan(0, _minimumLength);

    public ReadOnlySpan<byte> Maximum => _maximum.AsSpan(0, _maximumLength);

    public void Clear() => Any = false;

    public void Add(ReadOnlySpan<byte> value)
    {
        ulong prefix = PrefixWord.BigEndian(value, 0, value.Length);
        if (Any && prefix > _minimumPrefix && prefix < _maximumPrefix)
        {
            return;
        }

        bool isCut = value.Length > LargestBound;
        Add(isCut ? value[..LargestBound] : value, prefix, isCut, isCut);
    }

    public void Merge(ByteBounds other)
    {
        if (other.Any)
        {
            AddMinimum(other.Minimum, other._minimumPrefix, other.IsMinimumCut);
            AddMaximum(other.Maximum, other._maximumPrefix, other.IsMaximumCut);
            Any = true;
        }
    }

    private void Add(ReadOnlySpan<byte> value, ulong prefix, bool isMinimumCut, bool isMaximumCut)
    {
        AddMinimum(value, prefix, isMinimumCut);
        AddMaximum(value, prefix, isMaximumCut);
        Any = true;
    }

    // Of two values that are equal as far as kept, the shorter is the less: it is the one that is not cut.
    private void AddMinimum(ReadOnlySpan<byte> value, ulong prefix, bool isCut)
    {
        int order = Any ? value.SequenceCompareTo(Minimum) : -1;
        if (order < 0)
        {
            Keep(value, ref _minimum, out _minimumLength);
            _minimumPrefix = prefix;
            IsMinimumCut = isCut;
        }
        else if (order == 0)
        {
            IsMinimumCut &= isCut;
        }
    }

    private void AddMaximum(ReadOnlySpan<byte> value, ulong prefix, bool isCut)
    {
        int order = Any ? value.SequenceCompareTo(Maximum) : 1;
        if (order > 0)
        {
            Keep(value, ref _maximum, out _maximumLength);
            _maximumPrefix = prefix;
            IsMaximumCut = isCut;
        }
        else if (order == 0)
        {
            IsMaximumCut |= isCut;
        }
    }

    private static void Keep(ReadOnlySpan<byte> value, ref byte[] bound, out int length)
    {
        if (bound.Length < value.Length)
        {
            bound = new byte[int.Min(LargestBound, int.Max(32, 2 * value.Length))];
        }

        value.CopyTo(bound);
        length = value.Length;
    }
}
