using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using System.Threading;

namespace Polder.Fuzz;

/// <summary>Blind mutation in this process: for smoke tests, and for machines without afl-fuzz.</summary>
internal static class Campaign
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Runs for a while, keeps each finding in <c>findings/TARGET</c>; 1 where there was one.</summary>
    public static int Run(FuzzTarget target, TimeSpan duration, int seed)
    {
        string folder = Path.Combine("findings", target.Name);
        Directory.CreateDirectory(folder);
        List<byte[]> inputs = Inputs(target);
        Mutator mutator = new(new Random(seed));
        HashSet<string> known = [];
        byte[] current = [];
        using Timer watch = new(_ => Abort(folder, current));
        Stopwatch clock = Stopwatch.StartNew();
        long runs = 0;
        for (; clock.Elapsed < duration; runs++)
        {
            current = mutator.Mutate(inputs);
            watch.Change(Hang, Timeout.InfiniteTimeSpan);
            try
            {
                Contract.Check(target, current);
            }
            catch (BrokenContractException exception) when (known.Add(Where(exception)))
            {
                string file = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(current))[..16]);
                File.WriteAllBytes(file, current);
                Console.WriteLine($"{file}: {exception.Message}");
            }
            catch (BrokenContractException)
            {
                // Seen before.
            }
        }

        Console.WriteLine($"{target.Name}: {runs:N0} runs, seed {seed}, {known.Count} findings");
        return known.Count == 0 ? 0 : 1;
    }

    /// <summary>Seeds and kept inputs; never none.</summary>
    public static List<byte[]> Inputs(FuzzTarget target)
    {
        List<byte[]> inputs = [.. target.Seeds(), .. Corpus.FilesOf(target).Select(File.ReadAllBytes)];
        return inputs.Count > 0 ? inputs : [[0]];
    }

    // Two inputs that fail at one place are one finding.
    private static string Where(BrokenContractException exception) =>
        exception.InnerException is Exception inner
            ? inner.GetType().Name + inner.StackTrace?.Split('\n').FirstOrDefault()
            : "bounds";

    private static void Abort(string folder, byte[] input)
    {
        string file = Path.Combine(folder, "hang");
        File.WriteAllBytes(file, input);
        Environment.FailFast($"an input took more than {Hang}; it is kept in {file}");
    }
}
