using System;

namespace Polder.Delta.Scan;

/// <summary>
/// ZeroMQ's base 85: five characters for four bytes. Also the form of writers that pad: the last group starts with a
/// '#' for each byte that it lacks, which no full group can start with.
/// </summary>
internal static class Z85
{
    private const string Alphabet =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private const char Padding = '#';
    private const int CharactersPerGroup = 5;
    private const int BytesPerGroup = 4;

    /// <summary>The bytes; null where the text is no Z85.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length % CharactersPerGroup != 0)
        {
            return null;
        }

        int missing = 0;
        while (missing < BytesPerGroup && text.Length > 0 &&
            text[text.Length - CharactersPerGroup + missing] == Padding)
        {
            missing++;
        }

        byte[] bytes = new byte[(text.Length / CharactersPerGroup * BytesPerGroup) - missing];
        for (int written = 0; text.Length > 0; text = text[CharactersPerGroup..])
        {
            int skipped = text.Length == CharactersPerGroup ? missing : 0;
            ulong value = 0;
            foreach (char unit in text[skipped..CharactersPerGroup])
            {
                int digit = Alphabet.IndexOf(unit);
                if (digit < 0)
                {
                    return null;
                }

                value = (value * 85) + (uint)digit;
            }

            int size = BytesPerGroup - skipped;
            if (value >> (8 * size) != 0)
            {
                return null;
            }

            for (int index = 0; index < size; index++)
            {
                bytes[written++] = (byte)(value >> (8 * (size - 1 - index)));
            }
        }

        return bytes;
    }
}
