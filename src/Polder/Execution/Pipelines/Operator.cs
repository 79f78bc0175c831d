using System.Threading.Tasks;

namespace Polder.Execution.Pipelines;

/// <summary>
/// A step of a pipeline: a synchronous state machine, one instance per morsel. After a push it is pulled until it has
/// nothing more; only then is it pushed again. It never waits: reading and scheduling are the driver's.
/// </summary>
internal abstract class Operator
{
    /// <summary>Whether it will yield nothing more, whatever is pushed.</summary>
    public virtual bool IsDone => false;

    /// <summary>Takes a chunk with at least one row.</summary>
    public abstract void Push(Chunk input);

    /// <summary>The next chunk, which may have no rows; null where it wants input.</summary>
    public abstract Chunk? Pull();
}

/// <summary>A step of a pipeline before it runs: what its instances share.</summary>
internal abstract class OperatorFactory
{
    /// <summary>Whether, once prepared, the step is known to yield no row for any input.</summary>
    public virtual bool YieldsNothing => false;

    /// <summary>Runs what must be finished before the first morsel, such as the build side of a join. Once.</summary>
    public virtual Task PrepareAsync(QueryContext context) => Task.CompletedTask;

    /// <summary>An instance for one morsel.</summary>
    public abstract Operator Create();
}
