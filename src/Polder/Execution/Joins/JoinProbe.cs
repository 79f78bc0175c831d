using System.Threading.Tasks;
using Polder.Execution.Pipelines;

namespace Polder.Execution.Joins;

/// <summary>The step of the probe side; its preparation runs the build side.</summary>
internal sealed class JoinProbe(JoinPlan plan, Pipeline buildPipeline) : OperatorFactory
{
    private JoinTable? _table;

    /// <summary>The build side, once prepared.</summary>
    public JoinTable Table => _table!;

    public override bool YieldsNothing =>
        Table.RowCount == 0 && plan.Kind is (JoinKind.Inner or JoinKind.LeftSemi);

    public override async Task PrepareAsync(QueryContext context)
    {
        JoinBuildSink sink = new(plan, context.Memory);
        await sink.RunAsync(buildPipeline, context).ConfigureAwait(false);
        _table = sink.Table;
    }

    public override Operator Create() => plan.Kind is JoinKind.LeftSemi or JoinKind.LeftAnti or JoinKind.LeftMark
        ? new MatchOperator(plan, Table)
        : new PairOperator(plan, Table);
}
