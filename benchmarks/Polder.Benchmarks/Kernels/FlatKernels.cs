using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns.Flat;
using Polder.Samples;

namespace Polder.Benchmarks.Kernels;

/// <summary>
/// 20,000 paragraphs of sentences of words, as objects made in random order between other allocations, and as one flat
/// column.
/// </summary>
internal static class FlatKernels
{
    private const int Count = 20_000;
    private const int VisitCount = 4096;
    private const string Objects = "objects";
    private const string ByHand = "loop over the offsets";

    public static KernelTable Table { get; } = new(
        "flat", "Flat columns: 20,000 paragraphs of sentences of words; per paragraph (or sentence)", Make);

    private static IReadOnlyList<Kernel> Make()
    {
        Paragraph[] objects = Paragraph.Make(Count, seed: 1);
        NestedColumn<byte> flat = FlatText.Build(objects);
        (int Paragraph, int Sentence)[] visits = Visits(objects);
        StringArray words = (StringArray)((ListArray)((ListArray)flat.Array).Values).Values;
        return
        [
            new Kernel("walk: checksum of every character", Count,
            [
                new KernelSide("Polder", () => FlatText.ChecksumByParagraph(flat)),
                new KernelSide(Objects, () => Paragraph.Checksum(objects)),
            ], new Target(Objects, 0.2)),
            new Kernel("the same, word by word", Count,
            [
                new KernelSide("Polder", () => FlatText.ChecksumByWord(flat)),
                new KernelSide(Objects, () => Paragraph.Checksum(objects)),
                new KernelSide(ByHand, () => ChecksumByHand(words.ValueOffsets, words.Values)),
            ]),
            new Kernel("characters of the longest paragraph", Count,
            [
                new KernelSide("Polder", () => FlatText.LongestParagraph(flat)),
                new KernelSide(Objects, () => Paragraph.LongestParagraph(objects)),
            ]),
            new Kernel("checksum of a random sentence", VisitCount,
            [
                new KernelSide("Polder", () => FlatText.ChecksumOfSentences(flat, visits)),
                new KernelSide(Objects, () => Paragraph.ChecksumOfSentences(objects, visits)),
            ]),
            new Kernel("build", Count,
            [
                new KernelSide("Polder", () => FlatText.Build(objects).Count),
                new KernelSide(Objects, () => Paragraph.Copy(objects).Length),
            ]),
            new Kernel("heap held by all, after a full collection", 1,
            [
                new KernelSide("Polder", () => FlatText.Build(objects)),
                new KernelSide(Objects, () => Paragraph.Make(Count, seed: 1)),
            ], new Target(Objects, 0.2), Quantity.HeldBytes),
        ];
    }

    private static long ChecksumByHand(ReadOnlySpan<int> offsets, ReadOnlySpan<byte> letters)
    {
        long sum = 0;
        for (int word = 0; word + 1 < offsets.Length; word++)
        {
            foreach (byte letter in letters[offsets[word]..offsets[word + 1]])
            {
                sum += letter;
            }
        }

        return sum;
    }

    private static (int Paragraph, int Sentence)[] Visits(Paragraph[] objects)
    {
        Random random = new(2);
        return
        [
            .. Enumerable.Range(0, VisitCount).Select(_ =>
            {
                int paragraph = random.Next(objects.Length);
                return (paragraph, random.Next(objects[paragraph].Sentences.Length));
            }),
        ];
    }
}
