using System;
using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Columns.Kernels;
using Polder.Execution.Keys;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>Collects the build side of a join and makes the table of it.</summary>
internal sealed class JoinBuildSink(JoinPlan plan, MemoryBudget memory) : Sink
{
    private const string OperatorName = "Join (build side)";

    private readonly MemoryAccount _account = new(memory, OperatorName);
    private readonly List<BuildRows> _parts = [];

    /// <summary>The table, once complete.</summary>
    public JoinTable? Table { get; private set; }

    public override SinkPart CreatePart() => new Part(plan, new MemoryAccount(memory, OperatorName));

    public override void Combine(SinkPart part)
    {
        Part collected = (Part)part;
        collected.Account.Release();
        _account.Add(collected.Rows.Sum(rows => rows.SizeBytes));
        _parts.AddRange(collected.Rows);
    }

    public override void Complete()
    {
        int rowCount = _parts.Sum(part => part.Columns.Length);
        KeyTable? keys = plan.BuildKeys.Length == 0
            ? null
            : new KeyTable([.. plan.BuildKeys.Select(key => key.Type)]);
        int[] groups = new int[rowCount];
        int start = 0;
        foreach (BuildRows part in _parts)
        {
            Span<int> partGroups = groups.AsSpan(start, part.Columns.Length);
            keys?.FindOrAdd(part.Keys, partGroups);
            JoinTable.ExcludeNulls(part.Keys, plan.Node.NullSafe, partGroups);
            start += part.Columns.Length;
        }

        // The rows are copied into one batch; for that moment they are held twice.
        _account.Add(_parts.Sum(part => part.SizeBytes) + (keys?.SizeBytes ?? 0));
        RecordBatch columns = _parts.Count == 0
            ? EmptyRows()
            : Concat.Batches([.. _parts.Select(part => part.Columns)]);
        _parts.Clear();
        Table = new JoinTable(plan, columns, keys, groups);
        _account.Set(Table.SizeBytes);
    }

    private RecordBatch EmptyRows() => new(
        ArrowTypes.ToSchema(plan.Build.Output),
        plan.Build.Output.Fields.Select((field, column) => plan.HeldColumns.Contains(column)
            ? Constants.Repeat(null, field.Type, 0)
            : ColumnSet.Unneeded(0)),
        0);

    private sealed record BuildRows(RecordBatch Columns, IArrowArray[] Keys)
    {
        public long SizeBytes { get; } = ArraySize.Of(Columns) + Keys.Sum(key => ArraySize.Of(key.Data));
    }

    private sealed class Part(JoinPlan plan, MemoryAccount account) : SinkPart
    {
        private readonly Schema _schema = ArrowTypes.ToSchema(plan.Build.Output);

        public List<BuildRows> Rows { get; } = [];

        public MemoryAccount Account { get; } = account;

        public override void Push(Chunk chunk)
        {
            IArrowArray[] columns = new IArrowArray[plan.HeldColumns.ColumnCount];
            for (int column = 0; column < columns.Length; column++)
            {
                columns[column] = plan.HeldColumns.Contains(column)
                    ? chunk.Column(column)
                    : ColumnSet.Unneeded(chunk.RowCount);
            }

            BuildRows rows = new(
                new RecordBatch(_schema, columns, chunk.RowCount), chunk.Evaluate(plan.BuildKeys));
            Account.Add(rows.SizeBytes);
            Rows.Add(rows);
        }
    }
}
