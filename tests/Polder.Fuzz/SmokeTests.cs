using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

// Memory is counted, and the targets share it.
[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Polder.Fuzz;

/// <summary>A moment of fuzzing on every run, and every input that was ever a finding.</summary>
public sealed class SmokeTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    public static TheoryData<string> Names => [.. Registry.Targets.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Mutated_input_gets_an_answer(string name)
    {
        FuzzTarget target = Registry.Find(name);
        int seed = int.Parse(Environment.GetEnvironmentVariable("POLDER_FUZZ_SEED") ?? $"{DateTime.Now.DayOfYear}");
        output.WriteLine($"POLDER_FUZZ_SEED={seed}");
        List<byte[]> inputs = Campaign.Inputs(target);
        Mutator mutator = new(new Random(seed));
        long started = Stopwatch.GetTimestamp();
        int runs = 0, accepted = 0;
        for (; Stopwatch.GetElapsedTime(started) < Moment; runs++)
        {
            byte[] input = mutator.Mutate(inputs);
            try
            {
                accepted += Contract.Check(target, input) ? 1 : 0;
            }
            catch (BrokenContractException exception)
            {
                string kept = Path.Combine(Path.GetTempPath(), $"polder-fuzz-{name}");
                File.WriteAllBytes(kept, input);
                Assert.Fail($"seed {seed}, run {runs}; input kept at {kept}: {exception.Message}");
            }
        }

        output.WriteLine($"{runs} runs, {accepted} inputs accepted");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Seeds_and_old_findings_get_an_answer(string name)
    {
        FuzzTarget target = Registry.Find(name);
        List<byte[]> inputs = Campaign.Inputs(target);
        int accepted = inputs.Count(input => Contract.Check(target, input));
        output.WriteLine($"{accepted} of {inputs.Count} accepted");

        // Seeds that a decoder refuses at its door would fuzz the door.
        Assert.True(accepted > 0);
    }

    [Fact]
    public void Every_kept_input_belongs_to_a_target() =>
        Assert.All(Corpus.Folders(), folder => Registry.Find(folder));

    [Fact]
    public void The_canary_is_caught()
    {
        Mutator mutator = new(new Random(1));
        List<byte[]> inputs = Campaign.Inputs(Registry.Canary);
        Assert.Throws<BrokenContractException>(() =>
        {
            for (int run = 0; run < 100_000; run++)
            {
                Contract.Check(Registry.Canary, mutator.Mutate(inputs));
            }
        });
    }
}
