using System.Collections.Generic;
using System.Linq;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Formats;

/// <summary>The columns of a batch that is being filled row by row.</summary>
internal sealed class BatchBuilder
{
    private readonly Schema _schema;

    public BatchBuilder(DataType structType, int capacity)
    {
        _schema = ArrowTypes.ToSchema(structType);
        Columns = [.. structType.Fields.Select(field => ColumnBuilder.Create(field.Type, capacity))];
    }

    public IReadOnlyList<ColumnBuilder> Columns { get; }

    /// <summary>Rows that every column has.</summary>
    public int RowCount { get; set; }

    /// <summary>The rows as a batch; starts anew.</summary>
    public RecordBatch Build()
    {
        RecordBatch batch = new(_schema, Columns.Select(column => column.Build()), RowCount);
        RowCount = 0;
        return batch;
    }
}
