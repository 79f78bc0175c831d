using System.Collections.Generic;
using Apache.Arrow;
using Polder.Columns;
using Polder.Expressions;

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

    /// <summary>The tables that it reads, each once, in the order in which they are named.</summary>
    public IReadOnlyList<TableVersion> Tables { get; init; } = [];

    /// <summary>The parameters that it uses, by name.</summary>
    internal IReadOnlyDictionary<string, Literal> UsedParameters { get; init; } = new Dictionary<string, Literal>();

    /// <summary>
    /// The rows, computed while they are read; batches are plain GC memory. Errors of single rows
    /// (<see cref="QueryException"/>) come here.
    /// </summary>
    public IAsyncEnumerable<RecordBatch> Batches { get; }
}
