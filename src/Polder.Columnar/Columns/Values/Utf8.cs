using System;

namespace Polder.Columns.Values;

/// <summary>UTF-8 by lead bytes alone: invalid bytes count as characters of their own, as in Spark.</summary>
internal static class Utf8
{
    /// <summary>Bytes of the character that begins so; 1 where no character does.</summary>
    public static int LengthOf(byte lead) => lead switch
    {
        < 0xC2 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        < 0xF5 => 4,
        _ => 1,
    };

    /// <summary>Number of characters.</summary>
    public static int CountCharacters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        for (int index = 0; index < text.Length; index += LengthOf(text[index]))
        {
            count++;
        }

        return count;
    }

    /// <summary>The byte position after so many characters, at most the end.</summary>
    public static int Skip(ReadOnlySpan<byte> text, long characters)
    {
        int index = 0;
        for (long skipped = 0; skipped < characters && index < text.Length; skipped++)
        {
            index += LengthOf(text[index]);
        }

        return int.Min(index, text.Length);
    }
}
