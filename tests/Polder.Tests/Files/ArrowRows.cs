using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Apache.Arrow;
using Apache.Arrow.Ipc;
using Polder.Columns;
using Xunit;

namespace Polder.Tests.Files;

/// <summary>Rows of two readers side by side, however each cuts them into batches.</summary>
internal static class ArrowRows
{
    /// <summary>Compares every value of ours with what Arrow C++ reads from the file.</summary>
    public static async Task SameAsArrowCppAsync(string file, IAsyncEnumerable<RecordBatch> ours)
    {
        using ParquetSharp.Arrow.FileReader reader = new(file);
        using IArrowArrayStream theirs = reader.GetRecordBatchReader();
        RecordBatch? native = null, expected = null;
        int expectedRow = 0;
        long rowCount = 0;
        await foreach (RecordBatch actual in ours)
        {
            for (int row = 0; row < actual.Length;)
            {
                while (expected is null || expectedRow == expected.Length)
                {
                    // What is converted shares the native batch's memory.
                    native?.Dispose();
                    native = await theirs.ReadNextRecordBatchAsync();
                    Assert.True(native is not null, $"{file}: more rows than {rowCount}");
                    expected = ArrowConvert.ToCanonical(native);
                    expectedRow = 0;
                }

                int count = int.Min(actual.Length - row, expected.Length - expectedRow);
                for (int column = 0; column < actual.ColumnCount; column++)
                {
                    Same(actual.Column(column), row, expected.Column(column), expectedRow, count, rowCount,
                        $"{Path.GetFileName(file)}, {actual.Schema.GetFieldByIndex(column).Name}");
                }

                row += count;
                expectedRow += count;
                rowCount += count;
            }
        }

        while (expected is null || expectedRow == expected.Length)
        {
            native?.Dispose();
            expected = native = await theirs.ReadNextRecordBatchAsync();
            expectedRow = 0;
            if (expected is null)
            {
                return;
            }
        }

        native?.Dispose();
        Assert.Fail($"{file}: ends after {rowCount} rows");
    }

    private static void Same(
        IArrowArray actual, int row, IArrowArray expected, int expectedRow, int count, long fileRow, string where)
    {
        DataType type = ArrowTypes.FromArrow(actual.Data.DataType);
        if (type.Kind != TypeKind.Timestamp)
        {
            // Of an INT96 instant Arrow C++ does not say that it is in UTC.
            Assert.Equal(ArrowTypes.FromArrow(expected.Data.DataType).Kind, type.Kind);
        }

        for (int index = 0; index < count; index++)
        {
            bool isNull = actual.IsNull(row + index);
            if (isNull != expected.IsNull(expectedRow + index) ||
                (!isNull && !SameValue(actual, row + index, expected, expectedRow + index, type)))
            {
                Assert.Fail($"{where}, row {fileRow + index}: {Shown(actual, row + index, type)} " +
                    $"where Arrow C++ has {Shown(expected, expectedRow + index, type)}");
            }
        }
    }

    private static bool SameValue(IArrowArray actual, int row, IArrowArray expected, int expectedRow, DataType type) =>
        type.Kind switch
        {
            TypeKind.Integer or TypeKind.Date =>
                ColumnValues.Fixed<int>(actual)[row] == ColumnValues.Fixed<int>(expected)[expectedRow],
            TypeKind.Long or TypeKind.Timestamp or TypeKind.TimestampNtz or TypeKind.Time =>
                ColumnValues.Fixed<long>(actual)[row] == ColumnValues.Fixed<long>(expected)[expectedRow],
            TypeKind.Decimal =>
                ColumnValues.Fixed<Int128>(actual)[row] == ColumnValues.Fixed<Int128>(expected)[expectedRow],
            TypeKind.String or TypeKind.Binary =>
                ((BinaryArray)actual).GetBytes(row).SequenceEqual(((BinaryArray)expected).GetBytes(expectedRow)),
            _ => SameObject(ColumnValues.Get(actual, row, type), ColumnValues.Get(expected, expectedRow, type)),
        };

    private static bool SameObject(object? left, object? right) => (left, right) switch
    {
        (byte[] first, byte[] second) => first.AsSpan().SequenceEqual(second),
        (object?[] first, object?[] second) =>
            first.Length == second.Length && first.Zip(second).All(pair => SameObject(pair.First, pair.Second)),
        ((object?, object?)[] first, (object?, object?)[] second) =>
            first.Length == second.Length && first.Zip(second).All(pair =>
                SameObject(pair.First.Item1, pair.Second.Item1) && SameObject(pair.First.Item2, pair.Second.Item2)),
        _ => Equals(left, right),
    };

    private static string Shown(IArrowArray array, int row, DataType type) =>
        Text(array.IsNull(row) ? null : ColumnValues.Get(array, row, type));

    private static string Text(object? value) => value switch
    {
        null => "null",
        byte[] bytes => Convert.ToHexString(bytes),
        object?[] values => $"[{string.Join(", ", values.Select(Text))}]",
        (object?, object?)[] pairs =>
            $"{{{string.Join(", ", pairs.Select(pair => $"{Text(pair.Item1)}: {Text(pair.Item2)}"))}}}",
        _ => value.ToString()!,
    };
}
