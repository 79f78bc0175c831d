using System;
using Polder.Parquet.Format;

namespace Polder.Parquet.Pages;

/// <summary>A page taken out of its frame: decompressed, checked, its parts found.</summary>
/// <param name="Header">Its header.</param>
/// <param name="Bytes">The body, and perhaps bytes behind it; borrowed until the next page is read.</param>
/// <param name="End">The byte after the body's last one.</param>
/// <param name="LevelsEnd">In a V2 page, where the levels end and the values begin; else 0.</param>
internal readonly record struct PageBody(PageHeader Header, ReadOnlyMemory<byte> Bytes, int End, int LevelsEnd)
{
    /// <summary>The position in the row group of the page's first row; -1 where unknown.</summary>
    public long FirstRow { get; init; } = -1;
}
