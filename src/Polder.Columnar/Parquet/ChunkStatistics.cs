using System;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>
/// Statistics of a column chunk or a page as the file holds them: bounds are PLAIN bytes without a length prefix.
/// Whether they may be believed depends on the column order, the type and the writer; see the reader.
/// </summary>
public sealed class ChunkStatistics
{
    /// <summary>min_value; null where absent.</summary>
    public ReadOnlyMemory<byte>? MinimumBytes { get; init; }

    /// <summary>max_value; null where absent.</summary>
    public ReadOnlyMemory<byte>? MaximumBytes { get; init; }

    /// <summary>The deprecated min, compared in signed order whatever the type; null where absent.</summary>
    public ReadOnlyMemory<byte>? LegacyMinimumBytes { get; init; }

    /// <summary>The deprecated max; null where absent.</summary>
    public ReadOnlyMemory<byte>? LegacyMaximumBytes { get; init; }

    /// <summary>Nulls, or -1 where not counted.</summary>
    public long NullCount { get; init; } = -1;

    /// <summary>Distinct values, or -1 where not counted.</summary>
    public long DistinctCount { get; init; } = -1;

    /// <summary>NaN values, or -1 where not counted.</summary>
    public long NaNCount { get; init; } = -1;

    /// <summary>True where the minimum occurs, false where it may be only a bound; null where not said.</summary>
    public bool? IsMinimumExact { get; init; }

    /// <summary>True where the maximum occurs, false where it may be only a bound; null where not said.</summary>
    public bool? IsMaximumExact { get; init; }

    /// <summary>A bound, or none: an array that is null would silently become an empty bound.</summary>
    internal static ReadOnlyMemory<byte>? Bound(byte[]? bytes) =>
        bytes is null ? default(ReadOnlyMemory<byte>?) : bytes.AsMemory();

    /// <summary>Reads the struct, sharing <paramref name="source"/>, the memory that the reader goes over.</summary>
    internal static ChunkStatistics Decode(ref CompactReader reader, ReadOnlyMemory<byte> source)
    {
        ReadOnlyMemory<byte>? minimum = null, maximum = null, legacyMinimum = null, legacyMaximum = null;
        long nullCount = -1, distinctCount = -1, nanCount = -1;
        bool? isMinimumExact = null, isMaximumExact = null;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    legacyMaximum = Slice(ref reader, type, source);
                    break;
                case 2:
                    legacyMinimum = Slice(ref reader, type, source);
                    break;
                case 3:
                    nullCount = reader.ReadCount(type);
                    break;
                case 4:
                    distinctCount = reader.ReadCount(type);
                    break;
                case 5:
                    maximum = Slice(ref reader, type, source);
                    break;
                case 6:
                    minimum = Slice(ref reader, type, source);
                    break;
                case 7:
                    isMaximumExact = reader.ReadBool(type);
                    break;
                case 8:
                    isMinimumExact = reader.ReadBool(type);
                    break;
                case 9:
                    nanCount = reader.ReadCount(type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return new ChunkStatistics
        {
            MinimumBytes = minimum,
            MaximumBytes = maximum,
            LegacyMinimumBytes = legacyMinimum,
            LegacyMaximumBytes = legacyMaximum,
            NullCount = nullCount,
            DistinctCount = distinctCount,
            NaNCount = nanCount,
            IsMinimumExact = isMinimumExact,
            IsMaximumExact = isMaximumExact,
        };
    }

    /// <summary>Writes the struct's fields; the caller opens and closes it.</summary>
    internal void Encode(ref CompactWriter writer)
    {
        WriteBytes(ref writer, 1, LegacyMaximumBytes);
        WriteBytes(ref writer, 2, LegacyMinimumBytes);
        WriteCount(ref writer, 3, NullCount);
        WriteCount(ref writer, 4, DistinctCount);
        WriteBytes(ref writer, 5, MaximumBytes);
        WriteBytes(ref writer, 6, MinimumBytes);
        if (IsMaximumExact is bool isMaximumExact)
        {
            writer.WriteBool(7, isMaximumExact);
        }

        if (IsMinimumExact is bool isMinimumExact)
        {
            writer.WriteBool(8, isMinimumExact);
        }

        WriteCount(ref writer, 9, NaNCount);
    }

    private static ReadOnlyMemory<byte> Slice(
        ref CompactReader reader, CompactType type, ReadOnlyMemory<byte> source)
    {
        (int start, int length) = reader.ReadBinaryRange(type);
        return source.Slice(start, length);
    }

    private static void WriteBytes(ref CompactWriter writer, int fieldId, ReadOnlyMemory<byte>? bytes)
    {
        if (bytes is ReadOnlyMemory<byte> present)
        {
            writer.WriteBinary(fieldId, present.Span);
        }
    }

    private static void WriteCount(ref CompactWriter writer, int fieldId, long count)
    {
        if (count >= 0)
        {
            writer.WriteInt64(fieldId, count);
        }
    }
}
