using System.Collections.Generic;
using System.Linq;
using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>
/// A full join: the streaming half is collected, because only after its last row it is known which build rows found
/// no match.
/// </summary>
internal sealed class FullJoinSource(JoinPlan plan, Pipeline probePipeline, JoinProbe probe) : PipelineSource
{
    public override async ValueTask<IReadOnlyList<Morsel>> OpenAsync(QueryContext context)
    {
        BatchesSink collected = new(context.Memory, "Join (full)");
        await collected.RunAsync(probePipeline, context).ConfigureAwait(false);
        List<Morsel> morsels = [.. collected.Parts.Select(batches => new BatchesMorsel(batches))];
        int[] unmatched = probe.Table.UnmatchedRows();
        for (int start = 0; start < unmatched.Length; start += Chunk.MaxRows)
        {
            int[] rows = unmatched[start..int.Min(unmatched.Length, start + Chunk.MaxRows)];
            morsels.Add(new BatchesMorsel([BuildOnly(rows)]));
        }

        return morsels;
    }

    private RecordBatch BuildOnly(int[] rows)
    {
        IArrowArray[] probeColumns = [.. plan.Probe.Output.Fields.Select((field, column) =>
            plan.OutputProbe.Contains(column)
                ? Constants.Repeat(null, field.Type, rows.Length)
                : ColumnSet.Unneeded(rows.Length))];
        IArrowArray[] buildColumns = [.. Enumerable.Range(0, plan.OutputBuild.ColumnCount).Select(column =>
            plan.OutputBuild.Contains(column)
                ? Take.Rows(probe.Table.Columns.Column(column), rows)
                : ColumnSet.Unneeded(rows.Length))];
        return plan.Assemble(probeColumns, buildColumns, rows.Length);
    }

    private sealed class BatchesMorsel(IReadOnlyList<RecordBatch> batches) : Morsel
    {
        public override async IAsyncEnumerable<RecordBatch> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            foreach (RecordBatch batch in batches)
            {
                yield return batch;
            }
        }
    }

    /// <summary>Keeps the batches of every morsel.</summary>
    private sealed class BatchesSink(MemoryBudget memory, string operatorName) : Sink
    {
        private readonly MemoryAccount _account = new(memory, operatorName);

        public List<IReadOnlyList<RecordBatch>> Parts { get; } = [];

        public override SinkPart CreatePart() => new Part(new MemoryAccount(memory, operatorName));

        public override void Combine(SinkPart part)
        {
            Part collected = (Part)part;
            collected.Account.Release();
            _account.Add(collected.Batches.Sum(ArraySize.Of));
            Parts.Add(collected.Batches);
        }

        private sealed class Part(MemoryAccount account) : SinkPart
        {
            public List<RecordBatch> Batches { get; } = [];

            public MemoryAccount Account { get; } = account;

            public override void Push(Chunk chunk)
            {
                RecordBatch batch = chunk.ToBatch();
                Account.Add(ArraySize.Of(batch));
                Batches.Add(batch);
            }
        }
    }
}
