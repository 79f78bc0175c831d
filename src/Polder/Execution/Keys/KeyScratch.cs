using System;

namespace Polder.Execution.Keys;

/// <summary>Space for the encoded keys of one batch. Not shared between threads.</summary>
internal sealed class KeyScratch
{
    private ulong[] _low = [];
    private ulong[] _high = [];
    private uint[] _nulls = [];
    private long[] _integers = [];

    /// <summary>Space for integers, grown by whoever uses it.</summary>
    public ref long[] Integers => ref _integers;

    /// <summary>Encoded rows one after the other, for keys held as bytes.</summary>
    public RowBuffer Rows { get; } = new();

    public Span<ulong> Low(int rowCount) => Cleared(ref _low, rowCount);

    public Span<ulong> High(int rowCount) => Cleared(ref _high, rowCount);

    public Span<uint> Nulls(int rowCount) => Cleared(ref _nulls, rowCount);

    private static Span<T> Cleared<T>(ref T[] array, int length)
    {
        if (array.Length < length)
        {
            array = new T[int.Max(length, 2 * array.Length)];
        }

        Span<T> span = array.AsSpan(0, length);
        span.Clear();
        return span;
    }
}
