using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Apache.Arrow;
using Polder.Columns;

namespace Polder.Execution;

/// <summary>Rows to run a query over: a table scan, a file, batches in memory.</summary>
public interface IBatchSource
{
    /// <summary>A struct of the columns that every batch has, in order.</summary>
    DataType Schema { get; }

    /// <summary>How many rows to expect; null where unknown. A guess is fine: it decides how, never what.</summary>
    long? RowCountEstimate { get; }

    /// <summary>The parts of the rows, in an order that is the same every time; they are read in parallel.</summary>
    ValueTask<IReadOnlyList<Morsel>> OpenAsync(CancellationToken cancellationToken);
}

/// <summary>
/// A part of a source that one worker reads from beginning to end: a row group, some 100,000 rows. Its number is its
/// position in the list that <see cref="IBatchSource.OpenAsync"/> returned; results come in the order of numbers.
/// </summary>
public abstract class Morsel
{
    /// <summary>
    /// Reads the rows, in an order that is the same every time. Batches hold plain GC memory in the Arrow forms of
    /// <see cref="ArrowTypes.ToArrow"/> and stay valid for as long as somebody refers to them.
    /// </summary>
    public abstract IAsyncEnumerable<RecordBatch> ReadAsync(CancellationToken cancellationToken);
}
