using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Sql;

/// <summary>What a statement yields.</summary>
public sealed class StatementResult
{
    internal StatementResult(SqlStatement statement, DataType schema, IAsyncEnumerable<RecordBatch> batches)
    {
        Statement = statement;
        Schema = schema;
        Batches = batches;
    }

    /// <summary>The statement.</summary>
    public SqlStatement Statement { get; }

    /// <summary>A struct of the columns. Names need not be unique.</summary>
    public DataType Schema { get; }

    /// <summary>
    /// The rows, computed while they are read; batches are plain GC memory. Errors of single rows
    /// (<see cref="Expressions.QueryException"/>) come here.
    /// </summary>
    public IAsyncEnumerable<RecordBatch> Batches { get; }
}
