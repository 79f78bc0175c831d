using System;
using Polder.Columns.Rows;

namespace Polder.Delta;

/// <summary>What happened to a row.</summary>
public enum ChangeKind
{
    /// <summary>It came.</summary>
    Insert,

    /// <summary>It went.</summary>
    Delete,

    /// <summary>What a changed row was before.</summary>
    UpdatePreimage,

    /// <summary>What a changed row is now.</summary>
    UpdatePostimage,
}

/// <summary>A row that was changed.</summary>
/// <typeparam name="T">The row type.</typeparam>
/// <param name="Kind">What happened to it.</param>
/// <param name="Row">The row.</param>
/// <param name="Version">The version that changed it; between two snapshots, the one of them that has it.</param>
/// <param name="Timestamp">When that version was committed.</param>
public readonly record struct Change<T>(ChangeKind Kind, T Row, long Version, DateTimeOffset Timestamp)
    where T : IPolderRow<T>;
