using System;

namespace Polder.Delta.Commit;

/// <summary>How a commit ended. A definite failure of the store is an exception: nothing was committed.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome()
    {
    }

    /// <summary>The version is there and ours.</summary>
    public sealed record Committed(long Version, int Attempts) : CommitOutcome;

    /// <summary>Another writer got in the way; nothing of ours is in the log.</summary>
    public sealed record Conflicted(ConcurrentModificationException Cause) : CommitOutcome;

    /// <summary>Whether the version is ours cannot be found out.</summary>
    public sealed record Unknown(long Version, string TransactionId, Exception Cause) : CommitOutcome;
}
