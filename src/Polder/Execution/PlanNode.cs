using System;
using System.Collections.Generic;
using System.Linq;
using Polder.Columns;

namespace Polder.Execution;

/// <summary>
/// A node of a physical plan: what <c>Query.ExecuteAsync</c> runs. Immutable. Expressions in a node refer to
/// the columns of its input by position.
/// </summary>
public abstract class PlanNode
{
    private protected PlanNode(DataType output, params IReadOnlyList<PlanNode> inputs)
    {
        Output = output;
        Inputs = inputs;
    }

    /// <summary>A struct of the columns the node yields.</summary>
    public DataType Output { get; }

    /// <summary>The nodes it takes rows from.</summary>
    public IReadOnlyList<PlanNode> Inputs { get; }

    private protected static void RequireBoolean(DataType type, string what)
    {
        if (type.Kind is not (TypeKind.Boolean or TypeKind.Void))
        {
            throw new ArgumentException($"{what} must be boolean, not {type}");
        }
    }

    private protected static IEnumerable<StructField> AsNullable(DataType structType) =>
        structType.Fields.Select(field => new StructField(field.Name, field.Type, true, field.Metadata));
}
