using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Samples;

/// <summary>A paragraph as C# objects: one for it, one for each sentence, one for each word.</summary>
/// <param name="Sentences">Its sentences.</param>
internal sealed record Paragraph(Sentence[] Sentences)
{
    /// <summary>Makes paragraphs in random order between other allocations, as a program that runs for a while does.
    /// </summary>
    public static Paragraph[] Make(int count, int seed)
    {
        Random random = new(seed);
        int[] order = [.. Enumerable.Range(0, count)];
        random.Shuffle(order);
        Paragraph[] paragraphs = new Paragraph[count];
        List<byte[]> others = [];
        foreach (int place in order)
        {
            paragraphs[place] = new Paragraph(
                [.. Enumerable.Range(0, random.Next(2, 9)).Select(_ => Sentence.Make(random))]);
            others.Add(new byte[random.Next(16, 512)]);
        }

        GC.KeepAlive(others);
        return paragraphs;
    }

    /// <summary>The sum of every character: what a walk reads.</summary>
    public static long Checksum(Paragraph[] paragraphs)
    {
        long sum = 0;
        foreach (Paragraph paragraph in paragraphs)
        {
            foreach (Sentence sentence in paragraph.Sentences)
            {
                foreach (string word in sentence.Words)
                {
                    foreach (char letter in word)
                    {
                        sum += letter;
                    }
                }
            }
        }

        return sum;
    }

    /// <summary>The sum of the characters of some sentences.</summary>
    public static long ChecksumOfSentences(Paragraph[] paragraphs, (int Paragraph, int Sentence)[] visits)
    {
        long sum = 0;
        foreach ((int paragraph, int sentence) in visits)
        {
            foreach (string word in paragraphs[paragraph].Sentences[sentence].Words)
            {
                foreach (char letter in word)
                {
                    sum += letter;
                }
            }
        }

        return sum;
    }

    /// <summary>The same paragraphs as new objects, every word its own: what building them costs.</summary>
    public static Paragraph[] Copy(Paragraph[] paragraphs) => Array.ConvertAll(paragraphs, paragraph => new Paragraph(
        Array.ConvertAll(paragraph.Sentences, sentence => new Sentence(
            Array.ConvertAll(sentence.Words, word => new string(word.AsSpan()))))));

    /// <summary>Number of characters, paragraph by paragraph; the longest is returned.</summary>
    public static int LongestParagraph(Paragraph[] paragraphs) => paragraphs.Max(
        paragraph => paragraph.Sentences.Sum(sentence => sentence.Words.Sum(word => word.Length)));
}

/// <summary>A sentence as C# objects.</summary>
/// <param name="Words">Its words.</param>
internal sealed record Sentence(string[] Words)
{
    /// <summary>Makes a sentence of 4 to 19 words.</summary>
    public static Sentence Make(Random random) => new(
        [.. Enumerable.Range(0, random.Next(4, 20)).Select(_ => MakeWord(random))]);

    private static string MakeWord(Random random) => string.Create(
        random.Next(1, 11), random, static (letters, source) =>
        {
            foreach (ref char letter in letters)
            {
                letter = (char)source.Next('a', 'z' + 1);
            }
        });
}
