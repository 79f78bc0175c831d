using System;

namespace Polder.Columns.Rows;

/// <summary>
/// A type whose instances are rows. Implemented by the source generator (<see cref="PolderRowAttribute"/>), without
/// reflection; callers use <see cref="RowBatches"/>, table scans and writers instead of these members.
/// </summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
public interface IPolderRow<TSelf>
    where TSelf : IPolderRow<TSelf>
{
    /// <summary>The columns that the members become.</summary>
    static abstract RowShape Shape { get; }

    /// <summary>What appends rows to their columns.</summary>
    /// <param name="columns">A builder of the shape's type.</param>
    static abstract RowAppender<TSelf> NewAppender(StructBuilder columns);

    /// <summary>Reads rows that are not null.</summary>
    /// <param name="columns">Columns bound to the shape.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">Takes the rows.</param>
    /// <exception cref="RowMismatchException">A value that its member cannot hold, or a null too many.</exception>
    static abstract void Read(RowColumn columns, int start, Span<TSelf> rows);
}
