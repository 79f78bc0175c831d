using System.Collections.Generic;
using System.Text.Json;
using Polder.Parquet;

namespace Polder.Cli.Parquet;

/// <summary>What a footer says of a chunk beyond its place: statistics, pages by encoding, sizes, indexes.</summary>
internal static class ChunkJson
{
    /// <summary>Writes the properties into an object that is open.</summary>
    public static void Write(Utf8JsonWriter json, ParquetFooter footer, ColumnChunkMetadata chunk)
    {
        WriteStatistics(json, footer, chunk);
        WriteGeospatial(json, chunk.Geospatial);
        if (chunk.EncodingCounts.Count > 0)
        {
            json.WriteStartArray("pages");
            foreach (PageEncodingCount count in chunk.EncodingCounts)
            {
                json.WriteStartObject();
                json.WriteString("type", count.Type.ToString().ToLowerInvariant());
                json.WriteString("encoding", count.Encoding.ToString().ToLowerInvariant());
                json.WriteNumber("count", count.Count);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        if (chunk.Sizes is { UnencodedBytes: >= 0 } sizes)
        {
            json.WriteNumber("unencodedBytes", sizes.UnencodedBytes);
        }

        WritePlace(json, "columnIndex", chunk.ColumnIndex);
        WritePlace(json, "offsetIndex", chunk.OffsetIndex);
        WritePlace(json, "bloomFilter", chunk.BloomFilter);
    }

    /// <summary>Names of the indexes that a chunk has.</summary>
    public static IEnumerable<string> Indexes(ColumnChunkMetadata chunk)
    {
        if (chunk.ColumnIndex.Length > 0)
        {
            yield return "column";
        }

        if (chunk.OffsetIndex.Length > 0)
        {
            yield return "offset";
        }

        if (chunk.BloomFilter.Offset > 0)
        {
            yield return "bloom";
        }
    }

    private static void WriteStatistics(Utf8JsonWriter json, ParquetFooter footer, ColumnChunkMetadata chunk)
    {
        if (chunk.Statistics is not ChunkStatistics statistics)
        {
            return;
        }

        if (statistics.NullCount >= 0)
        {
            json.WriteNumber("nulls", statistics.NullCount);
        }

        if (statistics.DistinctCount >= 0)
        {
            json.WriteNumber("distinct", statistics.DistinctCount);
        }

        if (statistics.NaNCount >= 0)
        {
            json.WriteNumber("nans", statistics.NaNCount);
        }

        (string? minimum, string? maximum) = BoundText.OfChunk(footer, chunk);
        WriteBound(json, "min", minimum, statistics.IsMinimumExact);
        WriteBound(json, "max", maximum, statistics.IsMaximumExact);
    }

    private static void WriteGeospatial(Utf8JsonWriter json, GeospatialStatistics? statistics)
    {
        if (statistics is null)
        {
            return;
        }

        json.WriteStartObject("geospatial");
        WriteRange(json, "x", statistics.X);
        WriteRange(json, "y", statistics.Y);
        WriteRange(json, "z", statistics.Z);
        WriteRange(json, "m", statistics.M);
        json.WriteStartArray("kinds");
        foreach (int kind in statistics.Kinds)
        {
            json.WriteNumberValue(kind);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter json, string name, (double Least, double Most)? range)
    {
        // JSON has no NaN and no infinity.
        if (range is ({ } least, { } most) && double.IsFinite(least) && double.IsFinite(most))
        {
            json.WriteStartArray(name);
            json.WriteNumberValue(least);
            json.WriteNumberValue(most);
            json.WriteEndArray();
        }
    }

    private static void WriteBound(Utf8JsonWriter json, string name, string? bound, bool? isExact)
    {
        if (bound is null)
        {
            return;
        }

        json.WriteString(name, bound);
        if (isExact is bool exact)
        {
            json.WriteBoolean(name + "Exact", exact);
        }
    }

    private static void WritePlace(Utf8JsonWriter json, string name, (long Offset, int Length) place)
    {
        if (place.Offset <= 0)
        {
            return;
        }

        json.WriteStartObject(name);
        json.WriteNumber("offset", place.Offset);
        json.WriteNumber("bytes", place.Length);
        json.WriteEndObject();
    }
}
