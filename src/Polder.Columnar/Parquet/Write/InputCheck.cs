using System;
using Apache.Arrow;
using Apache.Arrow.Types;
using Polder.Columns;

namespace Polder.Parquet.Write;

/// <summary>Whether a batch holds what a schema says, in the forms of <see cref="ArrowTypes"/>.</summary>
internal static class InputCheck
{
    /// <exception cref="ArgumentException">The batch has other columns, or holds them in another form.</exception>
    public static void Check(RecordBatch batch, DataType schema)
    {
        if (batch.ColumnCount != schema.Fields.Count)
        {
            throw new ArgumentException(
                $"a batch of {batch.ColumnCount} columns for a schema of {schema.Fields.Count}", nameof(batch));
        }

        for (int columnIndex = 0; columnIndex < batch.ColumnCount; columnIndex++)
        {
            StructField field = schema.Fields[columnIndex];
            IArrowArray column = batch.Column(columnIndex);
            if (!IsHeldAs(column.Data.DataType, ArrowTypes.ToArrow(field.Type)))
            {
                string held = column.Data.DataType.Name;
                throw new ArgumentException(
                    $"column '{field.Name}' is held as {held}, not as {field.Type}", nameof(batch));
            }

            if (column.Length != batch.Length)
            {
                throw new ArgumentException(
                    $"column '{field.Name}' has {column.Length} rows in a batch of {batch.Length}", nameof(batch));
            }
        }
    }

    /// <summary>Whether every column is in canonical form already.</summary>
    public static bool IsHeldAs(RecordBatch batch, DataType schema)
    {
        for (int columnIndex = 0; columnIndex < batch.ColumnCount && columnIndex < schema.Fields.Count; columnIndex++)
        {
            IArrowType expected = ArrowTypes.ToArrow(schema.Fields[columnIndex].Type);
            if (!IsHeldAs(batch.Column(columnIndex).Data.DataType, expected))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsHeldAs(IArrowType actual, IArrowType expected)
    {
        if (actual.TypeId != expected.TypeId)
        {
            return false;
        }

        return (actual, expected) switch
        {
            (Decimal128Type left, Decimal128Type right) => left.Scale == right.Scale,
            (TimestampType left, TimestampType right) =>
                left.Unit == right.Unit && string.IsNullOrEmpty(left.Timezone) == string.IsNullOrEmpty(right.Timezone),
            (Time64Type left, Time64Type right) => left.Unit == right.Unit,
            (DurationType left, DurationType right) => left.Unit == right.Unit,
            (IntervalType left, IntervalType right) => left.Unit == right.Unit,
            (MapType left, MapType right) => IsHeldAs(left.KeyField.DataType, right.KeyField.DataType)
                && IsHeldAs(left.ValueField.DataType, right.ValueField.DataType),
            (ListType left, ListType right) => IsHeldAs(left.ValueDataType, right.ValueDataType),
            (StructType left, StructType right) => AreFieldsHeldAs(left, right),
            _ => true,
        };
    }

    private static bool AreFieldsHeldAs(StructType actual, StructType expected)
    {
        if (actual.Fields.Count != expected.Fields.Count)
        {
            return false;
        }

        for (int fieldIndex = 0; fieldIndex < actual.Fields.Count; fieldIndex++)
        {
            if (!IsHeldAs(actual.Fields[fieldIndex].DataType, expected.Fields[fieldIndex].DataType))
            {
                return false;
            }
        }

        return true;
    }
}
