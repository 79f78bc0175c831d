using System;

namespace Polder.Expressions.Pruning;

/// <summary>Spark's order of values: NaN above everything, -0.0 = 0.0, strings by their UTF-8 bytes.</summary>
internal static class ValueOrder
{
    /// <summary>Compares two values of the same form; null where they have no order that is known here.</summary>
    public static int? Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => CompareUtf8(a, b),
        (byte[] a, byte[] b) => a.AsSpan().SequenceCompareTo(b),
        (double a, double b) => CompareFloating(a, b),
        (float a, float b) => CompareFloating(a, b),
        (bool a, bool b) => a.CompareTo(b),
        (sbyte a, sbyte b) => a.CompareTo(b),
        (short a, short b) => a.CompareTo(b),
        (int a, int b) => a.CompareTo(b),
        (long a, long b) => a.CompareTo(b),
        (Int128 a, Int128 b) => a.CompareTo(b),
        _ => null,
    };

    /// <summary>
    /// The order of the UTF-8 bytes, which is that of code points: surrogates stand for code points above all that one
    /// UTF-16 unit can hold.
    /// </summary>
    public static int CompareUtf8(string left, string right)
    {
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        char a = left[common];
        char b = right[common];
        return char.IsSurrogate(a) == char.IsSurrogate(b) ? a.CompareTo(b) : char.IsSurrogate(a) ? 1 : -1;
    }

    private static int CompareFloating(double left, double right) =>
        double.IsNaN(left) || double.IsNaN(right)
            ? double.IsNaN(left).CompareTo(double.IsNaN(right))
            : left.CompareTo(right);
}
