using System.Collections.Generic;
using System.Threading.Tasks;

namespace Polder.Fuzz.Forge;

/// <summary>Runs every job at once, on the thread that queues it: one input, one trace.</summary>
internal sealed class InlineScheduler : TaskScheduler
{
    /// <inheritdoc />
    public override int MaximumConcurrencyLevel => 1;

    /// <inheritdoc />
    protected override void QueueTask(Task task) => TryExecuteTask(task);

    /// <inheritdoc />
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

    /// <inheritdoc />
    protected override IEnumerable<Task> GetScheduledTasks() => [];
}
