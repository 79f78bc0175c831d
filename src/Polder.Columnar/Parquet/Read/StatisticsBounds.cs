using System;
using System.Buffers.Binary;
using System.Text;
using Polder.Bytes;
using Polder.Columns;
using Polder.Expressions;
using Polder.Parquet.Footer;
using Polder.Parquet.Values;

namespace Polder.Parquet.Read;

/// <summary>
/// Which statistics of a chunk or page may be believed, as values of the column's type. What cannot be believed or read
/// is unknown, never an error: statistics only ever save work.
/// </summary>
internal static class StatisticsBounds
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>The bounds that statistics give.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="type">The type of its values in columns.</param>
    /// <param name="order">How the footer says its bounds are ordered.</param>
    /// <param name="createdBy">What the file says wrote it.</param>
    /// <param name="statistics">The statistics; null where none were written.</param>
    /// <param name="slotCount">Slots described.</param>
    public static ColumnBounds From(
        ParquetLeaf leaf,
        DataType type,
        ColumnOrder order,
        string? createdBy,
        ChunkStatistics? statistics,
        long slotCount)
    {
        long nullCount = leaf.MaxDefinitionLevel == 0 ? 0 : statistics?.NullCount ?? -1;
        if (nullCount > slotCount)
        {
            nullCount = -1;
        }

        if (statistics is null)
        {
            return new ColumnBounds(null, null, nullCount);
        }

        (ReadOnlyMemory<byte>? minimumBytes, ReadOnlyMemory<byte>? maximumBytes) =
            Believable(leaf, order, createdBy, statistics);
        object? minimum = minimumBytes is { } low ? Decode(leaf, type, low.Span) : null;
        object? maximum = maximumBytes is { } high ? Decode(leaf, type, high.Span) : null;
        if (type.Kind is TypeKind.Float or TypeKind.Double)
        {
            (minimum, maximum) = WithoutNaN(minimum, maximum);
        }

        return new ColumnBounds(minimum, maximum, nullCount, statistics.NaNCount != 0);
    }

    /// <summary>The bounds that a column index gives for rows of a page.</summary>
    /// <param name="leaf">The leaf.</param>
    /// <param name="type">The type of its values in columns.</param>
    /// <param name="order">How the footer says its bounds are ordered.</param>
    /// <param name="index">The column index.</param>
    /// <param name="page">The page.</param>
    /// <param name="rowCount">Rows described; perhaps not all of the page.</param>
    public static ColumnBounds FromPage(
        ParquetLeaf leaf, DataType type, ColumnOrder order, ColumnIndex index, int page, long rowCount)
    {
        if (index.NullPages.Span[page])
        {
            return new ColumnBounds(null, null, rowCount);
        }

        bool hasNoNull = leaf.MaxDefinitionLevel == 0 ||
            (!index.NullCounts.IsEmpty && index.NullCounts.Span[page] == 0);
        if (!HasOrder(leaf) || !IsKnown(leaf, order))
        {
            return new ColumnBounds(null, null, hasNoNull ? 0 : -1);
        }

        object? minimum = Decode(leaf, type, index.Minimums.Span[page].Span);
        object? maximum = Decode(leaf, type, index.Maximums.Span[page].Span);
        if (type.Kind is TypeKind.Float or TypeKind.Double)
        {
            (minimum, maximum) = WithoutNaN(minimum, maximum);
        }

        return new ColumnBounds(minimum, maximum, hasNoNull ? 0 : -1);
    }

    private static bool HasOrder(ParquetLeaf leaf) =>
        leaf.LogicalType.Kind is not (LogicalKind.Interval or LogicalKind.Geometry or LogicalKind.Geography
            or LogicalKind.Null or LogicalKind.Unrecognized);

    private static bool IsKnown(ParquetLeaf leaf, ColumnOrder order) => leaf.PhysicalType == PhysicalType.Int96
        ? order == ColumnOrder.Int96Timestamp
        : order != ColumnOrder.Undefined;

    private static (ReadOnlyMemory<byte>? Minimum, ReadOnlyMemory<byte>? Maximum) Believable(
        ParquetLeaf leaf, ColumnOrder order, string? createdBy, ChunkStatistics statistics)
    {
        if (!HasOrder(leaf))
        {
            return default;
        }

        bool isInt96 = leaf.PhysicalType == PhysicalType.Int96;
        if (IsKnown(leaf, order) && (statistics.MinimumBytes is not null || statistics.MaximumBytes is not null))
        {
            return (statistics.MinimumBytes, statistics.MaximumBytes);
        }

        // parquet.thrift, Statistics.min and max: deprecated, compared as signed whatever the type.
        if (statistics.LegacyMinimumBytes is not { } minimum || statistics.LegacyMaximumBytes is not { } maximum ||
            isInt96)
        {
            return default;
        }

        bool isSigned = !IsUnsigned(leaf.LogicalType) && leaf.PhysicalType is PhysicalType.Boolean
            or PhysicalType.Int32 or PhysicalType.Int64 or PhysicalType.Float or PhysicalType.Double;
        bool isOneValue = minimum.Span.SequenceEqual(maximum.Span) && !WroteByteArraysWrong(createdBy);
        if (isSigned || isOneValue)
        {
            return (minimum, maximum);
        }

        return default;
    }

    private static bool IsUnsigned(LogicalType logical) => logical is { Kind: LogicalKind.Integer, IsSigned: false };

    // PARQUET-251: parquet-mr before 1.8.0 kept references to buffers that it wrote over. Of an unknown writer the same
    // is assumed.
    private static bool WroteByteArraysWrong(string? createdBy)
    {
        const string Java = "parquet-mr version ";
        if (createdBy is null || !createdBy.Contains(" version ", StringComparison.Ordinal))
        {
            return true;
        }

        if (!createdBy.StartsWith(Java, StringComparison.Ordinal))
        {
            return false;
        }

        string[] parts = createdBy[Java.Length..].Split('.', ' ', '-');
        return parts.Length < 2 || !int.TryParse(parts[0], out int major) || !int.TryParse(parts[1], out int minor) ||
            (major == 1 && minor < 8);
    }

    private static (object? Minimum, object? Maximum) WithoutNaN(object? minimum, object? maximum)
    {
        if (minimum is float.NaN or double.NaN || maximum is float.NaN or double.NaN)
        {
            return default;
        }

        // parquet.thrift, ColumnOrder: a minimum of +0 may hide -0, a maximum of -0 may hide +0.
        return (
            minimum switch { 0f => -0f, 0d => -0d, _ => minimum },
            maximum switch { 0f => 0f, 0d => 0d, _ => maximum });
    }

    private static object? Decode(ParquetLeaf leaf, DataType type, ReadOnlySpan<byte> bytes)
    {
        switch (leaf.PhysicalType)
        {
            case PhysicalType.Boolean:
                return bytes.Length == 1 ? bytes[0] != 0 : null;
            case PhysicalType.Int32:
                return bytes.Length == 4
                    ? FromInt32(BinaryPrimitives.ReadInt32LittleEndian(bytes), leaf.LogicalType, type)
                    : null;
            case PhysicalType.Int64:
                return bytes.Length == 8
                    ? FromInt64(BinaryPrimitives.ReadInt64LittleEndian(bytes), leaf.LogicalType, type)
                    : null;
            case PhysicalType.Int96:
                return bytes.Length == 12 ? ByteCast.As<Int96>(bytes)[0].ToMicros() : null;
            case PhysicalType.Float:
                return bytes.Length == 4 ? BinaryPrimitives.ReadSingleLittleEndian(bytes) : null;
            case PhysicalType.Double:
                return bytes.Length == 8 ? BinaryPrimitives.ReadDoubleLittleEndian(bytes) : null;
            default:
                return FromBytes(type, bytes);
        }
    }

    private static object? FromInt32(int value, LogicalType logical, DataType type) => type.Kind switch
    {
        TypeKind.Byte => (sbyte)value,
        TypeKind.Short => logical.IsSigned ? (short)value : (short)(byte)value,
        TypeKind.Integer when IsUnsigned(logical) => (int)(ushort)value,
        TypeKind.Integer or TypeKind.Date => value,
        TypeKind.Long => (long)(uint)value,
        TypeKind.Time => value * 1000L,
        TypeKind.Decimal => (Int128)value,
        _ => null,
    };

    private static object? FromInt64(long value, LogicalType logical, DataType type) => type.Kind switch
    {
        TypeKind.Long => value,
        TypeKind.Time or TypeKind.Timestamp or TypeKind.TimestampNtz => logical.Unit switch
        {
            LogicalTimeUnit.Millis => value is > long.MaxValue / 1000 or < long.MinValue / 1000 ? null : value * 1000,
            LogicalTimeUnit.Nanos => Time.FloorDivide(value, 1000),
            _ => value,
        },
        TypeKind.Decimal => IsUnsigned(logical) ? (Int128)(ulong)value : (Int128)value,
        _ => null,
    };

    private static object? FromBytes(DataType type, ReadOnlySpan<byte> bytes)
    {
        switch (type.Kind)
        {
            case TypeKind.Decimal:
                return bytes.Length is > 0 and <= 16 ? BigEndian.Read(bytes) : null;
            case TypeKind.Float:
                return bytes.Length == 2 ? HalfToSingle.Convert(bytes) : null;
            case TypeKind.String:
                return DecodeText(bytes);
            case TypeKind.Binary:
                return bytes.ToArray();
            default:
                return null;
        }
    }

    // A bound cut inside a character is no text, and repairing it would move it.
    private static string? DecodeText(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
