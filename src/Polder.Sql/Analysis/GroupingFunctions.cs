using System.Collections.Generic;
using System.Linq;
using Polder.Columns;
using Polder.Expressions;
using Polder.Expressions.Syntax;
using Polder.Sql.Planning;

namespace Polder.Sql.Analysis;

/// <summary>
/// grouping() and grouping_id() in the clauses of one query: columns of their own until the keys are known, which may
/// be written after them.
/// </summary>
internal sealed class GroupingFunctions(ColumnIds ids)
{
    private readonly Dictionary<int, GroupingFunction> _functions = [];

    /// <summary>The first of them; null where there is none.</summary>
    public GroupingFunction? First => _functions.Values.FirstOrDefault();

    /// <summary>Whether a call is one of them.</summary>
    public static bool IsOne(CallSyntax call) => call.Window is null && call.Filter is null && !call.Distinct &&
        call.Name is [string name] && name.ToLowerInvariant() is "grouping" or "grouping_id";

    /// <summary>The column that stands for a call.</summary>
    public Expression Add(CallSyntax call, ExpressionAnalyzer analyzer)
    {
        bool single = call.Name[0].Equals("grouping", System.StringComparison.OrdinalIgnoreCase);
        if (single && call.Arguments.Count != 1)
        {
            throw QueryException.NotYet("grouping() of other than one key", call.Span);
        }

        LogicalColumn column = ids.New(
            single ? "grouping" : "grouping_id", single ? DataType.Byte : DataType.Long, nullable: false);
        _functions.Add(
            column.Id, new GroupingFunction(single, [.. call.Arguments.Select(analyzer.Analyze)], call.Span));
        return column.Reference(call.Span);
    }

    /// <summary>The call that a column stands for.</summary>
    public GroupingFunction? Find(ColumnReference reference) => _functions.GetValueOrDefault(reference.Index);
}

/// <summary>A call of grouping() or grouping_id().</summary>
internal sealed record GroupingFunction(bool IsSingle, IReadOnlyList<Expression> Arguments, TextSpan Span);
