using System.Linq;
using Apache.Arrow;
using Polder.Columns;
using Polder.Execution.Pipelines;
using Polder.Expressions.Evaluation;

namespace Polder.Execution.Joins;

/// <summary>
/// A join as it is run: rows of the probe side stream by, those of the build side are held. For a right join the
/// sides are swapped.
/// </summary>
internal sealed class JoinPlan
{
    public JoinPlan(JoinNode node, ColumnSet needed, QueryContext context)
    {
        Node = node;
        IsSwapped = node.Kind == JoinKind.Right;
        Kind = IsSwapped ? JoinKind.Left : node.Kind;
        Build = IsSwapped ? node.Left : node.Right;
        Probe = IsSwapped ? node.Right : node.Left;
        BuildKeys = context.Prepare(IsSwapped ? node.LeftKeys : node.RightKeys);
        ProbeKeys = context.Prepare(IsSwapped ? node.RightKeys : node.LeftKeys);
        Schema = ArrowTypes.ToSchema(node.Output);
        PairRows = Chunk.RowsFor(node.Output);

        int leftCount = node.Left.Output.Fields.Count;
        int rightCount = node.Right.Output.Fields.Count;
        bool yieldsRight = node.Kind is not (JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.LeftMark);
        ColumnSet left = needed.Slice(0, leftCount);
        ColumnSet right = yieldsRight ? needed.Slice(leftCount, rightCount) : ColumnSet.None(rightCount);
        (OutputProbe, OutputBuild) = IsSwapped ? (right, left) : (left, right);

        ColumnSet residual = ColumnSet.None(leftCount + rightCount)
            .With(node.Residual is null ? [] : [node.Residual]);
        ColumnSet leftResidual = residual.Slice(0, leftCount);
        ColumnSet rightResidual = residual.Slice(leftCount, rightCount);
        NeededLeft = left.Union(leftResidual).With(node.LeftKeys);
        NeededRight = right.Union(rightResidual).With(node.RightKeys);
        HeldColumns = IsSwapped ? left.Union(leftResidual) : right.Union(rightResidual);

        // A NOT IN with nulls compares the keys themselves, pair by pair; but with one key and no residual a null on
        // either side decides.
        bool looksAtPairs = node.IsNullAware && (node.LeftKeys.Count > 1 || node.Residual is not null);
        HeldColumns = looksAtPairs ? HeldColumns.With(node.RightKeys) : HeldColumns;
        MayEqual = looksAtPairs ? new PairCondition(PairCondition.MayEqualAndResidual(node), this, context) : null;
        Residual = node.Residual is null ? null : new PairCondition(node.Residual, this, context);
    }

    public JoinNode Node { get; }

    /// <summary>Never <see cref="JoinKind.Right"/>.</summary>
    public JoinKind Kind { get; }

    /// <summary>Whether the left side is the build side.</summary>
    public bool IsSwapped { get; }

    public PlanNode Build { get; }

    public PlanNode Probe { get; }

    public Evaluator[] BuildKeys { get; }

    public Evaluator[] ProbeKeys { get; }

    /// <summary>The residual, or null.</summary>
    public PairCondition? Residual { get; }

    /// <summary>Of a NOT IN, whether a pair counts as a match; null where no pair is looked at.</summary>
    public PairCondition? MayEqual { get; }

    /// <summary>Pairs listed at a time.</summary>
    public int PairRows { get; }

    /// <summary>Of the output.</summary>
    public Schema Schema { get; }

    /// <summary>Columns of the left input that are needed for anything.</summary>
    public ColumnSet NeededLeft { get; }

    /// <summary>Columns of the right input that are needed for anything.</summary>
    public ColumnSet NeededRight { get; }

    /// <summary>Columns of the probe side that somebody above needs.</summary>
    public ColumnSet OutputProbe { get; }

    /// <summary>Columns of the build side that somebody above needs.</summary>
    public ColumnSet OutputBuild { get; }

    /// <summary>Columns of the build side that the table holds.</summary>
    public ColumnSet HeldColumns { get; }

    /// <summary>The columns of an output batch in the order of the output.</summary>
    public RecordBatch Assemble(IArrowArray[] probe, IArrowArray[] build, int rowCount) =>
        new(Schema, IsSwapped ? build.Concat(probe) : probe.Concat(build), rowCount);
}
