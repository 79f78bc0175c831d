using System;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Polder.Columns.Flat;
using Polder.Storage;
using Polder.Storage.Local;

namespace Polder.Samples;

/// <summary><c>dotnet run -c Release [PARAGRAPHS]</c>: the same text as objects and as a flat column.</summary>
internal static class Program
{
    private static async Task Main(string[] arguments)
    {
        int count = arguments.Length > 0 ? int.Parse(arguments[0], null) : 20_000;
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Paragraph[] objects = Report("build objects", () => Paragraph.Make(count, seed: 1));
        long objectBytes = GC.GetTotalMemory(forceFullCollection: true) - before;

        before = GC.GetTotalMemory(forceFullCollection: true);
        NestedColumn<byte> flat = Report("build flat from objects", () => FlatText.Build(objects));
        long flatBytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine($"held: {objectBytes:N0} bytes as objects, {flatBytes:N0} flat");

        for (int round = 0; round < 3; round++)
        {
            long expected = Report("walk objects", () => Paragraph.Checksum(objects));
            Same(expected, Report("walk flat, word by word", () => FlatText.ChecksumByWord(flat)));
            Same(expected, Report("walk flat, a paragraph at once", () => FlatText.ChecksumByParagraph(flat)));
        }

        Same(
            Report("longest paragraph, objects", () => Paragraph.LongestParagraph(objects)),
            Report("longest paragraph, flat", () => FlatText.LongestParagraph(flat)));

        string folder = Directory.CreateTempSubdirectory("flat-paragraphs-").FullName;
        try
        {
            long expected = FlatText.ChecksumByParagraph(flat);
            LocalStore files = new(folder);
            Same(expected, await FlatStores.ThroughParquetAsync(
                flat, files, new StorePath("text.parquet"), CancellationToken.None));
            LocalStore table = new(Path.Combine(folder, "table"));
            Same(expected, await FlatStores.ThroughDeltaAsync(flat, table, CancellationToken.None));
            Console.WriteLine("the same bytes came back from a Parquet file and from a Delta table");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        GC.KeepAlive(objects);
    }

    private static T Report<T>(string what, Func<T> work)
    {
        long start = Stopwatch.GetTimestamp();
        T result = work();
        Console.WriteLine($"{what}: {Stopwatch.GetElapsedTime(start).TotalMilliseconds:N1} ms");
        return result;
    }

    private static void Same(long expected, long actual)
    {
        if (expected != actual)
        {
            throw new InvalidOperationException($"{actual} where {expected} was expected");
        }
    }
}
