using System;
using System.Collections.Generic;
using System.Linq;
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

    public static KernelTable Table { get; } = new(
        "flat", "Flat columns: 20,000 paragraphs of sentences of words; per paragraph (or sentence)", Make);

    private static IReadOnlyList<Kernel> Make()
    {
        Paragraph[] objects = Paragraph.Make(Count, seed: 1);
        NestedColumn<byte> flat = FlatText.Build(objects);
        (int Paragraph, int Sentence)[] visits = Visits(objects);
        return
        [
            Walk("checksum of every character", new KernelSide("Polder", () => FlatText.ChecksumByParagraph(flat))),
            Walk("checksum, word by word", new KernelSide("Polder", () => FlatText.ChecksumByWord(flat))),
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

        Kernel Walk(string name, KernelSide side) => new(
            name, Count, [side, new KernelSide(Objects, () => Paragraph.Checksum(objects))], new Target(Objects, 0.2));
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
