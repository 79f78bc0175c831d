using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Footer;

/// <summary>Row groups and column chunks of a footer.</summary>
internal static class RowGroupDecoder
{
    public static RowGroupMetadata[] Decode(
        ref CompactReader reader, CompactType listType, ReadOnlyMemory<byte> source, ParquetSchema schema)
    {
        RowGroupMetadata[] rowGroups = new RowGroupMetadata[reader.ReadStructListHeader(listType)];
        long firstRow = 0;
        for (int rowGroupIndex = 0; rowGroupIndex < rowGroups.Length; rowGroupIndex++)
        {
            RowGroupMetadata rowGroup = DecodeRowGroup(ref reader, source, schema, rowGroupIndex, firstRow);
            rowGroups[rowGroupIndex] = rowGroup;
            if (rowGroup.RowCount > long.MaxValue - firstRow)
            {
                throw reader.Corrupt("more rows than 64 bits count");
            }

            firstRow += rowGroup.RowCount;
        }

        return rowGroups;
    }

    private static RowGroupMetadata DecodeRowGroup(
        ref CompactReader reader, ReadOnlyMemory<byte> source, ParquetSchema schema, int index, long firstRow)
    {
        LazyChunks? columns = null;
        SortingColumn[] sortingColumns = [];
        long rowCount = -1, uncompressedSize = 0;
        short fieldId = 0;
        while (reader.ReadField(ref fieldId, out CompactType type))
        {
            switch (fieldId)
            {
                case 1:
                    columns = DecodeColumns(ref reader, type, source, schema);
                    break;
                case 2:
                    uncompressedSize = reader.ReadInt64(type);
                    break;
                case 3:
                    rowCount = reader.ReadCount(type);
                    break;
                case 4:
                    sortingColumns = DecodeSortingColumns(ref reader, type);
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        if (columns is null || rowCount < 0)
        {
            throw reader.Corrupt($"row group {index} without columns or row count");
        }

        return new RowGroupMetadata
        {
            Index = index,
            FirstRow = firstRow,
            RowCount = rowCount,
            UncompressedSize = uncompressedSize,
            Columns = columns,
            SortingColumns = sortingColumns,
        };
    }

    private static LazyChunks DecodeColumns(
        ref CompactReader reader, CompactType listType, ReadOnlyMemory<byte> source, ParquetSchema schema)
    {
        int count = reader.ReadStructListHeader(listType);
        if (count != schema.Leaves.Count)
        {
            throw reader.Corrupt($"a row group of {count} columns under a schema of {schema.Leaves.Count} leaves");
        }

        return LazyChunks.StepOver(ref reader, count, schema, source);
    }

    private static SortingColumn[] DecodeSortingColumns(ref CompactReader reader, CompactType listType)
    {
        SortingColumn[] columns = new SortingColumn[reader.ReadStructListHeader(listType)];
        for (int columnIndex = 0; columnIndex < columns.Length; columnIndex++)
        {
            int leafIndex = 0;
            bool isDescending = false, nullsFirst = false;
            short fieldId = 0;
            while (reader.ReadField(ref fieldId, out CompactType type))
            {
                switch (fieldId)
                {
                    case 1:
                        leafIndex = reader.ReadInt32(type);
                        break;
                    case 2:
                        isDescending = reader.ReadBool(type);
                        break;
                    case 3:
                        nullsFirst = reader.ReadBool(type);
                        break;
                    default:
                        reader.Skip(type);
                        break;
                }
            }

            columns[columnIndex] = new SortingColumn(leafIndex, isDescending, nullsFirst);
        }

        return columns;
    }
}
