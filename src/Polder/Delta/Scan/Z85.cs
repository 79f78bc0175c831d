using System;

namespace Polder.Delta.Scan;

/// <summary>ZeroMQ's base 85: five characters for four bytes.</summary>
internal static class Z85
{
    private const string Alphabet =
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

    private const int CharactersPerGroup = 5;
    private const int BytesPerGroup = 4;

    /// <summary>The bytes; null where the text is no Z85.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length % CharactersPerGroup != 0)
        {
            return null;
        }

        byte[] bytes = new byte[text.Length / CharactersPerGroup * BytesPerGroup];
        for (int group = 0; group * CharactersPerGroup < text.Length; group++)
        {
            ulong value = 0;
            foreach (char unit in text.Slice(group * CharactersPerGroup, CharactersPerGroup))
            {
                int digit = Alphabet.IndexOf(unit);
                if (digit < 0)
                {
                    return null;
                }

                value = (value * 85) + (uint)digit;
            }

            if (value > uint.MaxValue)
            {
                return null;
            }

            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(
                bytes.AsSpan(group * BytesPerGroup), (uint)value);
        }

        return bytes;
    }
}
