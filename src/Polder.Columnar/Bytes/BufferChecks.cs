namespace Polder.Bytes;

/// <summary>How much an allocator spends on finding mistakes in the use of its blocks.</summary>
/// <remarks>
/// Whatever the level, a disposed or consumed handle throws, and disposing a handle twice harms nobody. Each level
/// includes those before it; all reports go to <see cref="BufferDiagnostics"/>.
/// </remarks>
public enum BufferChecks
{
    /// <summary>Nothing beyond that; for release builds.</summary>
    None,

    /// <summary>One block in 128 remembers where it was rented and reports if it is never given back.</summary>
    Sampled,

    /// <summary>
    /// Every block does. Also reported: a handle disposed twice or used when gone, bytes changed after Freeze, bytes
    /// changed after the block went back. <c>Memory</c> borrowed from a handle throws once the handle is gone.
    /// </summary>
    Full,

    /// <summary>
    /// Every block is its own mapping with a page behind it that nobody may touch, and stays untouchable for a while
    /// after it went back: a read or write beyond the end, or through a stale span, ends the process on the spot.
    /// </summary>
    Paranoid,
}
