using System.Threading;
using System.Threading.Tasks;
using Polder.Delta.Log;
using Polder.Delta.Snapshots;
using Polder.Storage;

namespace Polder.Delta.Checkpoints;

/// <summary>Feeds the actions of a checkpoint to a replay.</summary>
internal sealed class CheckpointReader(Engine engine, IObjectStore store)
{
    public ValueTask ReadAsync(CheckpointFiles checkpoint, LogReplay replay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Invariant.Holds(engine is not null && replay is not null, "a checkpoint is read without a replay");
        throw new UnsupportedFeatureException(
            "reading Parquet checkpoints", $"{store.Root}/{checkpoint.Parts[0].Object.Path.Value}");
    }
}
