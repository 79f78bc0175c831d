using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Environments;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace Polder.Benchmarks.Kernels;

/// <summary>A few short runs in this process: the machine is shared, ratios are what counts.</summary>
internal sealed class KernelJobs : ManualConfig
{
    public KernelJobs()
    {
        AddJob(BenchmarkDotNet.Jobs.Job.ShortRun
            .WithRuntime(CoreRuntime.Core10_0)
            .WithToolchain(InProcessEmitToolchain.Instance));
    }
}
