using System.Collections.Generic;
using Polder.Parquet.Format;

namespace Polder.Parquet;

/// <summary>What a footer says of the geometries or geographies of a chunk.</summary>
public sealed class GeospatialStatistics
{
    private GeospatialStatistics()
    {
    }

    /// <summary>
    /// Bounds along x, or longitude; null where not written. The least may exceed the most: around the antimeridian.
    /// </summary>
    public (double Least, double Most)? X { get; private set; }

    /// <summary>Bounds along y, or latitude; null where not written.</summary>
    public (double Least, double Most)? Y { get; private set; }

    /// <summary>Bounds along z; null where not written.</summary>
    public (double Least, double Most)? Z { get; private set; }

    /// <summary>Bounds of the measure; null where not written.</summary>
    public (double Least, double Most)? M { get; private set; }

    /// <summary>
    /// The kinds that occur, by their numbers in ISO WKB (1 = point, 2 = line, 3 = polygon, 1001 = point with z …);
    /// empty where not known.
    /// </summary>
    public IReadOnlyList<int> Kinds { get; private set; } = [];

    internal static GeospatialStatistics Decode(ref CompactReader reader)
    {
        GeospatialStatistics statistics = new();
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    reader.ExpectStruct(type);
                    statistics.DecodeBox(ref reader);
                    break;
                case 2:
                    statistics.Kinds = DecodeKinds(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        return statistics;
    }

    private void DecodeBox(ref CompactReader reader)
    {
        // BoundingBox: the least and the most of x, y, z, m, in this order.
        double?[] bounds = new double?[9];
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            if (fieldId < bounds.Length)
            {
                bounds[fieldId] = reader.ReadDouble(type);
            }
            else
            {
                reader.Skip(type);
            }
        }

        X = Pair(bounds[1], bounds[2]);
        Y = Pair(bounds[3], bounds[4]);
        Z = Pair(bounds[5], bounds[6]);
        M = Pair(bounds[7], bounds[8]);
    }

    private static (double Least, double Most)? Pair(double? least, double? most) =>
        least is double low && most is double high ? (low, high) : null;

    private static int[] DecodeKinds(ref CompactReader reader, CompactType listType)
    {
        int[] kinds = new int[reader.ReadListHeader(listType, out CompactType elementType)];
        for (int index = 0; index < kinds.Length; index++)
        {
            kinds[index] = reader.ReadInt32(elementType);
        }

        return kinds;
    }
}
