using System;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Delta.Shapes;

/// <summary>Text of at least so many characters, blanks at the end.</summary>
internal static class CharPadding
{
    public static IArrowArray Apply(IArrowArray source, int length)
    {
        BytesBuilder padded = (BytesBuilder)ColumnBuilder.Create(DataType.String, source.Length);
        Validity validity = Validity.Of(source);
        ReadOnlySpan<int> offsets = ColumnValues.Offsets(source);
        ReadOnlySpan<byte> bytes = ColumnValues.Bytes(source);
        for (int row = 0; row < source.Length; row++)
        {
            if (validity.IsNull(row))
            {
                padded.AppendNull();
                continue;
            }

            ReadOnlySpan<byte> text = bytes[offsets[row]..offsets[row + 1]];
            int missing = int.Max(0, length - CountCharacters(text));
            Span<byte> target = padded.AppendSpan(text.Length + missing);
            text.CopyTo(target);
            target[text.Length..].Fill((byte)' ');
        }

        return padded.Build();
    }

    public static string Apply(string text, int length)
    {
        int characters = 0;
        foreach (System.Text.Rune _ in text.EnumerateRunes())
        {
            characters++;
        }

        return text + new string(' ', int.Max(0, length - characters));
    }

    private static int CountCharacters(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte unit in text)
        {
            count += (unit & 0xC0) != 0x80 ? 1 : 0;
        }

        return count;
    }
}
