using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

namespace Polder.Execution.Pipelines;

/// <summary>Where a pipeline's morsels come from: a scan, or what another pipeline left behind.</summary>
internal abstract class PipelineSource
{
    /// <summary>The morsels, after running whatever has to run first.</summary>
    public abstract ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context);
}

/// <summary>A morsel and the steps its batches go through.</summary>
internal sealed record MorselWork(Morsel Morsel, IReadOnlyList<OperatorFactory> Steps);

/// <summary>
/// Sources with the steps that follow them, up to the next operator that needs all rows. Several sources are the
/// branches of a union.
/// </summary>
internal sealed class Pipeline
{
    private readonly List<Branch> _branches = [];

    public Pipeline(PipelineSource source)
    {
        _branches.Add(new Branch(source, []));
    }

    /// <summary>The union of pipelines, which are consumed.</summary>
    public Pipeline(IEnumerable<Pipeline> pipelines)
    {
        _branches.AddRange(pipelines.SelectMany(pipeline => pipeline._branches));
    }

    /// <summary>Adds a step to the end.</summary>
    public void Append(OperatorFactory step)
    {
        foreach (Branch branch in _branches)
        {
            branch.Steps.Add(step);
        }
    }

    /// <summary>Prepares the steps and opens the sources.</summary>
    public async ValueTask<IReadOnlyList<MorselWork>> OpenAsync(QueryContext context)
    {
        HashSet<OperatorFactory> prepared = [];
        List<MorselWork> work = [];
        foreach (Branch branch in _branches)
        {
            foreach (OperatorFactory step in branch.Steps)
            {
                if (prepared.Add(step))
                {
                    await step.PrepareAsync(context).ConfigureAwait(false);
                }
            }

            if (!branch.Steps.Exists(step => step.YieldsNothing))
            {
                IReadOnlyList<Morsel> morsels = await branch.Source.OpenAsync(context).ConfigureAwait(false);
                work.AddRange(morsels.Select(morsel => new MorselWork(morsel, branch.Steps)));
            }
        }

        return work;
    }

    private sealed record Branch(PipelineSource Source, List<OperatorFactory> Steps);
}
