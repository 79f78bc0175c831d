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

    /// <summary>
    /// Appends one value of each row to each field of <paramref name="columns"/>; the caller ends the rows.
    /// </summary>
    /// <param name="rows">At most <see cref="RowShape.ChunkRows"/> rows, none null.</param>
    /// <param name="columns">A builder of the shape's type.</param>
    /// <exception cref="ArgumentException">A value that its column cannot hold, or a null too many.</exception>
    static abstract void Append(ReadOnlySpan<TSelf> rows, StructBuilder columns);

    /// <summary>Reads rows that are not null.</summary>
    /// <param name="columns">Columns bound to the shape.</param>
    /// <param name="start">The first row.</param>
    /// <param name="rows">Takes the rows.</param>
    /// <exception cref="RowMismatchException">A value that its member cannot hold, or a null too many.</exception>
    static abstract void Read(RowColumn columns, int start, Span<TSelf> rows);
}
