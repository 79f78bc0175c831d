using System;

namespace Polder.Delta;

/// <summary>There is no Delta table at the location: no commit and no checkpoint in its <c>_delta_log</c>.</summary>
public sealed class TableNotFoundException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="location">The folder or URL that was opened.</param>
    public TableNotFoundException(string location)
        : base($"{location} is not a Delta table: it has no _delta_log with a commit in it")
    {
        Location = location;
    }

    /// <summary>The folder or URL that was opened.</summary>
    public string Location { get; }
}

/// <summary>A version or time was asked for that the log cannot reconstruct.</summary>
public sealed class VersionNotFoundException : Exception
{
    /// <summary>Makes the exception.</summary>
    public VersionNotFoundException(string message)
        : base(message)
    {
    }
}
