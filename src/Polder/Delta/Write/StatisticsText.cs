using System;
using System.Buffers;
using System.Text;

namespace Polder.Delta.Write;

/// <summary>
/// Text bounds of at most 32 UTF-16 units, cut as delta-spark does: a minimum is a prefix; a maximum is a prefix and a
/// character that is greater than what was cut off. Order is that of UTF-8 bytes, which is that of code points.
/// </summary>
internal static class StatisticsText
{
    private const int PrefixUnits = 32;
    private const int GreatestCodePoint = 0x10FFFF;
    private const int AsciiTieBreaker = 0x7F;

    public static string CutMinimum(string text) => text[..PrefixLength(text, PrefixUnits)];

    /// <summary>Null where no text of up to twice the length is a bound.</summary>
    public static string? CutMaximum(string text)
    {
        if (text.Length <= PrefixUnits)
        {
            return text;
        }

        int length = PrefixLength(text, PrefixUnits);
        while (length < text.Length && length <= 2 * PrefixUnits)
        {
            if (Rune.DecodeFromUtf16(text.AsSpan(length), out Rune next, out int units) != OperationStatus.Done)
            {
                return null;
            }

            if (next.Value < AsciiTieBreaker)
            {
                return text[..length] + (char)AsciiTieBreaker;
            }

            if (next.Value < GreatestCodePoint)
            {
                return text[..length] + char.ConvertFromUtf32(GreatestCodePoint);
            }

            length += units;
        }

        return null;
    }

    private static int PrefixLength(string text, int units) =>
        text.Length <= units ? text.Length : char.IsHighSurrogate(text[units - 1]) ? units - 1 : units;
}
