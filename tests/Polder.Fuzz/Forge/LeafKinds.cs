using Polder.Parquet;
using Polder.Parquet.Format;

namespace Polder.Fuzz.Forge;

/// <summary>One leaf of every form that the reader treats in its own way, in every nesting that it does.</summary>
internal static class LeafKinds
{
    private static readonly SchemaElement[] Leaves =
    [
        Leaf(PhysicalType.Boolean),
        Leaf(PhysicalType.Int32),
        Leaf(PhysicalType.Int32, LogicalType.Integer(8, true)),
        Leaf(PhysicalType.Int32, LogicalType.Decimal(9, 2)),
        Leaf(PhysicalType.Int64),
        Leaf(PhysicalType.Int64, LogicalType.Timestamp(LogicalTimeUnit.Nanos, true)),
        Leaf(PhysicalType.Int64, LogicalType.Integer(64, false)),
        Leaf(PhysicalType.Int96),
        Leaf(PhysicalType.Float),
        Leaf(PhysicalType.Double),
        Leaf(PhysicalType.ByteArray),
        Leaf(PhysicalType.ByteArray, new LogicalType(LogicalKind.String)),
        Leaf(PhysicalType.ByteArray, LogicalType.Decimal(38, 4)),
        Leaf(PhysicalType.FixedLenByteArray, LogicalType.Decimal(38, 10), 16),
        Leaf(PhysicalType.FixedLenByteArray, LogicalType.Decimal(9, 0), 5),
        Leaf(PhysicalType.FixedLenByteArray, new LogicalType(LogicalKind.Float16), 2),
        Leaf(PhysicalType.FixedLenByteArray, new LogicalType(LogicalKind.Uuid), 16),
        Leaf(PhysicalType.FixedLenByteArray, default, 3),
    ];

    /// <summary>Leaf forms times nestings.</summary>
    public static int Count => Leaves.Length * 4;

    /// <summary>A schema with that leaf as its only one.</summary>
    public static SchemaElement[] Schema(int index)
    {
        SchemaElement leaf = Leaves[index % Leaves.Length];
        SchemaElement root = Group("schema", null, 1, default);
        return (index / Leaves.Length % 4) switch
        {
            0 => [root, leaf with { Repetition = Repetition.Required }],
            1 => [root, leaf],
            2 => [root, Group("struct", Repetition.Optional, 1, default), leaf],
            _ =>
            [
                root,
                Group("lists", Repetition.Optional, 1, new LogicalType(LogicalKind.List)),
                Group("list", Repetition.Repeated, 1, default),
                leaf,
            ],
        };
    }

    private static SchemaElement Leaf(PhysicalType physical, LogicalType logical = default, int length = 0) => new()
    {
        Name = "leaf", Physical = physical, TypeLength = length, Repetition = Repetition.Optional, Logical = logical,
    };

    private static SchemaElement Group(string name, Repetition? repetition, int childCount, LogicalType logical) =>
        new() { Name = name, Repetition = repetition, ChildCount = childCount, Logical = logical };
}
