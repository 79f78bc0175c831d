using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Delta;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Sql.Tables;

/// <summary>A Delta table at one version; its scan prunes and filters.</summary>
internal sealed class DeltaResolvedTable(Snapshot snapshot) : ResolvedTable
{
    public override DataType Schema => snapshot.Schema;

    public override long? RowCount => snapshot.RowCount;

    public override PlanNode CreatePlan(IReadOnlyList<int> fields, Expression? predicate)
    {
        TableScan scan = snapshot.Scan().Select([.. fields.Select(index => Schema.Fields[index].Name)]);
        return new ScanNode(predicate is null ? scan : scan.Where(predicate));
    }
}
