using System;
using System.Buffers;
using System.Text;

namespace Polder.Parquet.Write;

/// <summary>Cuts bounds too long for a footer: a minimum to a prefix, a maximum to the prefix after it.</summary>
internal static class BoundCutter
{
    /// <summary>A prefix of at most that many bytes; of text, of whole characters.</summary>
    public static ReadOnlySpan<byte> CutMinimum(ReadOnlySpan<byte> value, int maxBytes, bool isText) =>
        value.Length <= maxBytes ? value : value[..(isText ? CharacterBoundary(value, maxBytes) : maxBytes)];

    /// <summary>
    /// The least value of about that many bytes that is above everything that starts as <paramref name="value"/> does.
    /// </summary>
    /// <returns>Null where there is none.</returns>
    public static byte[]? CutMaximum(ReadOnlySpan<byte> value, int maxBytes, bool isText)
    {
        ReadOnlySpan<byte> prefix = CutMinimum(value, maxBytes, isText);
        return isText ? IncrementText(prefix) : IncrementBytes(prefix);
    }

    private static byte[]? IncrementBytes(ReadOnlySpan<byte> prefix)
    {
        int last = prefix.LastIndexOfAnyExcept((byte)0xFF);
        if (last < 0)
        {
            return null;
        }

        byte[] incremented = prefix[..(last + 1)].ToArray();
        incremented[last]++;
        return incremented;
    }

    private static byte[]? IncrementText(ReadOnlySpan<byte> prefix)
    {
        while (!prefix.IsEmpty)
        {
            OperationStatus status = Rune.DecodeLastFromUtf8(prefix, out Rune last, out int length);
            if (status != OperationStatus.Done)
            {
                return null;
            }

            prefix = prefix[..^length];
            if (Next(last) is Rune next)
            {
                byte[] incremented = new byte[prefix.Length + next.Utf8SequenceLength];
                prefix.CopyTo(incremented);
                next.EncodeToUtf8(incremented.AsSpan(prefix.Length));
                return incremented;
            }
        }

        return null;
    }

    // Code points order as their UTF-8 bytes do; surrogates are no characters.
    private static Rune? Next(Rune rune) => rune.Value switch
    {
        0x10FFFF => null,
        0xD7FF => new Rune(0xE000),
        _ => new Rune(rune.Value + 1),
    };

    private static int CharacterBoundary(ReadOnlySpan<byte> value, int maxBytes)
    {
        int end = maxBytes;
        while (end > 0 && (value[end] & 0xC0) == 0x80)
        {
            end--;
        }

        return end;
    }
}
