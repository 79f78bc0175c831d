using System;
using System.Diagnostics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Xunit;

namespace Polder.Tests.Bytes.Kernels;

/// <summary>The kernels' tests and the Parquet corpus again, with the hardware's wider paths switched off.</summary>
public sealed class HardwareTests
{
    private const string LegVariable = "POLDER_TEST_HARDWARE_LEG";
    private const int LongestLegMilliseconds = 120_000;

    private readonly ITestOutputHelper _output;

    public HardwareTests(ITestOutputHelper output)
    {
        _output = output;
    }

    [Theory]
    [InlineData("DOTNET_EnableAVX512")]
    [InlineData("DOTNET_EnableAVX2")]
    [InlineData("DOTNET_EnableHWIntrinsic")]
    public void Kernels_and_corpus_pass_without_the_hardware(string variable)
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable(LegVariable) is not null, "this is such a leg");
        ProcessStartInfo start = TestLeg.Of(
            "Polder.Tests.Bytes.Kernels.*", "Polder.Tests.Parquet.Conformance.CorpusTests");
        start.Environment[variable] = "0";
        start.Environment[LegVariable] = variable;
        using Process leg = Process.Start(start)!;
        string output = leg.StandardOutput.ReadToEnd();
        Assert.True(leg.WaitForExit(LongestLegMilliseconds), output);
        _output.WriteLine(output[int.Max(0, output.LastIndexOf("Test run summary", StringComparison.Ordinal))..]);
        Assert.True(leg.ExitCode == 0, output);
        Assert.DoesNotContain("succeeded: 0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leg_runs_without_the_hardware_that_it_names()
    {
        string? leg = Environment.GetEnvironmentVariable(LegVariable);
        Assert.SkipWhen(leg is null, "this is no such leg");
        Assert.False(Avx512F.IsSupported);
        Assert.False(Avx512Vbmi.IsSupported);
        if (leg is "DOTNET_EnableAVX2" or "DOTNET_EnableHWIntrinsic")
        {
            Assert.False(Avx2.IsSupported);
            Assert.False(Bmi2.X64.IsSupported);
        }

        if (leg == "DOTNET_EnableHWIntrinsic")
        {
            Assert.False(Vector128.IsHardwareAccelerated);
        }
    }
}
