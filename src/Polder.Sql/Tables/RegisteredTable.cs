using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Execution;
using Polder.Expressions;

namespace Polder.Sql.Tables;

/// <summary>Rows that a program gave a name in its session.</summary>
internal sealed class RegisteredTable(IBatchSource source) : ResolvedTable
{
    public override DataType Schema => source.Schema;

    public override long? RowCount => source.RowCountEstimate;

    public override PlanNode CreatePlan(IReadOnlyList<int> fields, Expression? predicate)
    {
        PlanNode rows = new ScanNode(source);
        return new ProjectNode(
            predicate is null ? rows : new FilterNode(rows, predicate),
            [.. fields.Select(index => new ColumnReference(
                index, Schema.Fields[index].Name, Schema.Fields[index].Type, Schema.Fields[index].Nullable))],
            [.. fields.Select(index => Schema.Fields[index].Name)]);
    }
}
