using System;
using System.Linq;
using Polder.Columns;
using Polder.Columns.Flat;

namespace Polder.Samples;

/// <summary>The same paragraphs as one flat column: a buffer of UTF-8 and three of offsets.</summary>
internal static class FlatText
{
    /// <summary>Paragraphs of sentences of words.</summary>
    public static DataType Type { get; } = DataType.Array(DataType.Array(DataType.String));

    /// <summary>Builds the column.</summary>
    public static NestedColumn<byte> Build(Paragraph[] paragraphs)
    {
        NestedBuilder<byte> builder = new(Type, paragraphs.Length, leafCapacity: paragraphs.Length * 350);
        foreach (Paragraph paragraph in paragraphs)
        {
            builder.AppendTexts(paragraph.Sentences.Select(sentence => sentence.Words));
        }

        return Nested.Utf8(builder.Build());
    }

    /// <summary>The sum of every byte, word by word.</summary>
    public static long ChecksumByWord(NestedColumn<byte> text)
    {
        long sum = 0;
        foreach (NestedView<byte> paragraph in text)
        {
            foreach (NestedView<byte> sentence in paragraph)
            {
                foreach (NestedView<byte> word in sentence)
                {
                    sum += Sum(word.Leaves);
                }
            }
        }

        return sum;
    }

    /// <summary>The sum of every byte, paragraph by paragraph.</summary>
    public static long ChecksumByParagraph(NestedColumn<byte> text)
    {
        long sum = 0;
        foreach (NestedView<byte> paragraph in text)
        {
            sum += Sum(paragraph.Leaves);
        }

        return sum;
    }

    /// <summary>The sum of the bytes of some sentences.</summary>
    public static long ChecksumOfSentences(NestedColumn<byte> text, (int Paragraph, int Sentence)[] visits)
    {
        long sum = 0;
        foreach ((int paragraph, int sentence) in visits)
        {
            sum += Sum(text[paragraph][sentence].Leaves);
        }

        return sum;
    }

    /// <summary>Number of bytes, paragraph by paragraph; the longest is returned.</summary>
    public static int LongestParagraph(NestedColumn<byte> text)
    {
        int longest = 0;
        foreach (NestedView<byte> paragraph in text)
        {
            longest = int.Max(longest, paragraph.Leaves.Length);
        }

        return longest;
    }

    private static long Sum(ReadOnlySpan<byte> letters)
    {
        long sum = 0;
        foreach (byte letter in letters)
        {
            sum += letter;
        }

        return sum;
    }
}
