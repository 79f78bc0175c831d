using System;
using Apache.Arrow;
using Polder.Columns.Kernels;

namespace Polder.Columns;

/// <summary>Columns that hold one value over and over.</summary>
public static class Constants
{
    /// <summary>A column of one value.</summary>
    /// <param name="literalValue">In the form of <c>Literal.Value</c>, as builders take it.</param>
    /// <param name="type">Its type.</param>
    /// <param name="rowCount">How many rows.</param>
    public static IArrowArray Repeat(object? literalValue, DataType type, int rowCount)
    {
        ColumnBuilder builder = ColumnBuilder.Create(type, literalValue is null ? rowCount : 1);
        if (literalValue is null)
        {
            builder.AppendNulls(rowCount);
            return builder.Build();
        }

        builder.AppendValue(literalValue);
        IArrowArray single = builder.Build();
        return rowCount == 1 ? single : Take.Rows(single, new int[rowCount].AsSpan());
    }
}
