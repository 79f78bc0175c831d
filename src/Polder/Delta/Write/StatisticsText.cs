using System;
using System.Buffers;
using System.Text;

namespace Polder.Delta.Write;

/// <summary>
/// Text bounds cut as delta-spark does: a minimum to 32 characters; a maximum to 32 UTF-16 units, none split, and
/// a character that is greater than what was cut off. Order is that of UTF-8 bytes, which is that of code points.
/// </summary>
internal static class StatisticsText
{
    private const int PrefixLength = 32;
    private const int GreatestCodePoint = 0x10FFFF;
    private const int AsciiTieBreaker = 0x7F;

    public static string CutMinimum(string text)
    {
        int length = 0, characters = 0;
        foreach (Rune character in text.EnumerateRunes())
        {
            if (characters++ == PrefixLength)
            {
                return text[..length];
            }

            length += character.Utf16SequenceLength;
        }

        return text;
    }

    /// <summary>Null where no text of up to twice the length is a bound.</summary>
    public static string? CutMaximum(string text)
    {
        if (text.Length <= PrefixLength)
        {
            return text;
        }

        int length = char.IsHighSurrogate(text[PrefixLength - 1]) ? PrefixLength + 1 : PrefixLength;
        if (length >= text.Length)
        {
            return text;
        }

        while (length < text.Length && length <= 2 * PrefixLength)
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
}
