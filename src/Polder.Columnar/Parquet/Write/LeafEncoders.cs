using System;
using Polder.Bytes;
using Polder.Columns;
using Polder.Parquet.Levels;

namespace Polder.Parquet.Write;

/// <summary>The encoder of each type, in the forms that <see cref="SchemaMapping"/> gives.</summary>
internal static class LeafEncoders
{
    public static LeafEncoder Create(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator) =>
        path.Leaf.PhysicalType switch
        {
            PhysicalType.Boolean => new BooleanLeafEncoder(path, options, allocator),
            PhysicalType.Int32 => CreateInt32(path, options, allocator),
            PhysicalType.Int64 => LeafType(path).Kind == TypeKind.Decimal
                ? new FixedLeafEncoder<Int128, long, Int64Format>(path, options, allocator, sizeof(long))
                : new FixedLeafEncoder<long, long, Int64Format>(path, options, allocator, sizeof(long)),
            PhysicalType.Float => new FixedLeafEncoder<int, int, FloatFormat>(path, options, allocator, sizeof(int)),
            PhysicalType.Double =>
                new FixedLeafEncoder<long, long, DoubleFormat>(path, options, allocator, sizeof(long)),
            PhysicalType.FixedLenByteArray => new FixedLeafEncoder<Int128, Int128, DecimalFormat>(
                path, options, allocator, path.Leaf.TypeLength),
            _ => new BytesLeafEncoder(path, options, allocator),
        };

    private static LeafEncoder CreateInt32(LeafPath path, ParquetWriteOptions options, BufferAllocator allocator) =>
        LeafType(path).Kind switch
        {
            TypeKind.Byte => new FixedLeafEncoder<sbyte, int, Int32Format>(path, options, allocator, sizeof(int)),
            TypeKind.Short => new FixedLeafEncoder<short, int, Int32Format>(path, options, allocator, sizeof(int)),
            TypeKind.Decimal => new FixedLeafEncoder<Int128, int, Int32Format>(path, options, allocator, sizeof(int)),
            TypeKind.Void => new VoidLeafEncoder(path, options, allocator),
            _ => new FixedLeafEncoder<int, int, Int32Format>(path, options, allocator, sizeof(int)),
        };

    private static DataType LeafType(LeafPath path) => path.Steps[^1].Field.Type;
}
