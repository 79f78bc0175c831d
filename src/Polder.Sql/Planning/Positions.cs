using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using Polder.Expressions;

namespace Polder.Sql.Planning;

/// <summary>Where each column stands in the rows of one input or of two side by side.</summary>
internal sealed class Positions
{
    private readonly Dictionary<int, (int Position, LogicalColumn Column)> _positions = [];

    private Positions()
    {
    }

    /// <summary>The positions in the output of a plan, or of several side by side.</summary>
    public static Positions Of(params IReadOnlyList<LogicalPlan> inputs) =>
        Of(inputs.SelectMany(input => input.Output));

    /// <summary>The positions among some columns.</summary>
    public static Positions Of(IEnumerable<LogicalColumn> columns)
    {
        Positions positions = new();
        int position = 0;
        foreach (LogicalColumn column in columns)
        {
            positions._positions[column.Id] = (position++, column);
        }

        return positions;
    }

    /// <summary>The expression with ids replaced by positions.</summary>
    public Expression Bind(Expression expression) => ColumnUse.Rewrite(
        expression,
        node => node is not ColumnReference reference ? null
            : _positions.TryGetValue(reference.Index, out (int Position, LogicalColumn Column) found)
                ? new ColumnReference(
                    found.Position, found.Column.Name, found.Column.Type, found.Column.Nullable, reference.Span)
                : throw new UnreachableException($"column {reference.Name}, id {reference.Index}, is not there"));

    /// <summary>The expressions with ids replaced by positions.</summary>
    public Expression[] Bind(IReadOnlyList<Expression> expressions) => [.. expressions.Select(Bind)];
}
