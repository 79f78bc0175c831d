using System;
using System.Globalization;
using System.IO;
using System.Threading.Tasks;
using SharpFuzz;
using Xunit.MicrosoftTestingPlatform;

namespace Polder.Fuzz;

/// <summary>
/// Without a verb the tests of this project; else <c>list</c>, <c>seeds TARGET DIR</c>, <c>afl TARGET</c> (what
/// afl-fuzz runs), <c>campaign TARGET MINUTES SEED</c> (blind, in this process) or <c>replay TARGET FILE…</c>.
/// </summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["list"]:
                foreach (FuzzTarget target in Registry.Targets)
                {
                    Console.WriteLine(target.Name);
                }

                return 0;
            case ["seeds", string name, string folder]:
                WriteSeeds(Registry.Find(name), folder);
                return 0;
            case ["afl", string name]:
                RunUnderAfl(name);
                return 0;
            case ["campaign", string name, string minutes, string seed]:
                return Campaign.Run(
                    Registry.Find(name),
                    TimeSpan.FromMinutes(double.Parse(minutes, CultureInfo.InvariantCulture)),
                    int.Parse(seed, CultureInfo.InvariantCulture));
            case ["replay", string name, .. string[] files]:
                return Replay(Registry.Find(name), files);
            default:
                return await TestPlatformTestFramework.RunAsync(
                    arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
        }
    }

    private static void WriteSeeds(FuzzTarget target, string folder)
    {
        Directory.CreateDirectory(folder);
        int index = 0;
        foreach (byte[] seed in target.Seeds())
        {
            File.WriteAllBytes(Path.Combine(folder, $"seed-{index++:0000}"), seed);
        }

        foreach (string kept in Corpus.FilesOf(target))
        {
            File.Copy(kept, Path.Combine(folder, Path.GetFileName(kept)), overwrite: true);
        }
    }

    // Instrumented code may run only inside the call: before it there is nowhere to count branches.
    private static void RunUnderAfl(string name)
    {
        FuzzTarget? target = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            target ??= Registry.Find(name);
            using MemoryStream input = new();
            stream.CopyTo(input);
            Contract.Check(target, input.GetBuffer().AsSpan(0, (int)input.Length));
        });
    }

    private static int Replay(FuzzTarget target, string[] files)
    {
        int failed = 0;
        foreach (string file in files)
        {
            try
            {
                Contract.Check(target, File.ReadAllBytes(file));
                Console.WriteLine($"{file}: as it should be");
            }
            catch (BrokenContractException exception)
            {
                failed++;
                Console.WriteLine($"{file}: {exception.Message}");
            }
        }

        return failed == 0 ? 0 : 1;
    }
}
