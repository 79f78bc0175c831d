using System;
using Polder.Columns;
using Polder.Columns.Values;

namespace Polder.Parquet.Values;

/// <summary>Which decoder turns a leaf into the type that <see cref="LeafTypes"/> gives it.</summary>
internal static class ValueDecoders
{
    /// <summary>The decoder of a leaf.</summary>
    public static ValueDecoder For(ParquetLeaf leaf, DataType type, StringForm form)
    {
        int fixedLength = leaf.PhysicalType == PhysicalType.ByteArray ? -1 : leaf.TypeLength;
        switch (form)
        {
            case StringForm.Dictionary:
                return new DictionaryDecoder(fixedLength, ArrowTypes.ToArrow(type));
            case StringForm.Views:
                return new ViewDecoder(fixedLength);
            default:
                break;
        }

        if (type.Kind == TypeKind.Void)
        {
            return new NullDecoder();
        }

        return leaf.PhysicalType switch
        {
            PhysicalType.Boolean => new BooleanDecoder(),
            PhysicalType.Int32 => ForInt32(leaf.LogicalType, type),
            PhysicalType.Int64 => ForInt64(leaf.LogicalType, type),
            PhysicalType.Int96 => new NumberDecoder<Int96, long, Int96ToMicros>(),
            PhysicalType.Float => new NumberDecoder<float, float, Same<float>>(),
            PhysicalType.Double => new NumberDecoder<double, double, Same<double>>(),
            _ => ForBytes(fixedLength, type),
        };
    }

    private static ValueDecoder ForInt32(LogicalType logical, DataType type) => type.Kind switch
    {
        TypeKind.Byte => new NumberDecoder<int, sbyte, ToInt8>(),
        TypeKind.Short when logical.IsSigned => new NumberDecoder<int, short, ToInt16>(),
        TypeKind.Short => new NumberDecoder<int, short, UInt8ToInt16>(),
        TypeKind.Integer when logical is { Kind: LogicalKind.Integer, BitWidth: 16, IsSigned: false } =>
            new NumberDecoder<int, int, UInt16ToInt32>(),
        TypeKind.Integer or TypeKind.Date => new NumberDecoder<int, int, Same<int>>(),
        TypeKind.Long => new NumberDecoder<int, long, UInt32ToInt64>(),
        TypeKind.Time => new NumberDecoder<int, long, TimeMillisToMicros>(),
        TypeKind.Decimal => new NumberDecoder<int, Int128, Int32ToDecimal>(),
        _ => throw Mismatch(PhysicalType.Int32, type),
    };

    private static ValueDecoder ForInt64(LogicalType logical, DataType type) => type.Kind switch
    {
        TypeKind.Long => new NumberDecoder<long, long, Same<long>>(),
        TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz => logical.Unit switch
        {
            LogicalTimeUnit.Millis => new NumberDecoder<long, long, MillisToMicros>(),
            LogicalTimeUnit.Nanos => new NumberDecoder<long, long, NanosToMicros>(),
            _ => new NumberDecoder<long, long, Same<long>>(),
        },
        TypeKind.Decimal when logical.Kind == LogicalKind.Integer =>
            new NumberDecoder<long, Int128, UInt64ToDecimal>(),
        TypeKind.Decimal => new NumberDecoder<long, Int128, Int64ToDecimal>(),
        _ => throw Mismatch(PhysicalType.Int64, type),
    };

    private static ValueDecoder ForBytes(int fixedLength, DataType type) => type.Kind switch
    {
        TypeKind.Decimal => new BytesNumberDecoder<Int128, BytesToDecimal>(fixedLength),
        TypeKind.WideDecimal => new BytesNumberDecoder<Int256, BytesToWideDecimal>(fixedLength),
        TypeKind.Float => new BytesNumberDecoder<float, HalfToSingle>(fixedLength),
        TypeKind.String or TypeKind.Binary => new ByteArrayDecoder(fixedLength),
        _ => throw Mismatch(PhysicalType.ByteArray, type),
    };

    private static UnsupportedFeatureException Mismatch(PhysicalType physical, DataType type) =>
        new($"{physical} as {type}", "no conversion is known");
}
