using System;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Flat;

namespace Polder.Samples;

/// <summary>The C# of docs/flat.md, word for word; a test holds the two together and runs it.</summary>
internal static class FlatGuide
{
    /// <summary>Runs it.</summary>
    public static void Run()
    {
        // build
        NestedBuilder<byte> builder = new(DataType.Array(DataType.Array(DataType.String)));
        builder.AppendTexts([["It", "rains"], ["We", "stay", "in"]]);   // a paragraph of two sentences
        builder.AppendNull();                                           // no paragraph
        builder.BeginList();                                            // a paragraph, step by step
        builder.BeginList();                                            //   a sentence
        builder.AppendText("Żółw");                                     //     a word
        builder.AppendNull();                                           //     a word that is missing
        builder.EndList();
        builder.EndList();
        IArrowArray array = builder.Build();                            // list<list<string>>, three rows
        // read
        NestedColumn<byte> text = Nested.Utf8(array);
        foreach (NestedView<byte> paragraph in text)
        {
            Console.WriteLine(paragraph.IsNull ? "none" : $"{paragraph.Count} sentences: {paragraph.ToText()}");
            foreach (NestedView<byte> sentence in paragraph)
            {
                Console.WriteLine($"  {sentence.Count} words in {sentence.Leaves.Length} bytes");
            }
        }

        Console.WriteLine(text[0][1][2].ToText());
        ReadOnlySpan<byte> everything = text.Leaves;
        Console.WriteLine($"{everything.Length} bytes in all");
        // numbers
        NestedBuilder<double> curves = new(DataType.Array(DataType.Array(DataType.Double)), leafCapacity: 6);
        curves.AppendNested([[1.5, 2.5], [], [4.0]]);
        NestedColumn<double> curve = Nested.Of<double>(curves.Build());
        foreach (double value in curve[0].Leaves)
        {
            Console.WriteLine(value);
        }
        // end
    }
}
